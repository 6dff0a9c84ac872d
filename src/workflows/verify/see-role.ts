import { parseRoleArn, type RoleArn } from '../../core/role-arn.ts'
import { entryName } from '../../core/role-entry.ts'
import { type Seen, seen } from '../../core/verify/link.ts'
import type { RoleSeen } from '../../core/verify/sights.ts'
import type { RoleLook } from '../../ports/aws.ts'
import { entryAtHand } from './see-role-name.ts'
import type { Given, Walk } from './walk.ts'

/**
 * The role, and what IAM has by its name. Where a flag or irsa.yaml says already which it may be, IAM
 * is asked while the cluster still thinks.
 *
 * @throws Problem `role/arn-invalid`
 */
export async function seeRole(walk: Walk): Promise<Seen<RoleSeen>> {
  const likely = likelyName(walk.given)
  if (likely !== undefined) void walk.sights.roleByName(likely)
  const named = await walk.sights.roleName()
  if (named.kind === 'unseen') return named
  const role = parseRoleArn(named.value.text)
  return seen({ role, found: await foundAs(walk, role) })
}

function likelyName(given: Given): string | undefined {
  if (given.role !== undefined) return given.role.name
  const found = entryAtHand(given)
  return found && entryName(found.entry, found.file.config.name)
}

/** What IAM has by the name of a role, whoever named it. @throws Problem `aws/…` */
export async function seeRoleByName(
  { sights }: Walk,
  name: string,
): Promise<Seen<RoleLook | undefined>> {
  const opened = await sights.aws()
  return opened.kind === 'unseen' ? opened : seen(await opened.value.aws.roles().look(name))
}

async function foundAs({ sights }: Walk, role: RoleArn): Promise<RoleSeen['found']> {
  const [account, there] = await Promise.all([sights.account(), sights.roleByName(role.name)])
  if (account.kind === 'unseen') return { ...account, kind: 'unknown' }
  const { caller } = account.value
  if (caller.account !== role.account || caller.partition !== role.partition) {
    return {
      kind: 'unknown',
      why: `the role is in account ${role.account}, and these credentials are of ${caller.account}`,
      takes: `Use credentials of account ${role.account} with --profile.`,
    }
  }
  if (there.kind === 'unseen') return { ...there, kind: 'unknown' }
  return there.value === undefined ? { kind: 'none' } : { kind: 'there', ...there.value }
}
