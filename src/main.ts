import { fileURLToPath } from 'node:url'
import { wantsJson } from './output-choice.ts'
import { run } from './run.ts'

const argv = process.argv.slice(2)
const interruption = new AbortController()

/** Who gets the signals instead of us: a program that runs on our terminal. */
let heir: ((signal: NodeJS.Signals) => void) | undefined

// The first Ctrl-C lets the call that is under way end, so that nothing is left half done; the
// second one does not wait for it. A job that is cancelled gets SIGTERM, and is no different.
const stopping = (signal: NodeJS.Signals, again: string): void => {
  if (heir !== undefined) return heir(signal)
  if (interruption.signal.aborted) process.exit(130)
  if (!wantsJson(argv, process.env)) {
    process.stderr.write(`\nStopping after what is under way. ${again} to stop at once.\n`)
  }
  interruption.abort()
}
process.on('SIGINT', () => stopping('SIGINT', 'Press Ctrl-C again'))
process.on('SIGTERM', () => stopping('SIGTERM', 'Send SIGTERM again'))

// Whoever reads our output may stop reading (`irsa plan | head -1`): no reason to fail, or to leave
// an apply half done.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await run(argv, {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  passSignalsTo: (receiver) => {
    heir = receiver
  },
  templates: fileURLToPath(new URL('../templates/', import.meta.url)),
})
