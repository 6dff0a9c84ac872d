import { InvalidArgumentError } from 'commander'
import { checkRegion } from '../core/partition.ts'
import type { World } from '../ports/world.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { option } from './options.ts'
import type { Define } from './session.ts'
import { shellWord } from '../core/shell.ts'

const EXAMPLES = `
Examples:
  # Leave it running, and set the variables that it prints in another terminal
  irsa sandbox

  # The same in one terminal
  irsa sandbox > aws.env &
  . ./aws.env

  # Run one command in it; the port stays the same, so that irsa.yaml fits the next time as well
  irsa sandbox --port 8443 -- irsa init --name try --yes --config try/irsa.yaml
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
      const { openSandbox, surroundings } = await import('./sandbox-surroundings.ts')
      await world.inTemporaryFolder(async (directory) => {
        const { region } = world.options
        if (region !== undefined) checkRegion(region)
        const sandbox = await openSandbox({ ...flags, directory, ...(region ? { region } : {}) })
        try {
          // Whoever pressed Ctrl-C meanwhile does not want the command any more.
          await world.clock.sleep(0)
          if (words.length === 0) await serve(world, sandbox)
          else session.end(await world.runProgram(words, surroundings(world.env, sandbox)))
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

/** Prints the environment and stays until Ctrl-C. */
async function serve(world: World, sandbox: Sandbox): Promise<void> {
  const { misleading, variablesOf } = await import('./sandbox-surroundings.ts')
  const { url, plainUrl } = sandbox
  const env = variablesOf(sandbox)
  const lines = [
    ...misleading(world.env).map((name) => `unset ${name}`),
    ...Object.entries(env).map(([name, value]) => `export ${name}=${shellWord(value)}`),
  ]
  const document = { kind: 'Sandbox', url, plainUrl: plainUrl ?? null, env }
  await world.report.result(document, lines.join('\n'))
  const plain = plainUrl === undefined ? '' : ` and ${plainUrl}`
  world.report.note(`\nAn AWS is running at ${url}${plain}. Stop it with Ctrl-C.`)
  await world.untilInterrupted()
}
