import { AwsError } from '../errors.ts'
import type { Call } from '../http/call.ts'

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

/** The request's signature; `undefined` for an unsigned request. */
export function authorizationOf(call: Call): Authorization | undefined {
  const header = call.headers['authorization']
  if (header === undefined) return undefined
  const match = HEADER.exec(header.trim())
  if (!match) {
    const message = `The authorization header is malformed; ${ALGORITHM} is expected.`
    throw new AwsError(400, 'AuthorizationHeaderMalformed', message)
  }
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
