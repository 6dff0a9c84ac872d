import { createPublicKey, type KeyObject } from 'node:crypto'

interface SigningAlgorithm {
  readonly hash: string
  /** OpenSSL's name of the one curve that it belongs to; RSA has none. */
  readonly curve?: string
  /** Size of the curve's field. */
  readonly bits?: number
}

/**
 * What STS takes (STS API reference, AssumeRoleWithWebIdentity: "RS256, RS384, RS512, ES256, ES384,
 * or ES512"), as RFC 7518 sections 3.1 and 3.4 define it: each curve belongs to one algorithm.
 */
export const STS_ALGS: Readonly<Record<string, SigningAlgorithm>> = {
  RS256: { hash: 'sha256' },
  RS384: { hash: 'sha384' },
  RS512: { hash: 'sha512' },
  ES256: { hash: 'sha256', curve: 'prime256v1', bits: 256 },
  ES384: { hash: 'sha384', curve: 'secp384r1', bits: 384 },
  ES512: { hash: 'sha512', curve: 'secp521r1', bits: 521 },
}

/** Whether a key can sign with an algorithm of the table. */
export function fitsKey({ curve }: SigningAlgorithm, key: KeyObject): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  return curve === undefined ? type === 'rsa' : type === 'ec' && details?.namedCurve === curve
}

/**
 * The public key that a JWK (RFC 7517) describes; undefined where it describes none. Only the public
 * members are looked at, so that of a private half that was published nothing is taken in.
 */
export function publicHalf(jwk: Readonly<Record<string, unknown>>): KeyObject | undefined {
  const { kty, n, e, crv, x, y } = jwk
  // Errors take their time, and a megabyte has room for a quarter of a million empty keys.
  const members = kty === 'RSA' ? [n, e] : kty === 'EC' ? [crv, x, y] : [kty, crv, x]
  if (!members.every((member) => typeof member === 'string')) return undefined
  try {
    return createPublicKey({ key: { kty, n, e, crv, x, y } as never, format: 'jwk' })
  } catch {
    return undefined
  }
}
