import { decodeJwt, decodeProtectedHeader } from 'jose'
import { AwsError } from '../errors.ts'
import { invalidToken } from './errors.ts'

/** What STS reads out of a token, before it believes any of it. */
export interface Token {
  readonly text: string
  readonly alg: string
  readonly kid: string | undefined
  readonly iss: string
  readonly sub: string
  /** `azp` where there is one, which takes the place of `aud`. */
  readonly audiences: readonly string[]
  /** `aud` where `azp` took its place. */
  readonly originalAudiences: readonly string[]
  readonly amr: readonly string[]
  readonly email: readonly string[]
}

/** IAM user guide, id_roles_providers_oidc.html: accepted up to 5 minutes after `exp`. */
const LEEWAY_S = 5 * 60

/** STS API reference, AssumeRoleWithWebIdentity, SubjectFromWebIdentityToken; the text is ours. */
const MIN_SUB = 6
const MAX_SUB = 255

/** STS API reference, AssumeRoleWithWebIdentity: "RS256, RS384, RS512, ES256, ES384, or ES512". */
const ALGORITHMS = new Set(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'])

/** Takes a token apart and checks what needs no key. @throws AwsError `InvalidIdentityToken`, … */
export function readToken(text: string, now: Date): Token {
  const { header, claims } = takeApart(text)
  const alg = String(header.alg)
  if (!ALGORITHMS.has(alg)) throw invalidToken(`Unsupported signing algorithm: ${alg}`)
  const iss = textClaim(claims, 'iss')
  const sub = textClaim(claims, 'sub')
  if (sub.length < MIN_SUB || sub.length > MAX_SUB) {
    throw invalidToken(`The sub claim must have ${MIN_SUB} to ${MAX_SUB} characters`)
  }
  const aud = textsClaim(claims, 'aud')
  if (aud.length === 0) throw missing('aud')
  checkTimes(claims, now)
  const azp = textsClaim(claims, 'azp')
  return {
    text,
    alg,
    kid: header.kid,
    iss,
    sub,
    audiences: azp.length > 0 ? azp : aud,
    originalAudiences: azp.length > 0 ? aud : [],
    amr: textsClaim(claims, 'amr'),
    email: textsClaim(claims, 'email'),
  }
}

type Claims = Readonly<Record<string, unknown>>

function takeApart(text: string): { header: { alg?: string; kid?: string }; claims: Claims } {
  try {
    return { header: decodeProtectedHeader(text), claims: decodeJwt(text) }
  } catch {
    const message =
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'
    throw invalidToken(message)
  }
}

const missing = (claim: string): AwsError => invalidToken(`Missing a required claim: ${claim}`)

function textClaim(claims: Claims, name: string): string {
  const value = claims[name]
  if (typeof value !== 'string' || value === '') throw missing(name)
  return value
}

/** A claim that may be one text or a list of them. */
function textsClaim(claims: Claims, name: string): string[] {
  const value = claims[name] ?? []
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
}

function checkTimes(claims: Claims, now: Date): void {
  const seconds = Math.floor(now.getTime() / 1000)
  const [exp, iat, nbf] = ['exp', 'iat', 'nbf'].map((name) => timeClaim(claims, name))
  if (exp === undefined) throw missing('exp')
  if (iat === undefined) throw missing('iat')
  if (seconds >= exp + LEEWAY_S) {
    const text = `Token expired: current date/time ${seconds} must be before the expiration date/time ${exp}`
    throw new AwsError(400, 'ExpiredTokenException', text)
  }
  // Not documented; what a verifier with the same leeway would do.
  if (iat > seconds + LEEWAY_S || (nbf ?? 0) > seconds + LEEWAY_S) {
    throw invalidToken('The token is not valid yet: its iat or nbf lies in the future')
  }
}

function timeClaim(claims: Claims, name: string): number | undefined {
  const value = claims[name]
  if (value === undefined) return undefined
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw invalidToken(`The claim ${name} must be an integer`)
}
