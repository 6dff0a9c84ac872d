import { randomUUID } from 'node:crypto'
import type { World } from '../ports/world.ts'
import type { Demo } from '../workflows/demo-story.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  irsa demo
  irsa demo --output json

It needs no account and leaves nothing behind: the AWS it talks to is in this process, on loopback.`

export const define: Define = (command, session) => {
  command.addHelpText('after', EXAMPLES).action(async () => {
    const world = await session.open(command)
    const [{ startSandbox }, { surroundings }, { tellDemo }, { quietReport, quietProgress }] =
      await Promise.all([
        import('../sandbox/sandbox.ts'),
        import('./sandbox-surroundings.ts'),
        import('../workflows/demo-story.ts'),
        import('../ui/quiet.ts'),
      ])
    const demo = await world.inTemporaryFolder(async (cwd) => {
      const starting = world.progress.begin('an AWS on this machine')
      const sandbox = await startSandbox({ directory: cwd })
      starting.done(sandbox.url)
      const env = surroundings(world.env, sandbox)
      const inside = await session.open(command, { cwd, env, options: DEMO_OPTIONS })
      try {
        return await tellDemo({
          world: { ...inside, report: quietReport, progress: quietProgress },
          progress: world.progress,
          tokenId: randomUUID(),
          breakPolicy: (name) => {
            const bucket = sandbox.state.buckets.get(name)
            if (bucket !== undefined) bucket.policy = undefined
          },
        })
      } finally {
        await sandbox.close()
      }
    })
    await reportDemo(world, demo)
    if (!isGood(demo)) session.end(1)
  })
}

const DEMO_OPTIONS = { config: 'irsa.yaml', yes: true } as const

const isGood = ({ steps }: Demo): boolean => steps.every(({ status }) => status === 'pass')

async function reportDemo({ report }: World, demo: Demo): Promise<void> {
  const ok = isGood(demo)
  const failed = demo.steps.find(({ status }) => status === 'fail')
  const text = failed === undefined ? report.chain(demo.links) : `${failed.id}: ${failed.summary}`
  report.note('')
  await report.result({ kind: 'Demo', ok, steps: demo.steps }, text)
  report.next([
    { command: 'irsa init', why: 'the same for your cluster, in your account' },
    { command: 'irsa sandbox', why: 'this AWS again, to play with' },
  ])
}
