import { fileURLToPath } from 'node:url'
import { run } from './run.ts'
import type { Edge } from './world.ts'

const interruption = new AbortController()

// The first Ctrl-C lets the call that is under way end, so that nothing is left half done; the
// second one does not wait for it. A job that is cancelled gets SIGTERM, and is no different.
const stopping = (again: string) => (): void => {
  if (interruption.signal.aborted) process.exit(130)
  process.stderr.write(`\nStopping after what is under way. ${again} to stop at once.\n`)
  interruption.abort()
}
process.on('SIGINT', stopping('Press Ctrl-C again'))
process.on('SIGTERM', stopping('Send SIGTERM again'))

const argv = process.argv.slice(2)
const edge: Edge = {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
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
