import { checkInlineSize } from './inline-policy.ts'
import { MAX_ATTACHED } from './managed-policy.ts'
import { type PolicyDocument, policySize, samePolicy } from './policy-document.ts'
import { policyNameTaken, tooManyPolicies } from './problems/policy.ts'
import {
  ADOPTED_TAG,
  inlineRecord,
  ownInline,
  type RoleOwner,
  roleTags,
  standingOf,
} from './role-standing.ts'
import type { Role } from './role.ts'
import { type RoleWish, trustLength } from './role-wish.ts'
import { isOurs } from './setup.ts'
import { trustStatements, withTrust } from './trust-policy.ts'

/** What a role lacks, or has too much of what is ours. */
export interface RoleMissing {
  /** The whole trust policy as it should be. */
  readonly trust: object | undefined
  readonly boundary: string | undefined
  readonly attach: readonly string[]
  /** In the order in which there is always room for the next. */
  readonly put: Readonly<Record<string, PolicyDocument>>
  readonly drop: readonly string[]
  readonly tags: Readonly<Record<string, string>>
  /** Keys of the tags that tell of what is dropped. */
  readonly untag: readonly string[]
}

/** @throws Problem `role/trust-too-long`, `policy/…` where no role could be so */
export function missingOf(role: Role, wish: RoleWish, owner: RoleOwner): RoleMissing {
  const { policies } = wish
  const trust = withTrust(role.trust, owner, trustStatements({ ...owner, ...wish }))
  if (trust !== undefined) trustLength(role.name, trust)
  const attach = wish.policyArns.filter((arn) => !role.attached.includes(arn))
  const count = role.attached.length + attach.length
  if (attach.length > 0 && count > MAX_ATTACHED) throw tooManyPolicies(role.name, count)
  const put = missingInline(role, wish, owner)
  const drop =
    policies === undefined ? [] : ownInline(role, owner).filter((name) => !(name in policies))
  const missing = {
    trust,
    boundary: wish.boundary === role.boundary ? undefined : wish.boundary,
    attach: [...new Set(attach)],
    put,
    drop,
    tags: missingTags(role, Object.keys(put), owner),
    untag: drop.map((name) => inlineRecord(name, owner)[0]).filter((key) => key in role.tags),
  }
  checkInlineSize(role.name, inlineAfter(role, missing))
  return missing
}

/**
 * The inline policies to write. Those that shrink make room for those that grow, and IAM counts them
 * together after each.
 *
 * @throws Problem `policy/name-taken` where that of somebody else would be lost
 */
function missingInline(
  role: Role,
  { policies = {} }: RoleWish,
  owner: RoleOwner,
): Readonly<Record<string, PolicyDocument>> {
  const own = ownInline(role, owner)
  const put = Object.entries(policies).filter(([name, one]) => !samePolicy(role.inline[name], one))
  const taken = put.find(([name]) => name in role.inline && !own.includes(name))
  if (taken !== undefined) throw policyNameTaken(role.name, taken[0])
  const sizeOf = (policy: unknown): number => (policy === undefined ? 0 : policySize(policy))
  const growth = ([name, one]: [string, PolicyDocument]): number =>
    sizeOf(one) - sizeOf(role.inline[name])
  return Object.fromEntries(put.toSorted((one, other) => growth(one) - growth(other)))
}

/** The tags of a role that another issuer of irsa looks after stay as they are. */
function missingTags(
  role: Role,
  put: readonly string[],
  owner: RoleOwner,
): Readonly<Record<string, string>> {
  const standing = standingOf(role, owner)
  const wished: Readonly<Record<string, string>> = {
    ...(standing === 'foreign' && isOurs(role.tags) ? {} : roleTags(owner)),
    ...(standing === 'foreign' && !isOurs(role.tags) ? ADOPTED_TAG : {}),
    ...(standing === 'ours'
      ? {}
      : Object.fromEntries(put.map((name) => inlineRecord(name, owner)))),
  }
  return Object.fromEntries(
    Object.entries(wished).filter(([key, value]) => role.tags[key] !== value),
  )
}

function inlineAfter(role: Role, { put, drop }: Pick<RoleMissing, 'put' | 'drop'>) {
  const kept = Object.entries(role.inline).filter(([name]) => !drop.includes(name))
  return { ...Object.fromEntries(kept), ...put }
}

/** What would be done, in a line; empty when there is nothing to do. */
export function describeMissing({ trust, boundary, attach, put, drop, tags }: RoleMissing): string {
  const named = (verb: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${verb} ${names.join(', ')}`]
  return [
    ...(trust === undefined ? [] : ['sets whom it trusts']),
    ...named('attaches', attach),
    ...named('writes the inline policy', Object.keys(put)),
    ...named('removes the inline policy', drop),
    ...(boundary === undefined ? [] : [`sets the permissions boundary ${boundary}`]),
    ...('irsa:adopted' in tags ? ['adopts it'] : []),
    ...(Object.keys(tags).length > 0 ? ['adds the tags of irsa'] : []),
  ].join('; ')
}
