import { readdir } from 'node:fs/promises'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../src/commands/program.ts'
import { TOPICS } from '../src/commands/topics.ts'
import { Problem } from '../src/core/problems/problem.ts'
import { AREAS, MADE } from './support/problem-catalogue.ts'
import { readTexts } from './support/source-tree.ts'

const FUNCTIONS = Object.values(AREAS).flatMap((area) =>
  Object.entries(area).flatMap(([name, made]) => (typeof made === 'function' ? [name] : [])),
)
const EVERY = Object.entries(MADE).flatMap(([name, problems]) =>
  problems.map((problem) => ({ name, problem, code: problem.code })),
)

test('the whole catalogue', async () => {
  const page = EVERY.map(({ problem: { code, exit, what, why, fix } }) =>
    [`${code}, exit ${exit}`, `  ${what}`, `  why  ${why}`, `  fix  ${fix}`].join('\n'),
  )
  await expect(`${page.toSorted().join('\n\n')}\n`).toMatchFileSnapshot('golden/problems.txt')
})

test('every file and every function of the catalogue is in this test', async () => {
  const files = await readdir(new URL('../src/core/problems/', import.meta.url))
  expect(Object.keys(AREAS).toSorted()).toEqual(
    files
      .map((file) => file.replace('.ts', '').replace(/-(.)/g, (_, letter) => letter.toUpperCase()))
      .filter((file) => file !== 'problem')
      .toSorted(),
  )
  expect(Object.keys(MADE).toSorted()).toEqual(FUNCTIONS.toSorted())
})

test('every problem can come up: each function is used somewhere in src/', async () => {
  const texts = (await readTexts()).filter(({ path }) => !path.startsWith('core/problems/'))
  const source = texts.map(({ text }) => text).join('\n')
  // Twice at least: it is imported, and then called or handed on.
  const uses = (name: string): number => source.split(new RegExp(`\\b${name}\\b`)).length - 1
  expect(FUNCTIONS.filter((name) => uses(name) < 2)).toEqual([])
})

test('a code means one thing, and one exit code', () => {
  const pairs = new Set(EVERY.map(({ code, problem }) => `${code} ${problem.exit}`))
  expect(pairs.size).toBe(new Set(EVERY.map(({ code }) => code)).size)
})

describe.each(EVERY)('$name: $code', ({ problem }) => {
  test('is a Problem with a stable code and a known exit', () => {
    expect(problem).toBeInstanceOf(Problem)
    expect(problem.code).toMatch(/^(interrupted|[a-z]+(-[a-z]+)*\/[a-z0-9]+(-[a-z0-9]+)*)$/)
    expect([1, 2, 3, 4, 130]).toContain(problem.exit)
  })

  test('says what, why and what to do, in whole sentences', () => {
    const { what, why, fix } = problem
    // The argument parser has words of its own.
    expect(problem.code === 'usage/invalid' ? `${what}.` : what).toMatch(/\.$/)
    expect(why).not.toBe('')
    expect(fix).toMatch(DOING)
    for (const text of [what, why, fix]) {
      expect(text).toBe(text.trim())
      expect(text).not.toMatch(/ {2}|\n|!|please|undefined|\[object/i)
      expect(text).not.toMatch(/\.\.$|\.\.\s|: \./)
    }
  })
})

/** A fix is something to do, so it begins with a verb, or with the condition under which to do it. */
const DOING =
  /^(If |Add |Ask |Check |Choose |Convert |Copy |Correct |Decrypt |Give |Install |Keep |Leave |Let |List |Log in |Look at |Make |Mend |Name |Pass |Put |Remove |Rename |Report |Restore |Run |See |Serve |Set |Use |Wait |Write )/

/** The flags of other programs that our texts speak of. */
const FOREIGN = new Set([
  '--bucket',
  '--clusterrole',
  '--group',
  '--raw',
  '--service-account-issuer',
  '--service-account-key-file',
  '--service-account-signing-endpoint',
])

test('texts name only commands and flags that exist', async () => {
  const { commands, flags } = await commandTree()
  for (const { problem } of EVERY) {
    const text = [problem.what, problem.why, problem.fix].join('\n')
    for (const [, command = ''] of text.matchAll(/\birsa ([a-z]+-[a-z-]+|[a-z]+)\b/g)) {
      const isCommand = commands.has(command) || command === 'help'
      expect(isCommand || VERBS.has(command), `irsa ${command} in ${problem.code}`).toBe(true)
    }
    for (const [flag] of text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)) {
      const known = flags.has(flag) || FOREIGN.has(flag)
      expect(known || problem.code === 'usage/invalid', `${flag} in ${problem.code}`).toBe(true)
    }
    for (const [, topic = ''] of text.matchAll(/\birsa help ([a-z-]+)/g)) {
      expect(Object.keys(TOPICS)).toContain(topic)
    }
    for (const [, host = ''] of text.matchAll(/--host ([a-z0-9]+)/g)) {
      expect(host).toMatch(/^(s3|directory|cluster)$/)
    }
  }
})

/** What follows where irsa itself is spoken of. */
const VERBS = new Set(
  'adds cannot compute computes configures deletes does has is knows makes never reads reaches refuses removes that tried works would writes wrote'.split(
    ' ',
  ),
)

/** The real commands, with the flags that each of them takes. */
async function commandTree() {
  const session = { open: () => Promise.reject(new Error('not opened')), end: () => undefined }
  const names = buildProgram('0', session).commands.map((command) => command.name())
  const flags = new Set(['--help', '--version'])
  const collect = (command: Command): void => {
    for (const { long } of command.options) if (long) flags.add(long)
  }
  for (const name of names) {
    const program = buildProgram('0', session)
      .exitOverride()
      .configureOutput({ writeOut: () => undefined })
    for (const command of program.commands) command.copyInheritedSettings(program)
    await program.parseAsync([name, '--help'], { from: 'user' }).catch(() => undefined)
    collect(program)
    for (const command of program.commands) collect(command)
  }
  return { commands: new Set(names), flags }
}
