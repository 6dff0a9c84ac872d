import { entriesOf } from '../jwk.ts'
import type { PublicKey } from '../public-key.ts'
import { type DocumentPlace, prune, replace, rewrite } from './document-place.ts'
import { duplicates } from './duplicate-keys.ts'
import { exposed } from './exposed-key.ts'
import type { Finding } from './finding.ts'
import { judgeKey, withoutThese } from './key-rules.ts'
import { type KeySeen, readKeys } from './key-seen.ts'
import { isMisnamed, judgeKid, type KidContext } from './kid-rules.ts'
import { judgeSigners } from './signer-rules.ts'

/** What a key set is judged by, besides itself. */
export interface KeySetClues {
  readonly place: DocumentPlace
  /** The public keys that sign, where they are known here. */
  readonly signers: readonly PublicKey[] | undefined
  /** The kid of a token that was seen, as the cluster makes them. */
  readonly tokenKid: string | undefined
}

/** Reads the keys of a document; undefined where it is no key set (RFC 7517 section 5). */
export function keysIn(
  document: Readonly<Record<string, unknown>>,
): readonly (KeySeen | undefined)[] | undefined {
  const entries = entriesOf(document)
  return entries && readKeys(entries)
}

/** The algorithms that the keys sign with: what they say, else the usual one of their kind. */
export const algsOfKeys = (entries: readonly (KeySeen | undefined)[]): readonly string[] =>
  entries.flatMap((key) => {
    const { alg, use } = key?.entry ?? {}
    const algs = key?.usable?.algs ?? []
    if (algs.length === 0 || (use ?? 'sig') !== 'sig') return []
    return typeof alg === 'string' ? (algs.includes(alg) ? [alg] : []) : algs.slice(0, 1)
  })

/** Whether a token has to be looked at to judge the names of these keys. */
export const needsToken = (entries: readonly (KeySeen | undefined)[]): boolean =>
  entries.some((key) => key !== undefined && isMisnamed(key))

/** Judges a key set that was read. */
export function judgeKeySet(
  entries: readonly (KeySeen | undefined)[] | undefined,
  clues: KeySetClues,
): readonly Finding[] {
  const { place, signers } = clues
  if (entries === undefined) return [notAKeySet(place)]
  if (entries.length === 0) return [noKeys(place)]
  const keys = entries.filter((key) => key !== undefined)
  const context = contextOf(keys, clues)
  return condensed([
    ...keys.flatMap((key) => exposed(key, context)),
    ...(keys.length < entries.length ? [notAnObject(context)] : []),
    ...keys.flatMap((key) => judgeKey(key, context)),
    ...duplicates(keys, context),
    ...keys.slice(0, MOST_JUDGED).flatMap((key) => judgeKid(key, context)),
    ...judgeSigners(keys, signers ?? [], place),
    ...tooMany(keys, place),
  ])
}

/** How a name came about takes many hashes to tell, and far fewer keys than these are too many. */
const MOST_JUDGED = 300

/** Of findings of one kind that are told apart; of more of them the first stands for all. */
const MOST = 3

function condensed(findings: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, number>()
  for (const { id } of findings) counts.set(id, (counts.get(id) ?? 0) + 1)
  return findings.flatMap((finding, index) => {
    const count = counts.get(finding.id) ?? 0
    if (count <= MOST) return [finding]
    if (findings.findIndex(({ id }) => id === finding.id) !== index) return []
    return [{ ...finding, summary: `${finding.summary}, and ${count - 1} others are like it` }]
  })
}

function contextOf(
  keys: readonly KeySeen[],
  { place, signers, tokenKid }: KeySetClues,
): KidContext {
  const ours = new Set(signers?.map(({ kid }) => kid))
  const othersKeep = keys.some(
    ({ kid, usable, exposed: secret }) =>
      kid && usable !== undefined && secret.length === 0 && !ours.has(usable.kid),
  )
  return { place, keys, ours, isKnown: signers !== undefined, othersKeep, tokenKid }
}

const notAKeySet = (place: DocumentPlace): Finding => ({
  id: 'jwks/not-a-key-set',
  severity: 'high',
  summary: 'What is served as the key set has no list "keys"',
  why: 'RFC 7517 requires that list, and STS finds no key without it.',
  ...replace(place),
})

const noKeys = (place: DocumentPlace): Finding => ({
  id: 'jwks/no-keys',
  severity: 'high',
  summary: 'The key set has no key in it',
  why: 'STS verifies tokens with the published keys, so it refuses every one.',
  ...rewrite(place),
})

const notAnObject = (context: KidContext): Finding => ({
  id: 'jwks/entry-not-object',
  severity: 'high',
  summary: 'The key set lists something that is no key',
  why: 'A reader may stop there and take no key of the set at all.',
  ...withoutThese(context, 'type != "object"'),
})

/** IAM user guide, id_roles_providers_create_oidc.html. */
const MAX_KEYS = 100

const tooMany = (keys: readonly KeySeen[], place: DocumentPlace): readonly Finding[] =>
  ['RSA', 'EC'].flatMap((kty) => {
    const count = keys.filter((key) => key.kty === kty).length
    if (count <= MAX_KEYS) return []
    return [
      {
        id: 'jwks/too-many',
        severity: 'high' as const,
        summary: `The key set has ${count} ${kty} keys`,
        why: `STS takes at most ${MAX_KEYS} RSA and ${MAX_KEYS} EC keys, and refuses every token of a kind that has more.`,
        ...prune(place),
      },
    ]
  })
