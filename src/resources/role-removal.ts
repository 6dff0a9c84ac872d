import { roleInInstanceProfile } from '../core/problems/role.ts'
import { type RoleFate, fateOf } from '../core/role-fate.ts'
import { remarksOnStaying } from '../core/role-remarks.ts'
import { assertNoMore, ownInline, type RoleOwner, standingOf } from '../core/role-standing.ts'
import type { Role } from '../core/role.ts'
import { shownSubject } from '../core/service-account.ts'
import type { Subject } from '../core/subject.ts'
import { trustedSubjects } from '../core/trust-policy.ts'
import type { RoleStore } from '../ports/aws.ts'
import type { Verdict } from './resource.ts'

/** What is to be taken away. */
export interface RoleRemoval {
  readonly adopt: boolean
  /** From these and nobody else; undefined from whoever has it. */
  readonly accounts: readonly Subject[] | undefined
  readonly owner: RoleOwner
}

/**
 * Says what taking a role away means.
 * @throws Problem `role/more-accounts`, `role/in-instance-profile`
 */
export async function roleRemoval(
  store: RoleStore,
  role: Role,
  removal: RoleRemoval,
): Promise<Verdict> {
  const { owner } = removal
  const fate = checkedFate(role, removal)
  if (fate.kind === 'stays') {
    return { action: 'none', kept: true, detail: 'stays, since irsa did not make it' }
  }
  if (fate.kind === 'loses-parts') return partsVerdict(role, fate, owner)
  const profiles = await store.instanceProfiles(role.name)
  if (profiles.length > 0) throw roleInInstanceProfile(role.name, profiles)
  const who = trustedSubjects(role.trust, owner).map(shownSubject).join(', ')
  const own = ownInline(role, owner)
  const notes = Object.keys(role.inline)
    .filter((policy) => !own.includes(policy))
    .map((policy) => `its inline policy ${policy} goes too, which is not of irsa`)
  return { action: 'delete', detail: who === '' ? '' : `${who}: no credentials any more`, notes }
}

function checkedFate(role: Role, { accounts, owner, adopt }: RoleRemoval): RoleFate {
  const fate = fateOf(role, { adopt }, owner)
  if (fate.kind !== 'stays' && accounts !== undefined) assertNoMore(role, accounts, owner)
  return fate
}

function partsVerdict(
  role: Role,
  { trust, others }: Extract<RoleFate, { kind: 'loses-parts' }>,
  owner: RoleOwner,
): Verdict {
  const made = standingOf(role, owner) === 'ours'
  const why = made ? `it also trusts ${others.join(', ')}` : 'irsa did not make it'
  const nobody = 'nobody can assume it then: no statement of its own trust policy is left'
  return {
    action: 'update',
    detail: `loses irsa's parts, and stays, since ${why}`,
    notes: [
      ...(trust?.nobody ? [nobody] : []),
      ...(made ? [] : others.map((who) => `still trusts ${who}`)),
      ...remarksOnStaying(role, owner),
    ],
  }
}

/** Carries out what `roleRemoval` says of a role that was just read. */
export async function removeRole(
  store: RoleStore,
  role: Role,
  removal: RoleRemoval,
): Promise<void> {
  const { name } = role
  const fate = checkedFate(role, removal)
  if (fate.kind === 'stays') return
  if (fate.kind === 'loses-parts') {
    if (fate.trust !== undefined) await store.setTrust(name, fate.trust.policy)
    for (const policy of fate.inline) await store.removeInline(name, policy)
    // Last, since by them a second run knows that there is something to do.
    if (fate.tags.length > 0) await store.removeTags(name, fate.tags)
    return
  }
  for (const arn of role.attached) await store.detach(name, arn)
  for (const policy of Object.keys(role.inline)) await store.removeInline(name, policy)
  await store.remove(name)
}
