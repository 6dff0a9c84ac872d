import { readClaims } from '../../core/token-claims.ts'
import { judgeKeySet, keysIn, needsToken } from '../../core/verify/key-set.ts'
import type { KeySeen } from '../../core/verify/key-seen.ts'
import { skipped } from '../../core/verify/link.ts'
import { quoted } from '../../core/verify/escaped.ts'
import { lookAtDocument, type Read, type Reading } from './document-link.ts'
import type { LookAt, Walk } from './walk.ts'

/** The key set: whether STS finds the key of every token in it, and nothing that is secret. */
export const lookAtJwks: LookAt = async (walk) => {
  const keySet = await walk.sights.keySet()
  if (keySet.kind === 'unseen') return skipped('jwks', keySet)
  return lookAtDocument(walk, 'jwks', keySet.value, (reading) => read(walk, reading))
}

async function read(walk: Walk, { place, document }: Reading): Promise<Read> {
  const entries = keysIn(document)
  const keys = (entries ?? []).filter((key) => key !== undefined)
  const [signers, tokenKid] = await Promise.all([
    walk.sights.signers(),
    needsToken(keys) ? kidOfToken(walk) : undefined,
  ])
  return {
    proved: provedOf(keys),
    findings: judgeKeySet(entries, {
      place,
      signers: signers.kind === 'seen' ? signers.value : undefined,
      tokenKid,
    }),
    evidence: [{ label: 'Published keys', text: keys.map(described).join('\n') }],
  }
}

/** A token of the cluster's own says how its signer names the key. */
async function kidOfToken({ sights }: Walk): Promise<string | undefined> {
  const token = await sights.token()
  if (token.kind === 'unseen' || token.value.origin === 'signed') return undefined
  return readClaims(token.value.text)?.kid
}

const provedOf = (keys: readonly KeySeen[]): string => {
  const kids = keys.slice(0, 3).map(({ kid = '' }) => quoted(kid).slice(1, -1))
  return `${keys.length === 1 ? '1 key' : `${keys.length} keys`}: ${kids.join(', ')}${keys.length > 3 ? ', …' : ''}`
}

/** Without the numbers of the key, and without whatever else somebody put there. */
const described = ({ number, kid, kty, usable, entry }: KeySeen): string =>
  [
    kid === undefined ? `key number ${number}, no kid` : `kid ${quoted(kid)}`,
    quoted(kty).slice(1, -1),
    ...(usable === undefined || usable.bits === 0 ? [] : [`${usable.bits} bits`]),
    ...['alg', 'use'].flatMap((member) =>
      typeof entry[member] === 'string' ? [`${member} ${quoted(entry[member])}`] : [],
    ),
  ].join(', ')
