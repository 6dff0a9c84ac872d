import { rewrite } from './document-place.ts'
import type { Finding } from './finding.ts'
import type { KeyContext } from './key-rules.ts'
import type { KeySeen } from './key-seen.ts'
import { quoted } from './escaped.ts'

/** Kids that stand in the set more than once. */
export function duplicates(
  keys: readonly KeySeen[],
  { place, ours }: KeyContext,
): readonly Finding[] {
  const byKid = new Map<string, KeySeen[]>()
  for (const key of keys) {
    if (key.kid === undefined || key.kid === '') continue
    const same = byKid.get(key.kid)
    if (same === undefined) byKid.set(key.kid, [key])
    else same.push(key)
  }
  return [...byKid].flatMap(([kid, same]) => {
    if (same.length === 1) return []
    const differ = new Set(same.map(materialOf)).size > 1
    const remedy = ours.has(kid) || !differ ? rewrite(place) : { fix: place.byHand }
    return [{ ...(differ ? twoKeys(kid) : twice(kid)), ...remedy }]
  })
}

const materialOf = ({ usable, entry }: KeySeen): string => usable?.kid ?? JSON.stringify(entry)

const twoKeys = (kid: string): Omit<Finding, 'fix'> => ({
  id: 'jwks/duplicate-kid',
  severity: 'high',
  summary: `Different keys have the kid ${quoted(kid)}`,
  why: 'STS finds a key by its kid alone. Which one it takes nobody says, so tokens of the other are refused.',
})

const twice = (kid: string): Omit<Finding, 'fix'> => ({
  id: 'jwks/duplicate-key',
  severity: 'low',
  summary: `The key ${quoted(kid)} is published more than once`,
  why: 'It is the same key, so tokens are verified. It counts twice towards the 100 that STS takes.',
})
