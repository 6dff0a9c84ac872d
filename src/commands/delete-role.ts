import { flagMissing } from '../core/problems/usage.ts'
import type { DeleteRoleFlags } from '../workflows/delete-role.ts'
import { option } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # Look first
  irsa delete-role shop/checkout --dry-run

  # The role that create-role made; one that was adopted only loses irsa's parts
  irsa delete-role shop/checkout

  # By its name
  irsa delete-role --role-name shop --yes`

const WHICH = 'Neither a service account nor a name says which role.'

export const define: Define = (command, session) => {
  command
    .argument('[namespace/name...]', 'the service accounts that the role is for')
    .addOption(option('--issuer <url>', 'issuer URL (default: the one in irsa.yaml)'))
    .addOption(
      option('--role-name <name>', 'name of the role (default: from issuer, namespace and name)'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (accounts: string[], flags: DeleteRoleFlags) => {
      const world = await session.open(command)
      if (accounts.length === 0 && !flags.roleName) throw flagMissing('--role-name', WHICH)
      const [{ deleteRole }, { approval }, { reportDeletedRole }] = await Promise.all([
        import('../workflows/delete-role.ts'),
        import('./approval.ts'),
        import('./role-report.ts'),
      ])
      const deleted = await deleteRole(world, accounts, flags, approval(world, 'delete-role'))
      await reportDeletedRole(world, deleted)
      if (deleted.left.length > 0) session.end(1)
    })
}
