import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { programMissing } from '../core/problems/files.ts'

/** Shells answer 128 plus the number of the signal that ended a program (POSIX, 2.8.2). */
const SIGNALLED = 128

/**
 * Runs a program on our own terminal, with no shell: the arguments arrive as they are. While it runs,
 * signals are its business: Ctrl-C reaches it from the terminal, everything else is passed on.
 */
export async function runProgram(
  [program = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  passSignalsTo: (receiver: ((signal: NodeJS.Signals) => void) | undefined) => void,
): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', env: { ...env } })
  passSignalsTo((signal) => {
    if (signal !== 'SIGINT') child.kill(signal)
  })
  try {
    return await new Promise((resolve, reject) => {
      child.on('error', (error) => reject(programMissing(program, error)))
      child.on('close', (code, signal) =>
        resolve(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])),
      )
    })
  } finally {
    passSignalsTo(undefined)
  }
}
