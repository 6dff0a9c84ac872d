import { fileURLToPath } from 'node:url'
import { wantsJson } from './output-choice.ts'
import { run } from './run.ts'
import type { Edge } from './world.ts'

const argv = process.argv.slice(2)
const interruption = new AbortController()

/** timeout(1) signals us and then our whole group: that is one wish to stop, not two. */
const REPEAT_MS = 300
let stopped = 0

/** What has to be done however the process ends, such as removing a temporary folder. */
const lastActs = new Set<() => void>()
process.on('exit', () => lastActs.forEach((act) => act()))

/** Who gets the signals instead of us: a program that runs on our terminal. */
let heir: ((signal: NodeJS.Signals) => void) | undefined

// The first Ctrl-C lets the call that is under way end, so that nothing is left half done; the
// second one does not wait for it. A job that is cancelled gets SIGTERM, and is no different.
const stopping = (signal: NodeJS.Signals, again: string): void => {
  if (heir !== undefined) return heir(signal)
  if (interruption.signal.aborted) {
    if (performance.now() - stopped > REPEAT_MS) process.exit(130)
    return
  }
  stopped = performance.now()
  if (!wantsJson(argv, process.env)) {
    process.stderr.write(`\nStopping after what is under way. ${again} to stop at once.\n`)
  }
  interruption.abort()
}
process.on('SIGINT', () => stopping('SIGINT', 'Press Ctrl-C again'))
process.on('SIGTERM', () => stopping('SIGTERM', 'Send SIGTERM again'))
process.on('SIGHUP', () => stopping('SIGHUP', 'Send SIGHUP again'))

const edge: Edge = {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  passSignalsTo: (receiver) => {
    heir = receiver
  },
  atExit: (act) => {
    lastActs.add(act)
    return () => void lastActs.delete(act)
  },
  templates: fileURLToPath(new URL('../templates/', import.meta.url)),
}

// Whoever reads our output may stop reading (`irsa plan | head -1`): no reason to fail, or to leave
// an apply half done. A full disk under the result is one. Without stderr nobody can be told.
let lost = false
process.stderr.on('error', () => undefined)
process.stdout.on('error', async (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE' || lost) return
  lost = true
  const [{ drawProblem }, { outputLost }] = await Promise.all([
    import('./failure.ts'),
    import('./core/problems/files.ts'),
  ])
  process.exitCode = drawProblem(outputLost(error), argv, edge)
})

const code = await run(argv, edge)
if (!lost) process.exitCode = code
