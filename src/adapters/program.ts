import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { programMissing } from '../core/problems/files.ts'
import type { RunProgram } from '../ports/local.ts'

/** Shells answer 128 plus the number of the signal that ended a program (POSIX, 2.8.2). */
const SIGNALLED = 128

/** No shell: the arguments arrive as they are. */
export const runProgram: RunProgram = ([program = '', ...args], env) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...env } })
    child.on('error', (error) => reject(programMissing(program, error)))
    child.on('close', (code, signal) =>
      resolve(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])),
    )
  })
