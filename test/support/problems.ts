import { createHash } from 'node:crypto'
import { lstat, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Problem } from '../../src/core/problems/problem.ts'
import type { RecordedRequest } from '../../src/sandbox/sandbox.ts'
import type { Ended, Workplace } from './cli.ts'

/** What a run is expected to end with. */
export interface Expected {
  readonly code: string
  readonly exit: 1 | 2 | 4 | 130
  /** All of these stand somewhere in what, why and fix. */
  readonly says?: readonly (string | RegExp)[]
}

/** A flag, a variable, a program to type, or what to do with the file that was named. */
const ACTIONABLE =
  /^(Check the path|Copy|Correct|Give|Leave|Mend|Remove)\b|--[a-z]|\b[A-Z]+_[A-Z_]+\b|\birsa [a-z]|\b(aws|openssl|ssh-keygen|chmod|ls|timedatectl|curl|kubectl|npx|tail) |the (same )?command again/

/** `at drawProblem (/…/main.js:1:2)`, and what Node prints of its own accord. */
const STACK = /^\s+at .+[:)]\d*|node:internal|Node\.js v\d|irsa has a bug/m

export function expectNoStack({ stdout, stderr }: Ended): void {
  expect(stdout).not.toMatch(STACK)
  expect(stderr).not.toMatch(STACK)
}

/** One JSON object on stderr, nothing on stdout, and words that help. */
export function expectProblem(ended: Ended, { code, exit, says = [] }: Expected): string {
  expectNoStack(ended)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).toMatch(/^\{.*\}\n$/)
  const document = JSON.parse(ended.stderr)
  expect(document).toMatchObject({ apiVersion: 'irsa/v1', kind: 'Problem', code, exit })
  expect(Object.keys(document)).toEqual([
    'apiVersion',
    'kind',
    'code',
    'what',
    'why',
    'fix',
    'exit',
  ])
  expect(ended.code).toBe(exit)
  const { what, why, fix } = document
  for (const part of [what, why, fix]) {
    expect(part).toMatch(/^\S[^]{9,}\S$/)
    expect(part).not.toMatch(/undefined|\[object|NaN|UnknownError/)
  }
  expect(fix).toMatch(ACTIONABLE)
  const text = [what, why, fix].join('\n')
  for (const wanted of says) expect(text).toMatch(wanted)
  return text
}

/** Every path below a folder, with its mode and a digest of what it holds. */
export async function listing(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of await readdir(folder, { recursive: true })) {
    const about = await lstat(join(folder, name))
    const content = about.isFile() ? await readFile(join(folder, name)) : ''
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 12)
    found[name] = `${about.mode.toString(8)} ${digest}`
  }
  return found
}

/** The calls that changed something, or may have. */
export const writes = (requests: readonly RecordedRequest[]): string[] =>
  requests
    .filter(({ operation, status }) => !/^(Get|Head|List)/.test(operation) && status < 400)
    .map(({ operation }) => operation)

/** Does something that must leave the folder and the account as they are. */
export async function changingNothing<T>(place: Workplace, act: () => Promise<T>): Promise<T> {
  const before = await listing(place.cwd)
  const seen = place.aws.requests.length
  const ended = await act()
  expect(writes(place.aws.requests.slice(seen))).toEqual([])
  expect(await listing(place.cwd)).toEqual(before)
  return ended
}

/** Runs a command that must be refused before it has changed anything. */
export async function expectRefusal(
  place: Workplace,
  args: readonly string[],
  { env = {}, ...expected }: Expected & { readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  const run = () => place.run(['--output', 'json', ...args], env)
  return expectProblem(await changingNothing(place, run), expected)
}

/** The code of the problem that something throws; undefined when it throws nothing. */
export function codeThrown(act: () => unknown): string | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
}
