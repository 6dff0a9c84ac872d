import { jsonIn } from './json.ts'
import { isObject } from './jwk.ts'

/** What a token says about itself; nothing of it is proved. */
export interface TokenClaims {
  readonly issuer: string
  readonly subject: string
  /** None where there is no such claim. */
  readonly audiences: readonly string[]
  /** Seconds since 1970. */
  readonly expires: number
  /** Of the key that signed it, by the header (RFC 7515 section 4.1.4). */
  readonly kid: string | undefined
}

/** Reads the claims of a JSON Web Token (RFC 7519 section 4.1); undefined when it is none. */
export function readClaims(token: string): TokenClaims | undefined {
  const [header, payload, signature, ...more] = token.split('.')
  if (!header || !payload || !signature || more.length > 0) return undefined
  const claims = parsePart(payload)
  if (!isObject(claims)) return undefined
  const { iss, sub, aud, exp } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || typeof exp !== 'number')
    return undefined
  const { kid } = Object(parsePart(header)) as { kid?: unknown }
  return {
    issuer: iss,
    subject: sub,
    audiences: [aud].flat().filter((one) => typeof one === 'string'),
    expires: exp,
    kid: typeof kid === 'string' ? kid : undefined,
  }
}

const parsePart = (part: string): unknown => jsonIn(Buffer.from(part, 'base64url').toString('utf8'))
