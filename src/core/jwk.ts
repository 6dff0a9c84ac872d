import { keySetEntryIncomplete, keySetUnparsable, privateMember } from './problems/documents.ts'

/** One key of a key set, ours or not; members that we do not know are kept as they are. */
export type KeySetEntry = {
  readonly kid: string
  readonly kty: string
  readonly [member: string]: unknown
}

/** RFC 7518 sections 6.2.2, 6.3.2 and 6.4.1: the members that make a key private or symmetric. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The members that a key carries of its private half. */
export const privateMembersOf = (entry: Readonly<Record<string, unknown>>): readonly string[] =>
  PRIVATE_MEMBERS.filter((member) => Object.hasOwn(entry, member))

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The entries of a JWK Set (RFC 7517 section 5), whatever they are; undefined where it is none. */
export function entriesOf(document: unknown): readonly unknown[] | undefined {
  const keys = isObject(document) ? document['keys'] : undefined
  return Array.isArray(keys) ? keys : undefined
}

/** @throws Problem `documents/private-member` when the key has a member that is nobody's business. */
export function assertPublic(entry: Readonly<Record<string, unknown>>, where: string): void {
  const members = privateMembersOf(entry)
  if (members.length > 0)
    throw privateMember(where, String(entry['kid'] ?? 'without a kid'), members)
}

/**
 * Reads one entry of a key set; `number` counts from 1.
 *
 * STS was seen to fail on keys without `kid`, and RFC 7517 section 4.1 demands `kty`.
 *
 * @throws Problem `documents/private-member`, `documents/key-incomplete`, `documents/key-set-unparsable`
 */
export function readEntry(value: unknown, where: string, number: number): KeySetEntry {
  if (!isObject(value)) throw keySetUnparsable(where, `its key number ${number} is not an object`)
  assertPublic(value, where)
  const { kid, kty } = value
  if (typeof kid !== 'string' || kid === '') throw keySetEntryIncomplete(where, number, 'kid')
  if (typeof kty !== 'string' || kty === '') throw keySetEntryIncomplete(where, number, 'kty')
  return { ...value, kid, kty }
}
