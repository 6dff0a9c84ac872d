import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LINK_IDS } from '../../src/core/verify/link.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import { noTerminal, startInTerminal } from '../support/terminal.ts'
import type { PrintedLink } from '../support/verified.ts'

const VERIFY = ['verify', '--no-cluster']

let place: Workplace
let policy: string | undefined

beforeAll(async () => {
  place = await workplace()
  await place.run(['init', '--name', 'x', '--yes'])
})
afterAll(() => place[Symbol.asyncDispose]())

const bucket = () => [...place.aws.state.buckets.values()][0]!

/** The documents cannot be read by anybody while the work goes on. */
async function whileBroken<T>(work: () => Promise<T>): Promise<T> {
  policy = bucket().policy
  bucket().policy = undefined
  try {
    return await work()
  } finally {
    bucket().policy = policy
  }
}

describe('irsa verify', () => {
  test('in a pipe prints a line for each link, with the verdict last', async () => {
    const { code, stdout, stderr } = await place.run(VERIFY)
    expect(code, stdout).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.slice(0, 11).map((line) => line.split(/ +/)[1])).toEqual(LINK_IDS)
    expect(lines[0]).toMatch(/^pass {2}signer-key {2}kid /)
    expect(lines.at(-1)).toMatch(/^The chain holds, as far as it was walked: \d of 11 links proved/)
    expect(stderr).toMatch(/^done {4}Walking the chain of https:/)
    expect(stderr).toContain('irsa verify --no-cluster --service-account NAMESPACE/NAME --sign')
    expect(stdout + stderr).not.toMatch(/undefined|\[object/)
  })

  test('names the broken link, ends with 1, and says what to type', async () => {
    const { code, stdout, stderr } = await whileBroken(() => place.run(VERIFY))
    expect(code).toBe(1)
    expect(stdout).toMatch(/^fail {2}discovery {3}/m)
    expect(stdout).toMatch(/\nfail discovery: .*\n\n {2}why {3}.*\n(.*\n)*? {2}fix {3}.*\n/)
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^The chain is broken at discovery/)
    const [, next = ''] = stderr.split('\nNext\n')
    expect(next).toMatch(/^ {2}irsa apply .*# mends discovery\n/)
    expect(next).toContain('  irsa verify --no-cluster  ')
    expect(next).toContain('  irsa verify --no-cluster --report chain.html  ')
  })

  test('what it says to type next mends it', async () => {
    bucket().policy = undefined
    const { stderr } = await place.run(VERIFY)
    const [, command = ''] = /\nNext\n {2}irsa (.*?) +# mends/.exec(stderr) ?? []
    expect((await place.run([...command.split(' '), '--yes'])).code).toBe(0)
    expect((await place.run(VERIFY)).code).toBe(0)
  })

  test('with --quiet prints the result alone', async () => {
    const { code, stdout, stderr } = await place.run([...VERIFY, '--quiet'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('\nThe chain holds')
  })

  test('with -o json prints what scripts rely on, and where it broke', async () => {
    const ended = await whileBroken(() => place.run([...VERIFY, '-o', 'json']))
    expect(ended).toMatchObject({ code: 1, stderr: '' })
    const document = ended.json<{ links: PrintedLink[] }>()
    expect(document).toMatchObject({
      apiVersion: 'irsa/v1',
      kind: 'Verification',
      ok: false,
      brokenLink: 'discovery',
    })
    expect(document.links.map(({ id }) => id)).toEqual(LINK_IDS)
    for (const link of document.links) {
      expect(link).toMatchObject({
        status: expect.stringMatching(/^(pass|warn|fail|skip)$/),
        summary: expect.stringMatching(/\S/),
        why: expect.any(String),
        fix: expect.any(String),
        findings: expect.any(Array),
        evidence: expect.any(Array),
      })
    }
  })

  test('with -o yaml says the same', async () => {
    const { stdout } = await place.run([...VERIFY, '-o', 'yaml'])
    const { parse } = await import('yaml')
    expect(parse(stdout)).toMatchObject({ kind: 'Verification', ok: true, brokenLink: null })
  })
})

describe.skipIf(noTerminal)('irsa verify on a terminal', () => {
  test('draws the chain', async () => {
    const { cwd, aws } = place
    const { code, stdout } = await whileBroken(
      () => startInTerminal(VERIFY, { cwd, env: { ...aws.env, NO_COLOR: '1' } }).ended,
    )
    expect(code).toBe(1)
    const lines = stdout.split(/\r?\n/)
    const pod = lines.indexOf('  pod')
    expect(lines[pod + 1]).toMatch(/^ {3}├─▶ signer-key {2}✓ kid /)
    expect(stdout).toMatch(/├─╳ discovery {3}✗ BROKEN HERE:/)
    expect(stdout).toMatch(/└╌╌ sts {9}· not looked at/)
    expect(stdout).toMatch(/\n· apiserver, webhook: not looked at\r?\n {2}why {3}/)
  })
})
