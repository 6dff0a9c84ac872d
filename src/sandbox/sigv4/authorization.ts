import { AwsError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { isStorage, type ServiceId } from '../service.ts'

/** An `Authorization: AWS4-HMAC-SHA256 …` header, taken apart. */
export interface Authorization {
  readonly accessKeyId: string
  /** `YYYYMMDD` */
  readonly date: string
  readonly region: string
  readonly service: string
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

export const ALGORITHM = 'AWS4-HMAC-SHA256'

const HEADER =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{64})$/

/**
 * The request's signature; `undefined` for an unsigned request.
 * @throws AwsError when it cannot be read or is for another service, with the code of this one
 */
export function authorizationOf(call: Call, service: ServiceId): Authorization | undefined {
  const header = call.headers['authorization']
  if (header === undefined) return undefined
  const authorization = parse(header)
  if (!authorization) throw malformed(service)
  const wanted = isStorage(service) ? 's3' : service
  if (authorization.service !== wanted) throw wrongService(service, authorization.service, wanted)
  return authorization
}

function parse(header: string): Authorization | undefined {
  const match = HEADER.exec(header.trim())
  if (!match) return undefined
  const [, accessKeyId = '', date = '', region = '', service = '', headers = '', signature = ''] =
    match
  return { accessKeyId, date, region, service, signedHeaders: headers.split(';'), signature }
}

/**
 * The region and service that a request claims to be signed for, before anything is checked; it
 * decides who is to do the checking. `undefined` for an unsigned request.
 */
export function scopeOf({
  headers,
}: Pick<Call, 'headers'>): Pick<Authorization, 'region' | 'service'> | undefined {
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\//.exec(headers['authorization'] ?? '') ?? []
  return service === '' ? undefined : { region, service }
}

/** S3 API reference, ErrorResponses.html; IAM API reference, CommonErrors.html. */
function malformed(service: ServiceId): AwsError {
  const text = `The authorization header is malformed; ${ALGORITHM} is expected.`
  return new AwsError(
    400,
    isStorage(service) ? 'AuthorizationHeaderMalformed' : 'IncompleteSignature',
    text,
  )
}

function wrongService(service: ServiceId, signed: string, wanted: string): AwsError {
  if (!isStorage(service)) {
    const text = `Credential should be scoped to correct service: '${wanted}'.`
    return new AwsError(403, 'SignatureDoesNotMatch', text)
  }
  const text =
    `The authorization header is malformed; incorrect service "${signed}". ` +
    `This endpoint belongs to "${wanted}".`
  return new AwsError(400, 'AuthorizationHeaderMalformed', text)
}
