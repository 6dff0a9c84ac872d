import { InvalidArgumentError } from 'commander'
import type { World } from '../ports/world.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { option } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # Leave it running, and set the variables that it prints in another terminal
  irsa sandbox

  # Run one command in it
  irsa sandbox -- irsa init --name demo --yes
  irsa sandbox -- aws s3api list-buckets

It listens on 127.0.0.1 alone, keeps everything in memory, and forgets it when it ends.`

interface SandboxFlags {
  readonly port?: number
  readonly plainHttp?: true
}

export const define: Define = (command, session) => {
  command
    .argument('[command...]', 'a command to run in it, after --')
    .addOption(
      option('--port <port>', 'port to listen on (default: a free one)').argParser(parsePort),
    )
    .addOption(option('--plain-http', 'also answer AWS calls over plain http'))
    .addHelpText('after', EXAMPLES)
    .action(async (words: string[], flags: SandboxFlags) => {
      const world = await session.open(command)
      const { startSandbox } = await import('../sandbox/sandbox.ts')
      await world.inTemporaryFolder(async (directory) => {
        const region = world.options.region
        const sandbox = await startSandbox({ ...flags, directory, ...(region ? { region } : {}) })
        try {
          if (words.length === 0) await serve(world, sandbox)
          else session.end(await runIn(world, sandbox, words))
        } finally {
          await sandbox.close()
        }
      })
    })
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new InvalidArgumentError('It is a number from 1 to 65535.')
  }
  return port
}

async function runIn(world: World, sandbox: Sandbox, words: readonly string[]): Promise<number> {
  const { surroundings } = await import('./sandbox-surroundings.ts')
  return world.runProgram(words, surroundings(world.env, sandbox))
}

/** Prints the environment and stays until Ctrl-C. */
async function serve(world: World, sandbox: Sandbox): Promise<void> {
  const { misleading } = await import('./sandbox-surroundings.ts')
  const { env, url, plainUrl } = sandbox
  const lines = [
    ...misleading(world.env).map((name) => `unset ${name}`),
    ...Object.entries(env).map(([name, value]) => `export ${name}=${value}`),
  ]
  await world.report.result(
    { kind: 'Sandbox', url, plainUrl: plainUrl ?? null, env },
    lines.join('\n'),
  )
  const plain = plainUrl === undefined ? '' : ` and ${plainUrl}`
  world.report.note(`\nAn AWS is running at ${url}${plain}. Stop it with Ctrl-C.`)
  await world.untilInterrupted()
}
