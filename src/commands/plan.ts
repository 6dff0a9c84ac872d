import { option } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # What would irsa apply do?
  irsa plan

  # Fail a nightly job when somebody changed something by hand
  irsa plan --exit-code`

export const define: Define = (command, session) => {
  command
    .addOption(option('--exit-code', 'end with 3 when there is something to do'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: { exitCode?: true }) => {
      const opened = await session.open(command)
      const world = { ...opened, options: { ...opened.options, dryRun: true as const } }
      const [{ apply }, { approval }, { reportApplied }] = await Promise.all([
        import('../workflows/init.ts'),
        import('./approval.ts'),
        import('./applied-report.ts'),
      ])
      const applied = await apply(world, approval(world, 'plan'))
      await reportApplied(world, applied)
      const differs = applied.changes.some(({ action }) => action !== 'none')
      if (flags.exitCode === true && differs) session.end(3)
    })
}
