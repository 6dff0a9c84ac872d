import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # Bring everything in line with irsa.yaml
  irsa apply

  # In CI, without a question
  irsa apply --yes --output json`

export const define: Define = (command, session) => {
  command.addHelpText('after', EXAMPLES).action(async () => {
    const world = await session.open(command)
    const [{ apply }, { approval }, { reportApplied }, { withNextOnUnserved }] = await Promise.all([
      import('../workflows/init.ts'),
      import('./approval.ts'),
      import('./applied-report.ts'),
      import('./unserved.ts'),
    ])
    const applied = await withNextOnUnserved(world, apply(world, approval(world, 'apply')))
    await reportApplied(world, applied)
  })
}
