import { CommanderError } from 'commander'
import { buildProgram } from './commands/program.ts'
import { TOPICS } from './commands/topics.ts'
import type { ExitCode } from './core/problems/problem.ts'
import type { CommonOptions, World } from './ports/world.ts'
import { VERSION } from './version.ts'
import type { Edge } from './world.ts'

/** Runs one command line, and never throws: whatever goes wrong is drawn, and ends in an exit code. */
export async function run(argv: readonly string[], edge: Edge): Promise<number> {
  let code = 0
  const worlds: { close(): void }[] = []
  const program = buildProgram(VERSION, {
    async open(command, elsewhere): Promise<World> {
      const { makeWorld } = await import('./world.ts')
      const options = elsewhere?.options ?? command.optsWithGlobals<CommonOptions>()
      const made = makeWorld(options, { ...edge, ...elsewhere })
      worlds.push(made)
      return made.world
    },
    end: (ending) => {
      code = ending
    },
  })
  // After flags and before the command, so that a flag wins.
  program.hook('preAction', async (_program, command) => {
    const { readVariables } = await import('./commands/variables.ts')
    readVariables(command, edge.env)
  })
  const silent = { writeErr: () => undefined }
  program.exitOverride().configureOutput({ ...silent, writeOut: (text) => edge.stdout.write(text) })
  for (const command of program.commands) command.copyInheritedSettings(program)
  const names = program.commands.map((command) => command.name())
  try {
    const [topic] = topicOf(argv)
    if (topic !== undefined) edge.stdout.write(topic)
    else await program.parseAsync(helpLast(argv, names), { from: 'user' })
    return code
  } catch (error) {
    return await drawFailure(error, argv, edge, names)
  } finally {
    for (const world of worlds) world.close()
  }
}

const topicOf = ([first, topic = '']: readonly string[]): readonly string[] =>
  first === 'help' && TOPICS[topic] !== undefined ? [TOPICS[topic]] : []

/**
 * `irsa help init` is `irsa init --help`, and no argument at all asks for help as well. A name that
 * is none is left to the parser, which knows what may have been meant.
 */
function helpLast(argv: readonly string[], names: readonly string[]): string[] {
  const [first, name] = argv
  if (first === undefined) return ['--help']
  if (first !== 'help') return [...argv]
  return name === undefined || names.includes(name) ? [...argv.slice(1), '--help'] : argv.slice(1)
}

async function drawFailure(
  error: unknown,
  argv: readonly string[],
  edge: Edge,
  names: readonly string[],
): Promise<ExitCode> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0
  const [{ drawProblem }, { badUsage }, { colourOff }] = await Promise.all([
    import('./failure.ts'),
    import('./core/problems/usage.ts'),
    import('./commands/variables.ts'),
  ])
  const shown = colourOff(edge.env) ? ['--no-color', ...argv] : argv
  if (error instanceof CommanderError) {
    const name = argv.find((argument) => names.includes(argument)) ?? ''
    const message = error.message.replace(/^error: /, '')
    return drawProblem(badUsage(message, `irsa ${name}`.trim()), shown, edge)
  }
  return drawProblem(error, shown, edge)
}
