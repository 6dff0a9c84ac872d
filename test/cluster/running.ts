import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

const START_LIMIT_MS = 90_000

/** A graceful end waits for requests under way, of which a watch may have an hour left. */
const END_LIMIT_MS = 5_000

const POLL_MS = 100

/** A program that runs until `stop`, or until its scope or the whole run ends. */
export interface Running extends AsyncDisposable {
  /** All that it has written so far. */
  log(): string
  stop(): Promise<void>
}

/**
 * Starts a program and waits until `isReady` holds; a rejection counts as not yet.
 *
 * @throws Error with the log when the program ends before that, or takes 90 seconds
 */
export async function startRunning(
  [file = '', ...args]: readonly string[],
  cwd: string,
  isReady: () => Promise<boolean>,
): Promise<Running> {
  const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const texts: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => texts.push(text))
  child.on('error', (error) => texts.push(String(error)))
  const log = (): string => texts.join('')
  const stop = ending(child)
  if (!(await becomesReady(child, isReady))) {
    await stop()
    throw new Error(`${[file, ...args].join(' ')} did not get ready:\n${log()}`)
  }
  return { log, stop, [Symbol.asyncDispose]: stop }
}

const hasEnded = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid === undefined || exitCode !== null || signalCode !== null

async function becomesReady(child: ChildProcess, isReady: () => Promise<boolean>) {
  const limit = Date.now() + START_LIMIT_MS
  while (!hasEnded(child) && Date.now() < limit) {
    if (await isReady().catch(() => false)) return true
    await wait(POLL_MS)
  }
  return false
}

/** Ends the program by its process id; may be called again. */
function ending(child: ChildProcess): () => Promise<void> {
  const kill = (): boolean => child.kill('SIGKILL')
  // Also where a run ends before its time.
  process.once('exit', kill)
  return async () => {
    if (!hasEnded(child)) {
      const ended = once(child, 'exit')
      const late = setTimeout(kill, END_LIMIT_MS)
      child.kill()
      await ended
      clearTimeout(late)
    }
    process.off('exit', kill)
  }
}

/** A port of loopback on which nothing listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}
