import { readdir } from 'node:fs/promises'
import { describe, expect, test, vi } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { said } from '../support/said.ts'
import { noTerminal, startInTerminal } from '../support/terminal.ts'

vi.setConfig({ testTimeout: 60_000 })

const ENTER = '\r'
const DOWN = '\u001b[B'

/** Answers questions as they come up: what is asked, and what is typed. */
async function answering(
  { cwd, aws }: Workplace,
  args: readonly string[],
  answers: readonly (readonly [question: string, typed: string])[],
  env: Record<string, string> = {},
) {
  const running = startInTerminal(args, { cwd, env: { ...aws.env, ...env } })
  for (const [question, typed] of answers) {
    await Promise.race([said(running, question), running.ended])
    running.child.stdin.write(typed)
  }
  const { code, stdout } = await running.ended
  return { code, text: stdout }
}

const QUESTIONS = [
  ['A short name for this cluster', `blue${ENTER}`],
  ['The AWS region for the bucket', ENTER],
  ['Where should the two public documents', ENTER],
  ['The bucket:', ENTER],
  ['Does the cluster exist already', ENTER],
] as const

describe.skipIf(noTerminal)('on a terminal', () => {
  test('init asks for what no flag gave, shows the plan, asks, and does it', async () => {
    await using place = await workplace()
    const { code, text } = await answering(
      place,
      ['init'],
      [...QUESTIONS, ['Do this in account 111122223333?', `y${ENTER}`]],
    )
    expect(text).toContain('8 to create')
    expect(code).toBe(0)
    expect([...place.aws.state.buckets.keys()]).toEqual(['irsa-blue-111122223333-eu-west-3-an'])
    // Green plus signs, a spinner, and finished steps that stay.
    expect(text).toContain('\u001b[32m+\u001b[39m')
    expect(text).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] Looking at what is there/)
    expect(text).toContain('\u001b[32m✓\u001b[39m Looking at what is there')
    expect(text).toContain('\u001b[32m✓\u001b[39m Creating key-pair keys/sa-signer.key')
  })

  test('an answer that will not do is asked again', async () => {
    await using place = await workplace()
    const { text } = await answering(
      place,
      ['init', '--dry-run'],
      [
        ['A short name for this cluster', `Blue${ENTER}`],
        ['does not fit as the name of an issuer', '\b\b\b\bblue\r'],
        ...QUESTIONS.slice(1),
      ],
    )
    expect(text).toContain('does not fit as the name of an issuer')
  })

  test('no is the default, and then nothing is made', async () => {
    await using place = await workplace()
    const { code, text } = await answering(
      place,
      [
        'init',
        '--name',
        'blue',
        '--region',
        'eu-west-3',
        '--host',
        's3',
        '--key-bits',
        '2048',
      ].concat(['--bucket', 'oidc-acme']),
      [['Do this in account', ENTER]],
    )
    expect(code).toBe(1)
    expect(text).toContain('Nothing was changed.')
    expect(await readdir(place.cwd)).toEqual(['aws'])
    expect(place.aws.state.buckets.size).toBe(0)
  })

  test('a folder, and a key of the cluster', async () => {
    await using place = await workplace()
    const { code, text } = await answering(
      place,
      ['init', '--name', 'blue'],
      [
        QUESTIONS[1],
        ['Where should the two public documents', `${DOWN}${ENTER}`],
        ['The folder for the documents', ENTER],
        ['The https URL under which', `https://oidc.example.com${ENTER}`],
        ['Does the cluster exist already', `${DOWN}${ENTER}`],
        ['The public key of its signer', `missing.pub${ENTER}`],
      ],
    )
    expect(code).toBe(2)
    expect(text).toContain('There is no file missing.pub')
  })

  test('destroy has the name typed', async () => {
    await using place = await workplace()
    await place.run(['init', '--name', 'blue', '--yes'])
    const wrong = await answering(place, ['destroy'], [['Type the name', `green${ENTER}`]])
    expect(wrong.code).toBe(2)
    expect(place.aws.state.providers.size).toBe(1)
    const right = await answering(place, ['destroy'], [['Type the name', `blue${ENTER}`]])
    expect(right.code).toBe(0)
    expect(place.aws.state.providers.size).toBe(0)
  })

  test.each([
    ['--no-input', ['--no-input'], {}],
    ['IRSA_YES and no name', [], { IRSA_YES: '1' }],
  ])('%s asks nothing', async (_name, args, env) => {
    await using place = await workplace()
    const { code, text } = await answering(place, ['init', ...args], [], env as never)
    expect(code).toBe(2)
    expect(text).toContain('--name')
  })

  test('TERM=dumb and NO_COLOR: no colours', async () => {
    await using place = await workplace()
    const { text } = await answering(place, ['plan'], [], { NO_COLOR: '1' })
    expect(text).not.toContain('\u001b[3')
  })
})

describe('without a terminal', () => {
  test('a name has no default, and its flag is named', async () => {
    await using place = await workplace()
    const ended = await place.run(['init', '-o', 'json'])
    expect(ended.problem()).toMatchObject({ code: 'usage/answer-missing', exit: 2 })
    expect(ended.problem().what).toContain('--name')
    expect(await readdir(place.cwd)).toEqual(['aws'])
  })

  test('a plan with something to do wants --yes', async () => {
    await using place = await workplace()
    const ended = await place.run(['init', '--name', 'blue', '-o', 'json'])
    expect(ended.problem()).toMatchObject({ code: 'usage/yes-required', exit: 2 })
    expect(await readdir(place.cwd)).toEqual(['aws'])
  })
})
