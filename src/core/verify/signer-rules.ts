import type { PublicKey } from '../public-key.ts'
import { type DocumentPlace, rewrite } from './document-place.ts'
import type { Finding } from './finding.ts'
import type { KeySeen } from './key-seen.ts'

/** Whether every key that signs is published, as what it is. */
export const judgeSigners = (
  keys: readonly KeySeen[],
  signers: readonly PublicKey[],
  place: DocumentPlace,
): readonly Finding[] => signers.flatMap((signer) => judgeSigner(keys, signer, place))

function judgeSigner(
  keys: readonly KeySeen[],
  { kid }: PublicKey,
  place: DocumentPlace,
): readonly Finding[] {
  const named = keys.filter((key) => key.kid === kid)
  if (named.some(({ usable }) => usable?.kid === kid)) return []
  if (named.length > 0) return [{ ...differing(kid), ...rewrite(place) }]
  // Under another name, which is judged as such, or with none.
  if (keys.some(({ usable }) => usable?.kid === kid)) return []
  return [{ ...missing(kid), ...rewrite(place) }]
}

const differing = (kid: string): Omit<Finding, 'fix'> => ({
  id: 'jwks/signer-differs',
  severity: 'high',
  summary: `What is published as ${kid} is not the key of that name`,
  why: 'STS verifies the tokens of the signer with another key, so it refuses them all.',
})

const missing = (kid: string): Omit<Finding, 'fix'> => ({
  id: 'jwks/signer-missing',
  severity: 'high',
  summary: `The key of the signer, ${kid}, is not published`,
  why: 'STS finds no key for its tokens: "Couldn\'t retrieve verification key from your identity provider".',
})
