import {
  accessDenied,
  clockSkew,
  credentialsUnobtainable,
  expiredCredentials,
  noCredentials,
  noRegion,
  rejectedCredentials,
  throttled,
  unexpectedAnswer,
  unknownProfile,
} from '../../core/problems/credentials.ts'
import { Problem } from '../../core/problems/problem.ts'
import { endpointUnsupported } from '../../core/problems/usage.ts'
import { Conflict } from '../../ports/conflict.ts'
import { authority } from '../address.ts'
import { networkProblem } from '../network-errors.ts'
import { permissionFor } from './permissions.ts'

/** What the SDK's errors carry, as far as we look at it. */
interface SdkError extends Error {
  readonly Code?: string
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $fault?: string
}

/** What was tried, for the words of a problem. */
export interface Attempt {
  /** SDK command without `Command`, such as `PutBucketPolicy`. */
  readonly operation: string
  /** ARN or name it was tried on. */
  readonly resource: string
  /** The AWS profile in use, where one is named. */
  readonly profile?: string | undefined
}

/**
 * The code that AWS sent. Modelled errors are named `…Exception` with the wire code in `Code`;
 * a refused HEAD has no body and is named `Unknown`, so only its status tells.
 */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return ''
  const { Code, name } = error as SdkError
  return Code ?? name.replace(/Exception$/, '')
}

export const statusOf = (error: unknown): number | undefined =>
  error instanceof Error ? (error as SdkError).$metadata?.httpStatusCode : undefined

/** Codes by which AWS says: somebody else is at it. None of them is retried by the SDK. */
const CONTENDED = new Set([
  'OperationAborted',
  'ConditionalRequestConflict',
  'ConcurrentModification',
  'PreconditionFailed',
])

const REJECTED = new Set([
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'SignatureDoesNotMatch',
  'UnrecognizedClient',
  'AuthFailure',
])

const EXPIRED = new Set(['ExpiredToken', 'TokenRefreshRequired', 'RequestExpired'])
const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnauthorizedOperation',
  'Forbidden',
])
const THROTTLED = new Set(['Throttling', 'ThrottlingException', 'SlowDown', 'TooManyRequests'])

/**
 * Turns whatever a call to AWS threw into a Conflict, or a Problem of ours.
 * The original stays as `cause`; a Problem or Conflict passes through.
 */
export function translate(error: unknown, attempt: Attempt): Error {
  if (error instanceof Problem || error instanceof Conflict) return error
  const code = codeOf(error)
  // Thrown by the SDK's endpoint rules before anything is sent.
  if (error instanceof Error && error.name === 'EndpointError') return endpointUnsupported(error)
  if (CONTENDED.has(code)) return new Conflict(`${attempt.operation}: ${code}`, error)
  return (
    credentialsProblem(error, code, attempt) ??
    networkProblem(error, { url: peerOf(error) ?? `AWS (${attempt.operation})` }) ??
    answerProblem(error, code, attempt)
  )
}

/**
 * Whom a client inside of the credential chain was talking to, as far as Node says so: dns, net and
 * tls each have their own word for it. Our clients name their hosts themselves (middleware.ts).
 */
function peerOf(error: unknown): string | undefined {
  const { hostname, host, address, port } = Object(error) as Record<string, unknown>
  const found = hostname ?? host ?? address
  if (typeof found !== 'string') return undefined
  return port === undefined || port === 443 ? found : authority(found, Number(port))
}

function credentialsProblem(error: unknown, code: string, attempt: Attempt): Problem | undefined {
  const message = error instanceof Error ? error.message : ''
  if (message === 'Region is missing') return noRegion()
  if (code === 'CredentialsProviderError' || code === 'TokenProviderError') {
    const profile = /profile(?: with name)?:? \[?"?([^\]"\s]+)"?\]?/.exec(message)?.[1]
    if (/expired/i.test(message)) return expiredCredentials(error)
    if (message.includes('SSO session')) return credentialsUnobtainable(message, error)
    if (profile !== undefined) return unknownProfile(profile, error)
    // What the SDK's whole chain says in the end, whatever it was that its profile lacked.
    if (!message.includes('from any providers')) return credentialsUnobtainable(message, error)
    return attempt.profile === undefined
      ? noCredentials(error)
      : unknownProfile(attempt.profile, error)
  }
  if (EXPIRED.has(code)) return expiredCredentials(error)
  if (REJECTED.has(code)) return rejectedCredentials(code, error)
  if (code === 'RequestTimeTooSkewed') return clockSkew(error)
  return undefined
}

function answerProblem(error: unknown, code: string, attempt: Attempt): Error {
  if (DENIED.has(code) || statusOf(error) === 403) {
    return accessDenied(permissionFor(attempt.operation), attempt.resource, error)
  }
  if (THROTTLED.has(code)) return throttled(attempt.operation, error)
  const status = statusOf(error)
  if (status !== undefined) return unexpectedAnswer(attempt.operation, status, error)
  // Nothing came from AWS: the error is a bug of ours, and keeps its stack.
  return error instanceof Error ? error : new Error(String(error))
}
