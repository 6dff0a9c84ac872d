import { ownInline, ownTags, type RoleOwner, standingOf } from './role-standing.ts'
import type { Role } from './role.ts'
import { isOurs } from './setup.ts'
import { othersTrusted } from './trust-others.ts'
import { withoutTrust } from './trust-policy.ts'

/** What taking a role away comes to. */
export type RoleFate =
  | { readonly kind: 'stays' }
  | { readonly kind: 'goes' }
  | {
      readonly kind: 'loses-parts'
      /** The trust policy without our statements; undefined where it has none. */
      readonly trust: { readonly policy: object; readonly nobody: boolean } | undefined
      /** Names of inline policies. */
      readonly inline: readonly string[]
      /** Keys of tags. */
      readonly tags: readonly string[]
      /** Who may have it after that. */
      readonly others: readonly string[]
    }

/**
 * One that irsa made goes whole, if nobody else may have it; one that was adopted or is shared loses
 * what irsa put into it; one of somebody else stays as it is, unless `adopt` says that it is meant.
 */
export function fateOf(role: Role, { adopt }: { adopt: boolean }, owner: RoleOwner): RoleFate {
  const standing = standingOf(role, owner)
  const others = othersTrusted(role.trust, owner)
  if (standing === 'ours' && others.length === 0) return { kind: 'goes' }
  const trust = withoutTrust(role.trust, owner)
  const inline = ownInline(role, owner)
  const tags = ownTags(role, owner)
  // One that another issuer of irsa looks after was shared by asking for it.
  const shared = trust !== undefined && (adopt || isOurs(role.tags))
  const touched = standing !== 'foreign' || shared || tags.length > 0
  return touched ? { kind: 'loses-parts', trust, inline, tags, others } : { kind: 'stays' }
}
