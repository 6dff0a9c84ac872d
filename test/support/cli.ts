import { spawn } from 'node:child_process'
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

export interface Surroundings {
  readonly cwd: string
  /** All of it: nothing is inherited but what `cleanEnv` keeps. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
  readonly signal?: AbortSignal
}

/** What a program needs to run at all; no AWS, proxy or IRSA variable of whoever runs the tests. */
export function cleanEnv(): Record<string, string> {
  const { PATH = '', LANG = 'C.UTF-8' } = process.env
  return { PATH, LANG, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' }
}

/** Runs `irsa` through a pipe, as a script does. */
export async function irsa(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  const { cwd, env = {}, input = '', signal } = surroundings
  const child = spawn(process.execPath, [ENTRY, ...args], {
    cwd,
    env: { ...cleanEnv(), ...env },
    stdio: 'pipe',
    ...(signal ? { signal } : {}),
  })
  child.on('error', () => undefined)
  child.stdin.on('error', () => undefined).end(input)
  const [stdout, stderr] = await Promise.all([
    child.stdout.setEncoding('utf8').toArray(),
    child.stderr.setEncoding('utf8').toArray(),
  ])
  if (child.exitCode === null && child.signalCode === null) {
    await new Promise((resolve) => child.once('close', resolve))
  }
  const texts = { stdout: stdout.join(''), stderr: stderr.join('') }
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
  return {
    aws,
    cwd: folder.path,
    run: (args, env = {}) => irsa(args, { cwd: folder.path, env: { ...aws.env, ...env } }),
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
}
