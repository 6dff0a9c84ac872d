import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { jsonIn } from '../json.ts'
import { entriesOf, isObject } from '../jwk.ts'
import type { PublicKey } from '../public-key.ts'
import { fitsKey, publicHalf, STS_ALGS } from '../signing-algs.ts'
import type { TokenAnatomy } from '../token-anatomy.ts'

/** A key that may have signed a token. */
export interface VerifyingKey {
  /** As it stands in the key set; undefined where that has none. */
  readonly kid: string | undefined
  readonly key: KeyObject
}

/** What the keys say of a token's signature. `by` is the kid of the key that verifies it. */
export type SignatureSeen =
  | { readonly kind: 'valid'; readonly by: string | undefined }
  /** A key verifies it, but stands under another kid than the token's. */
  | { readonly kind: 'other-kid'; readonly by: string | undefined }
  /** `bytes` says how long it is and would have to be, where that is not the same. */
  | {
      readonly kind: 'wrong'
      readonly bytes?: { readonly has: number; readonly wants: number } | undefined
    }
  | { readonly kind: 'key-unknown' }

/**
 * The keys of a JWK Set as somebody published it; what is no key to verify with is left out.
 * Undefined where it is no key set.
 */
export const keysOfSet = (body: string): readonly VerifyingKey[] | undefined =>
  entriesOf(jsonIn(body))
    ?.filter(isObject)
    .flatMap((entry) => {
      const key = publicHalf(entry)
      return key === undefined ? [] : [{ kid: kidOf(entry), key }]
    })

export const keysOf = (keys: readonly PublicKey[]): readonly VerifyingKey[] =>
  keys.map(({ kid, pem }) => ({ kid, key: createPublicKey(pem) }))

const kidOf = ({ kid }: { readonly kid?: unknown }): string | undefined =>
  typeof kid === 'string' ? kid : undefined

/** Whether one of the keys has signed the token, and whether STS would find it. */
export function checkSignature(token: TokenAnatomy, keys: readonly VerifyingKey[]): SignatureSeen {
  const { kid } = token.header
  const signers = keys.filter(({ key }) => verifies(token, key))
  const named = kid === undefined ? signers : signers.filter((one) => one.kid === kid)
  if (named[0] !== undefined) return { kind: 'valid', by: named[0].kid }
  if (signers[0] !== undefined) return { kind: 'other-kid', by: signers[0].kid }
  const own = keys.find((one) => one.kid === kid)
  return own === undefined ? { kind: 'key-unknown' } : { kind: 'wrong', ...lengths(token, own.key) }
}

/** RFC 8017 section 8.2.1: as long as the modulus; RFC 7518 section 3.4: twice the curve's field. */
function lengths({ header, signature }: TokenAnatomy, key: KeyObject) {
  const alg = STS_ALGS[String(header['alg'])]
  if (alg === undefined || !fitsKey(alg, key)) return {}
  const modulus = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8)
  const wants = alg.bits === undefined ? modulus : 2 * Math.ceil(alg.bits / 8)
  return signature.length === wants ? {} : { bytes: { has: signature.length, wants } }
}

function verifies({ header, signed, signature }: TokenAnatomy, key: KeyObject): boolean {
  const alg = STS_ALGS[String(header['alg'])]
  // RFC 7518 section 3.4: both halves of an ECDSA signature one after the other, not in DER.
  return (
    alg !== undefined &&
    fitsKey(alg, key) &&
    verify(alg.hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature)
  )
}
