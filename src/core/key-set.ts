import { assertPublic, isObject, type KeySetEntry, readEntry } from './jwk.ts'
import { keySetUnparsable, privateKeyText, tooManyKeys } from './problems/documents.ts'
import type { PublicKey } from './public-key.ts'

export type { KeySetEntry } from './jwk.ts'

/** A JWK Set (RFC 7517 section 5) that holds public keys only, each with `kid` and `kty`. */
export type KeySet = {
  readonly keys: readonly KeySetEntry[]
  readonly [member: string]: unknown
}

/** IAM user guide, id_roles_providers_create_oidc.html: at most 100 RSA and 100 EC keys. */
const MAX_KEYS = 100
const LIMITED_TYPES = ['RSA', 'EC']

const MEMBER_ORDER = ['use', 'kty', 'kid', 'alg', 'n', 'e', 'crv', 'x', 'y']

/**
 * Reads a key set as somebody published it. Keys of others are kept whole, members that we do not
 * know included.
 *
 * @throws Problem `documents/key-set-unparsable`, `documents/key-incomplete`, `documents/private-member`
 */
export function parseKeySet(text: string, where: string): KeySet {
  const value = parseJson(text, where)
  if (!isObject(value)) throw keySetUnparsable(where, 'it is not a JSON object')
  const { keys } = value
  if (!Array.isArray(keys)) throw keySetUnparsable(where, 'it has no list "keys"')
  return { ...value, keys: keys.map((entry, index) => readEntry(entry, where, index + 1)) }
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw keySetUnparsable(where, 'it is not JSON', error)
  }
}

/**
 * Adds our keys to what is published, if anything is. No key is dropped. To make room in a full key
 * set, prune first.
 *
 * @throws Problem `documents/too-many-keys`
 */
export function mergeKeySets(
  published: KeySet | undefined,
  ours: readonly PublicKey[],
): { readonly keySet: KeySet } {
  const before = published?.keys ?? []
  const mine = new Map<string, KeySetEntry>(ours.map(({ kid, jwk }) => [kid, jwk]))
  const others = before.filter(({ kid }) => !mine.has(kid))
  const keySet = { ...published, keys: inOrder([...others, ...mine.values()]) }
  assertFits(keySet)
  return { keySet }
}

function assertFits({ keys }: KeySet): void {
  for (const kty of LIMITED_TYPES) {
    const count = keys.filter((entry) => entry.kty === kty).length
    if (count > MAX_KEYS) throw tooManyKeys(kty, count)
  }
}

/** Leaves only the keys that are named, and says which ones went. */
export function pruneKeySet(
  published: KeySet,
  keep: readonly string[],
): { readonly keySet: KeySet; readonly removed: string[] } {
  const kept = published.keys.filter(({ kid }) => keep.includes(kid))
  const gone = published.keys.filter(({ kid }) => !keep.includes(kid)).map(({ kid }) => kid)
  return {
    keySet: { ...published, keys: inOrder(kept) },
    removed: [...new Set(gone)].toSorted(),
  }
}

/**
 * The key set as it is published: keys by kid, members in our order, two spaces, final newline. The
 * same keys always give the same bytes.
 */
export function serialiseKeySet({ keys, ...others }: KeySet): string {
  return `${JSON.stringify({ keys: inOrder(keys), ...others }, undefined, 2)}\n`
}

/** Sorted by code units, which is what every other tool can repeat; exact repetitions once. */
function inOrder(keys: readonly KeySetEntry[]): KeySetEntry[] {
  const byText = new Map(keys.map((entry) => [`${entry.kid}\n${entryText(entry)}`, entry]))
  return [...byText.keys()].toSorted().map((text) => membersInOrder(byText.get(text)!))
}

const entryText = (entry: KeySetEntry): string => JSON.stringify(membersInOrder(entry))

function membersInOrder(entry: KeySetEntry): KeySetEntry {
  const known = MEMBER_ORDER.filter((member) => Object.hasOwn(entry, member))
  const others = Object.keys(entry).filter((member) => !MEMBER_ORDER.includes(member))
  return Object.fromEntries(
    [...known, ...others].map((member) => [member, entry[member]]),
  ) as KeySetEntry
}

/** RFC 7518 section 3.1, for the keys whose `alg` nobody wrote down. */
const ALG_OF_CURVE: Readonly<Record<string, string>> = {
  'P-256': 'ES256',
  'P-384': 'ES384',
  'P-521': 'ES512',
}

/** The signing algorithms of a key set's keys, for the discovery document; sorted, each once. */
export function algsOf({ keys }: KeySet): string[] {
  const algs = keys.map(({ alg, kty, crv }) => {
    if (typeof alg === 'string') return alg
    return kty === 'RSA' ? 'RS256' : ALG_OF_CURVE[String(crv)]
  })
  return [...new Set(algs.filter((alg) => alg !== undefined))].toSorted()
}

/**
 * The last look at a document before it leaves this machine: no key in it, at any depth, may carry a
 * private member, and no text in it may be a private key.
 *
 * @throws Problem `documents/private-member`
 */
export function assertNoPrivateMembers(text: string, where: string): void {
  if (/-----BEGIN [^-]*PRIVATE KEY-----/.test(text)) throw privateKeyText(where)
  const look = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(look)
    if (!isObject(value)) return
    if (Object.hasOwn(value, 'kty')) assertPublic(value, where)
    Object.values(value).forEach(look)
  }
  look(JSON.parse(text))
}
