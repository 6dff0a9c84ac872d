import { fileURLToPath } from 'node:url'
import { run } from './run.ts'

const interruption = new AbortController()

// The first Ctrl-C lets the call that is under way end, so that nothing is left half done; the
// second one does not wait for it.
process.on('SIGINT', () => {
  if (interruption.signal.aborted) process.exit(130)
  process.stderr.write('\nStopping after what is under way. Press Ctrl-C again to stop at once.\n')
  interruption.abort()
})

// Whoever reads our output may stop reading (`irsa plan | head -1`): no reason to fail, or to leave
// an apply half done.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  templates: fileURLToPath(new URL('../templates/', import.meta.url)),
})
