import { timingSafeEqual } from 'node:crypto'
import { principalOf, type Principal } from '../access/caller.ts'
import type { Cloud } from '../cloud.ts'
import { AwsError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import type { Credential } from '../model.ts'
import type { Authorization } from './authorization.ts'
import { sha256, signatureOf } from './signature.ts'

/** IAM user guide, reference_sigv-troubleshooting.html: 15 minutes either way. */
const MAX_SKEW_MS = 15 * 60 * 1000

/** Who signed the request. @throws AwsError when nobody did, with the code of its service */
export function authenticate(call: Call, authorization: Authorization, cloud: Cloud): Principal {
  const { service } = authorization
  const credential = cloud.state.credentials.get(authorization.accessKeyId)
  if (!credential) throw unknownKey(service, authorization.accessKeyId)
  const { timestamp, moment } = momentOf(call, authorization)
  checkSkew(moment, call.at, service)
  checkSignedHeaders(call, authorization)
  const key = credential.secretAccessKey
  const expected = signatureOf(call, authorization, {
    key,
    timestamp,
    payloadHash: payloadHash(call, service),
  })
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) {
    throw wrongSignature()
  }
  checkToken(call, credential, service)
  return principalOf(credential, cloud.state)
}

function momentOf(
  call: Call,
  { date, service }: Authorization,
): { timestamp: string; moment: Date } {
  const timestamp = call.headers['x-amz-date'] ?? ''
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(timestamp)
  if (!parts || !timestamp.startsWith(date)) {
    const text = 'AWS authentication requires a valid x-amz-date header of the day in the scope.'
    throw service === 's3'
      ? new AwsError(403, 'AccessDenied', text)
      : new AwsError(400, 'IncompleteSignature', text)
  }
  const [, y, mo, d, h, mi, s] = parts
  return { timestamp, moment: new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) }
}

function checkSkew(moment: Date, now: Date, service: string): void {
  // Written so that a date like month 13, which is NaN, is refused too.
  if (Math.abs(moment.getTime() - now.getTime()) <= MAX_SKEW_MS) return
  if (service === 's3') {
    const text = 'The difference between the request time and the current time is too large.'
    throw new AwsError(403, 'RequestTimeTooSkewed', text)
  }
  const [signed, here] = [moment, now].map(compact)
  const [what, relation] =
    moment < now ? ['Signature expired', 'earlier'] : ['Signature not yet current', 'still later']
  const text = `${what}: ${signed} is now ${relation} than ${here} (15 min.)`
  throw new AwsError(403, 'SignatureDoesNotMatch', text)
}

/** The host and every x-amz- header must be signed, or somebody on the way could change them. */
function checkSignedHeaders(call: Call, { signedHeaders, service }: Authorization): void {
  const needed = Object.keys(call.headers).filter((name) => name.startsWith('x-amz-'))
  if (['host', ...needed].every((name) => signedHeaders.includes(name))) return
  const text = 'There were headers present in the request which were not signed'
  throw new AwsError(403, service === 's3' ? 'AccessDenied' : 'SignatureDoesNotMatch', text)
}

function payloadHash(call: Call, service: string): string {
  const header = call.headers['x-amz-content-sha256']
  // Only S3 lets a header stand for the body; payload.ts has compared the two by now.
  if (service === 's3') return header ?? ''
  return sha256(call.body)
}

function checkToken(call: Call, credential: Credential, service: string): void {
  const token = call.headers['x-amz-security-token']
  const wanted = credential.kind === 'session' ? credential.sessionToken : undefined
  if (token !== wanted) {
    if (service !== 's3') throw unknownKey(service, '')
    const text = 'The provided token is malformed or otherwise invalid.'
    throw new AwsError(400, 'InvalidToken', text)
  }
  if (credential.kind === 'user' || call.at < credential.expires) return
  throw service === 's3'
    ? new AwsError(400, 'ExpiredToken', 'The provided token has expired.')
    : new AwsError(403, 'ExpiredToken', 'The security token included in the request is expired')
}

function unknownKey(service: string, accessKeyId: string): AwsError {
  if (service !== 's3') {
    const text = 'The security token included in the request is invalid.'
    return new AwsError(403, 'InvalidClientTokenId', text)
  }
  const text = 'The AWS Access Key Id you provided does not exist in our records.'
  const elements = { AWSAccessKeyId: accessKeyId }
  return new AwsError(403, 'InvalidAccessKeyId', text, { elements })
}

function wrongSignature(): AwsError {
  const text =
    'The request signature we calculated does not match the signature you provided. ' +
    'Check your key and signing method.'
  return new AwsError(403, 'SignatureDoesNotMatch', text)
}

const compact = (date: Date): string =>
  Number.isNaN(date.getTime()) ? 'an impossible date' : basicFormat(date)

const basicFormat = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, '')
