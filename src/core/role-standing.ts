import { createHash } from 'node:crypto'
import { INLINE_PREFIX, INLINE_RECORD } from './inline-policy.ts'
import { type Issuer, withoutScheme } from './issuer.ts'
import { roleForeign, roleForMore, roleOfOthers, rolePathDiffers } from './problems/role.ts'
import type { Role } from './role.ts'
import type { RoleWish } from './role-wish.ts'
import { shownServiceAccount, shownSubject, subjectOf } from './service-account.ts'
import { isOurs, NAME_TAG, ownershipTags } from './setup.ts'
import type { Subject } from './subject.ts'
import { providersTrusted } from './trust-others.ts'
import { trustedSubjects } from './trust-policy.ts'

/** Whose role it is to be. */
export interface RoleOwner {
  /** The issuer's name. */
  readonly name?: string | undefined
  readonly issuer: Issuer
  readonly providerArn: string
}

/** Set on a role that somebody else made: it stays when its issuer goes. */
export const ADOPTED_TAG = { 'irsa:adopted': 'true' } as const

/** For which issuer irsa looks after a role: host and path. */
const ISSUER_TAG = 'irsa:issuer'

/** IAM user guide, id_tags.html: the characters of a tag. */
const TAG_VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u

/** The issuer as a tag's value; by its hash where it has characters that a tag cannot hold. */
function issuerTag(issuer: Issuer): string {
  const text = withoutScheme(issuer)
  return TAG_VALUE.test(text) ? text : `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** Tags of every role that irsa makes. */
export const roleTags = (owner: RoleOwner): Readonly<Record<string, string>> => ({
  ...ownershipTags(owner.name),
  [ISSUER_TAG]: issuerTag(owner.issuer),
})

/** Made by irsa for this issuer, taken over by it, or neither. */
export function standingOf(role: Role, owner: RoleOwner): 'ours' | 'adopted' | 'foreign' {
  if (!isOurs(role.tags) || !isForIssuer(role, owner)) return 'foreign'
  return 'irsa:adopted' in role.tags ? 'adopted' : 'ours'
}

/**
 * The issuer decides, and a name that is missing proves nothing: two clusters whose roles are made by
 * flags have none. A role of before the issuer's tag is ours by its name, unless it trusts another
 * provider alone; and without a name on either side if ours is the one provider that it trusts.
 */
function isForIssuer({ tags, trust }: Role, { name, issuer, providerArn }: RoleOwner): boolean {
  const tagged = tags[ISSUER_TAG]
  if (tagged !== undefined) return tagged === issuerTag(issuer)
  const providers = providersTrusted(trust)
  const trustsUs = providers.includes(providerArn)
  const theirs = tags[NAME_TAG]
  if (theirs === undefined || name === undefined) {
    return trustsUs && providers.every((provider) => provider === providerArn)
  }
  return theirs === name && (trustsUs || providers.length === 0)
}

/** The tag that says who wrote an inline policy, where the role itself is not ours. */
export const inlineRecord = (name: string, { issuer }: RoleOwner): readonly [string, string] => [
  `${INLINE_RECORD}${name}`,
  issuerTag(issuer),
]

/** A role that irsa made has our inline policies only, by their prefix; on others each is recorded. */
function isOurInline(role: Role, owner: RoleOwner, name: string): boolean {
  const [key, value] = inlineRecord(name, owner)
  const recorded = role.tags[key]
  if (recorded !== undefined) return recorded === value
  return standingOf(role, owner) === 'ours' && name.startsWith(INLINE_PREFIX)
}

/** The names of our inline policies, also of those that are gone but still recorded. */
export function ownInline(role: Role, owner: RoleOwner): readonly string[] {
  const recorded = Object.keys(role.tags)
    .filter((key) => key.startsWith(INLINE_RECORD))
    .map((key) => key.slice(INLINE_RECORD.length))
  const names = new Set([...Object.keys(role.inline), ...recorded])
  return [...names].filter((name) => isOurInline(role, owner, name))
}

/** The keys of our tags on a role. */
export function ownTags(role: Role, owner: RoleOwner): readonly string[] {
  const records = ownInline(role, owner).map((name) => inlineRecord(name, owner)[0])
  const standing =
    standingOf(role, owner) === 'foreign'
      ? []
      : [...Object.keys(roleTags(owner)), NAME_TAG, ...Object.keys(ADOPTED_TAG)]
  return [...new Set([...records, ...standing])].filter((key) => key in role.tags)
}

/** @throws Problem `role/foreign`, `role/other-accounts`, `role/path-differs` */
export function assertOurs(role: Role, wish: RoleWish, owner: RoleOwner): void {
  if (standingOf(role, owner) === 'foreign' && !wish.adopt) {
    throw roleForeign(role.name, isOurs(role.tags) ? role.tags[ISSUER_TAG] : undefined)
  }
  assertNotOfOthers(role, wish, owner)
  if (wish.path !== undefined && wish.path !== role.path) {
    throw rolePathDiffers(role.name, role.path, wish.path)
  }
}

/**
 * `a-b/c` and `a/b-c` come to the same name: a name that nobody chose is not enough to know a role by.
 * @throws Problem `role/other-accounts`
 */
function assertNotOfOthers(role: Role, { named, subjects }: RoleWish, owner: RoleOwner): void {
  const trusted = trustedSubjects(role.trust, owner)
  const wished = subjects.map(subjectOf)
  if (named || trusted.length === 0 || wished.some((sub) => trusted.includes(sub))) return
  throw roleOfOthers(role.name, trusted.map(shownSubject))
}

/**
 * Whoever takes a role away from some service accounts takes it from no others.
 * @throws Problem `role/more-accounts`
 */
export function assertNoMore(role: Role, accounts: readonly Subject[], owner: RoleOwner): void {
  const given = new Set(accounts.map(subjectOf))
  const others = trustedSubjects(role.trust, owner).filter((sub) => !given.has(sub))
  if (others.length === 0) return
  throw roleForMore(role.name, others.map(shownSubject), accounts.map(shownServiceAccount))
}
