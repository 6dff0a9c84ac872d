import type { DestroyFlags } from '../workflows/destroy.ts'
import { option } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # Look first
  irsa destroy --dry-run

  # The issuer's name has to be typed, or given
  irsa destroy
  irsa destroy --confirm production`

export const define: Define = (command, session) => {
  command
    .addOption(option('--confirm <name>', 'name of the issuer, instead of typing it'))
    .addOption(
      option('--delete-bucket', 'also delete a bucket whose name a stranger could claim then'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DestroyFlags) => {
      const world = await session.open(command)
      const [{ destroy }, { removalApproval, reportDestroyed }] = await Promise.all([
        import('../workflows/destroy.ts'),
        import('./destroyed-report.ts'),
      ])
      const destroyed = await destroy(world, flags, removalApproval(world, flags))
      await reportDestroyed(world, destroyed)
      if (destroyed.left.length > 0) session.end(1)
    })
}
