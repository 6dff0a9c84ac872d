import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import { Problem } from '../core/problems/problem.ts'
import { demoInterrupted } from '../core/problems/sandbox.ts'
import { checkRegion } from '../core/partition.ts'
import type { World } from '../ports/world.ts'
import type { Demo } from '../workflows/demo-story.ts'
import type { Define, Session } from './session.ts'

const EXAMPLES = `
Examples:
  irsa demo
  irsa demo --output json

It needs no account and leaves nothing behind: the AWS it talks to is in this process, on loopback.`

export const define: Define = (command, session) => {
  command.addHelpText('after', EXAMPLES).action(async () => {
    const world = await session.open(command)
    const demo = await world.inTemporaryFolder((cwd) => play(world, cwd, session, command))
    await reportDemo(world, demo)
    if (!isGood(demo)) session.end(1)
  })
}

/** The story in a world of its own: no option, variable or profile of the user's leads out of it. */
async function play(world: World, cwd: string, session: Session, command: Command): Promise<Demo> {
  const [{ openSandbox, surroundings }, { tellDemo }, { quietReport, quietProgress }] =
    await Promise.all([
      import('./sandbox-surroundings.ts'),
      import('../workflows/demo-story.ts'),
      import('../ui/quiet.ts'),
    ])
  const { region, output, color } = world.options
  if (region !== undefined) checkRegion(region)
  const starting = world.progress.begin('an AWS on this machine')
  const sandbox = await openSandbox({ directory: cwd, ...(region ? { region } : {}) })
  starting.done(sandbox.url)
  try {
    const inside = await session.open(command, {
      cwd,
      env: surroundings(world.env, sandbox),
      options: {
        config: 'irsa.yaml',
        region: sandbox.region,
        yes: true,
        input: false,
        output,
        color,
      },
    })
    return await tellDemo({
      world: { ...inside, report: quietReport, progress: quietProgress },
      progress: world.progress,
      tokenId: randomUUID(),
      breakPolicy: (name) => {
        const bucket = sandbox.state.buckets.get(name)
        if (bucket !== undefined) bucket.policy = undefined
      },
    })
  } catch (error) {
    throw error instanceof Problem && error.code === 'interrupted' ? demoInterrupted() : error
  } finally {
    await sandbox.close()
  }
}

const isGood = ({ steps }: Demo): boolean => steps.every(({ status }) => status === 'pass')

async function reportDemo({ report }: World, { steps, links }: Demo): Promise<void> {
  const failed = steps.find(({ status }) => status === 'fail')
  const text = failed === undefined ? report.chain(links) : `${failed.id}: ${failed.summary}`
  report.note('')
  await report.result({ kind: 'Demo', ok: failed === undefined, steps }, text)
  if (failed !== undefined) return
  report.next([
    { command: 'irsa init', why: 'the same for your cluster, in your account' },
    { command: 'irsa sandbox', why: 'this AWS again, to play with' },
  ])
}
