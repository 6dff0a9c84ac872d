import { type Change, isChange } from '../core/change.ts'
import type { Issuer } from '../core/issuer.ts'
import { declined } from '../core/problems/usage.ts'
import { parseSubject } from '../core/subject.ts'
import type { World } from '../ports/world.ts'
import { issuerRoles } from '../resources/issuer-roles.ts'
import type { Approve } from './converge.ts'
import { issuerAtHand, nameIssuer } from './issuer-at-hand.ts'
import { makeRemovalPlan } from './make-plan.ts'
import { type Leftover, removePlan } from './remove-plan.ts'
import { type RoleWishFlags, wishAtHand } from './role-wish-at-hand.ts'

/** The flags of `delete-role`. */
export interface DeleteRoleFlags extends Pick<RoleWishFlags, 'roleName'> {
  readonly issuer?: string
}

/** What is gone, and what is left. */
export interface DeletedRole {
  readonly applied: boolean
  readonly setup: { readonly issuer: Issuer }
  readonly changes: readonly Change[]
  readonly left: readonly Leftover[]
  /** It stands in irsa.yaml, from where it would come back. */
  readonly inFile: boolean
  /** The name of the role, where there is none. */
  readonly absent: string | undefined
}

/**
 * `irsa delete-role`: takes back what create-role did for these service accounts, which have to be
 * all that have the role, or for whoever has it where only its name is given.
 */
export async function deleteRole(
  world: World,
  accounts: readonly string[],
  flags: DeleteRoleFlags,
  approve: Approve,
): Promise<DeletedRole> {
  const named = await nameIssuer(world, flags.issuer)
  // Nobody is let in by it, so a wildcard needs no permission.
  const allowed = { ...flags, allowWildcard: true as const }
  const { wish, inFile } = await wishAtHand(world, accounts, allowed, named.file)
  const hand = await issuerAtHand(world, named)
  const { aws, region, caller, file } = hand
  const name = file?.config.name
  const subjects = accounts.map((account) => parseSubject(account, true))
  const roles = issuerRoles(aws, { ...hand, name }, [wish], {
    accounts: subjects.length === 0 ? undefined : subjects,
  })
  const looking = world.progress.begin('Looking at what is there')
  const plan = await makeRemovalPlan(roles)
  looking.done()
  const obstacle = plan.find((step) => step.obstacle !== undefined)?.obstacle
  if (obstacle !== undefined) throw obstacle
  const changes = plan.map(({ change }) => change)
  const absent = plan.every(({ seen }) => seen === undefined) ? wish.name : undefined
  const about = { setup: hand, inFile, absent }
  const approved = await approve({ name, region, account: caller.account }, changes)
  if (world.options.dryRun === true) return { applied: false, ...about, changes, left: [] }
  if (changes.some(isChange) && !approved) throw declined()
  return { applied: true, ...about, ...(await removePlan(plan, world)) }
}
