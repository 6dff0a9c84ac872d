import { spawnSync } from 'node:child_process'
import { ENTRY, OPEN, startProgram, type Running, type Surroundings } from './cli.ts'

/** What Ctrl-C sends through a terminal. */
export const CTRL_C = '\u0003'

/** Copies between its own pipes and a new terminal, and ends as the program in it ends. */
const PYTHON = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'

/** Programs that open a pseudo-terminal; the first one that is installed is taken. */
const openers: readonly { program: string; probe: string; wrap(command: string[]): string[] }[] = [
  {
    // util-linux; the one of BSD and macOS knows no --version.
    program: 'script',
    probe: '--version',
    wrap: (command) => ['script', '-qec', command.map(quoted).join(' '), '/dev/null'],
  },
  {
    program: 'python3',
    probe: '--version',
    wrap: (command) => ['python3', '-c', PYTHON, ...command],
  },
]

const opener = openers.find(({ program, probe }) => spawnSync(program, [probe]).status === 0)

const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`

/** Where no pseudo-terminal can be had, tests are skipped, and seen to be; in CI they fail there. */
export const noTerminal = opener === undefined && process.env['CI'] !== 'true'

/** Runs `irsa` on a terminal; what the person types is written to the child's standard input. */
export function startInTerminal(args: readonly string[], surroundings: Surroundings): Running {
  if (opener === undefined) throw new Error('Neither script (util-linux) nor python3 is there.')
  const { env } = surroundings
  return startProgram(opener.wrap([process.execPath, ENTRY, ...args]), {
    ...surroundings,
    env: { ...env, TERM: 'xterm', COLUMNS: '100', LINES: '30' },
    input: OPEN,
  })
}
