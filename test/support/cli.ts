import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts'

/** The entry point, as it is shipped. */
export const ENTRY = fileURLToPath(new URL('../../bin/irsa.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Standard output as JSON. */
  json<T = Record<string, unknown>>(): T
  /** The one JSON object that a failure prints with `--output json`. */
  problem(): { code: string; what: string; why: string; fix: string; exit: number }
}

/** A standard input that stays open. */
export const OPEN = Symbol('open')

export interface Surroundings {
  readonly cwd: string
  /** All of it: nothing is inherited but what `cleanEnv` keeps. */
  readonly env?: Readonly<Record<string, string>>
  /** `OPEN` leaves it to the caller to write to the child's standard input, and to end it. */
  readonly input?: string | typeof OPEN
  readonly signal?: AbortSignal
}

/** What a program needs to run at all; no AWS, proxy or IRSA variable of whoever runs the tests. */
export function cleanEnv(): Record<string, string> {
  const { PATH = '', LANG = 'C.UTF-8' } = process.env
  return { PATH, LANG, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' }
}

/** A run that is under way. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
}

/** Runs `irsa` through a pipe, as a script does. */
export const irsa = (args: readonly string[], surroundings: Surroundings): Promise<Ended> =>
  startIrsa(args, surroundings).ended

/** The same, to be interrupted or killed meanwhile. */
export const startIrsa = (args: readonly string[], surroundings: Surroundings): Running =>
  startProgram([process.execPath, ENTRY, ...args], surroundings)

/** Starts a program, `irsa` or one that runs it, with pipes in the place of a terminal. */
export function startProgram(
  [program = '', ...args]: readonly string[],
  { cwd, env = {}, input = '', signal }: Surroundings,
): Running {
  const child = spawn(program, args, {
    cwd,
    env: { ...cleanEnv(), ...env },
    stdio: 'pipe',
    ...(signal ? { signal } : {}),
  })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined)
  if (input !== OPEN) child.stdin.end(input)
  return { child, ended: endOf(child) }
}

async function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const texts = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text
    })
  }
  await new Promise((resolve) => child.once('close', resolve))
  return {
    code: child.exitCode,
    signal: child.signalCode,
    ...texts,
    json: () => JSON.parse(texts.stdout),
    problem: () => JSON.parse(texts.stderr.trim().split('\n').at(-1) ?? ''),
  }
}

/** A folder that goes with the test: `await using folder = await temporaryFolder()`. */
export async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'irsa-test-'))
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

/** An AWS and a folder to work in, both gone with the test; `run` works in the two. */
export async function workplace(options: Partial<SandboxOptions> = {}): Promise<Workplace> {
  const folder = await temporaryFolder()
  const aws = await startSandbox({ directory: join(folder.path, 'aws'), ...options })
  const start: Workplace['start'] = (args, env = {}) =>
    startIrsa(args, { cwd: folder.path, env: { ...aws.env, ...env } })
  return {
    aws,
    cwd: folder.path,
    start,
    run: (args, env) => start(args, env).ended,
    async [Symbol.asyncDispose]() {
      await aws.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

export interface Workplace extends AsyncDisposable {
  readonly aws: Sandbox
  readonly cwd: string
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Running
}
