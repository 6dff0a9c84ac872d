import { FAIL_ON, type FailOn, fails } from '../core/audit/audit.ts'
import { flagsConflict } from '../core/problems/usage.ts'
import type { AuditFlags } from '../workflows/audit/audit-roles.ts'
import { option, repeatable } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # Every role of the account that trusts a cluster, and what is wrong with its trust
  irsa audit-roles

  # In CI, from medium on, for code scanning
  irsa audit-roles --fail-on medium --format sarif > irsa.sarif

  # Look at the fixes, then apply them
  irsa audit-roles --fix --dry-run
  irsa audit-roles --fix

--fix only ever narrows who may have a role, and shuts out nobody but whom a finding names. What
would let in somebody who is refused now, or rests on what a service account says of itself, is
shown with the command for it, and left to you. The diffs are on stderr before they are applied,
also with --quiet; with -o json or yaml they are in the document.`

interface AuditOptions extends AuditFlags {
  readonly failOn: FailOn
  readonly fix?: true
  readonly format?: 'sarif'
}

export const define: Define = (command, session) => {
  command
    .addOption(repeatable('--issuer <url>', 'only roles that trust this issuer; may be repeated'))
    .addOption(
      option('--fail-on <severity>', 'end with 1 from this severity on')
        .choices(FAIL_ON)
        .default('high'),
    )
    .addOption(option('--fix', 'apply what narrows a trust policy, after showing it'))
    .addOption(option('--format <format>', 'form for other programs').choices(['sarif']))
    .addOption(option('--no-cluster', 'leave the cluster out'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: AuditOptions) => {
      const world = await session.open(command)
      if (flags.format !== undefined && world.options.output !== 'human') {
        throw flagsConflict('--format', '--output', 'Each of them says how the result is printed.')
      }
      const [{ auditRoles }, { audited }, { fixRoles }, { fixApproval, reportAudit }] =
        await Promise.all([
          import('../workflows/audit/audit-roles.ts'),
          import('../workflows/audit/audited.ts'),
          import('../workflows/audit/fix-roles.ts'),
          import('./audit-report.ts'),
        ])
      const inspection = await auditRoles(world, flags)
      const { audit, exit } =
        flags.fix === true
          ? await fixRoles(world, inspection, fixApproval(world))
          : { audit: audited(world, inspection), exit: 0 }
      await reportAudit(world, audit, flags, command.parent?.version() ?? '')
      if (exit !== 0) session.end(exit)
      else if (fails(audit, flags.failOn)) session.end(1)
    })
}
