import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startIrsa, workplace, type Running, type Workplace } from '../support/cli.ts'
import { said } from '../support/said.ts'
import { CTRL_C, noTerminal, startInTerminal } from '../support/terminal.ts'

const WATCH = ['verify', '--no-cluster', '--watch', '--interval', '1']

let place: Workplace

beforeEach(async () => {
  place = await workplace()
  await place.run(['init', '--name', 'x', '--yes'])
})
afterEach(() => place[Symbol.asyncDispose]())

const bucket = () => [...place.aws.state.buckets.values()][0]!

/** Takes the policy away; answers how to put it back. */
function breakPolicy(): () => void {
  const { policy } = bucket()
  bucket().policy = undefined
  return () => {
    bucket().policy = policy
  }
}

async function interrupt({ child, ended }: Running) {
  child.kill('SIGINT')
  return await ended
}

const FAILED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ discovery pass → fail {2}\S.*$/m
const MENDED = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ discovery fail → pass {2}\S.*$/m

describe('irsa verify --watch', () => {
  test('prints the chain once, then what changes with what mends it, until Ctrl-C', async () => {
    const running = place.start([...WATCH, '--report', 'chain.html'])
    await said(running, 'The chain holds')
    const page = () => readFile(join(place.cwd, 'chain.html'), 'utf8')
    const mend = breakPolicy()
    await said(running, 'discovery pass → fail')
    await expect.poll(page).toContain('The chain is broken at discovery')
    mend()
    await said(running, 'discovery fail → pass')
    await expect.poll(page).toContain('The chain holds')
    const { code, stdout, stderr } = await interrupt(running)
    expect(code).toBe(0)
    expect(stdout.match(/^pass {2}signer-key/gm)).toHaveLength(1)
    expect(stdout).toMatch(FAILED)
    expect(stdout).toMatch(MENDED)
    expect(stdout.slice(stdout.search(FAILED))).toMatch(/^ {2}fix {3}.*:\n {8}irsa apply\b.*$/m)
    expect(stderr.match(/^done/gm)).toHaveLength(1)
    expect(stderr).toContain('Looking again every 1 s; stop with Ctrl-C.')
  })

  test('ends with 1 where the chain was broken when it was last looked at', async () => {
    breakPolicy()
    const running = place.start(WATCH)
    await said(running, 'The chain is broken at discovery')
    expect(await interrupt(running)).toMatchObject({ code: 1 })
  })

  test('with -o json prints a document in one line for each change', async () => {
    const running = place.start([...WATCH, '-o', 'json'])
    await said(running, '"ok":true')
    const mend = breakPolicy()
    await said(running, '"ok":false')
    mend()
    await said(running, '"ok":true')
    const { code, stdout, stderr } = await interrupt(running)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const documents = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(documents.length).toBeGreaterThanOrEqual(3)
    for (const document of documents) {
      expect(document).toMatchObject({ apiVersion: 'irsa/v1', kind: 'Verification' })
      expect(document.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      expect(document.links).toHaveLength(11)
    }
    expect(documents[0].changed).toEqual([])
    expect(documents[1].changed).toContain('discovery')
  })

  test('with -o yaml prints a stream of documents', async () => {
    const running = place.start([...WATCH, '-o', 'yaml'])
    await said(running, 'brokenLink')
    breakPolicy()
    await said(running, 'brokenLink: discovery')
    const { stdout } = await interrupt(running)
    const { parseAllDocuments } = await import('yaml')
    const documents = parseAllDocuments(stdout).map((document) => document.toJS())
    expect(documents.map(({ ok }) => ok).slice(0, 2)).toEqual([true, false])
  })

  test('ends when nobody reads it any more', async () => {
    const running = place.start(WATCH)
    await said(running, 'The chain holds')
    running.child.stdout.destroy()
    breakPolicy()
    expect(await running.ended).toMatchObject({ code: 1, signal: null })
  })

  test('reads a token from standard input once', async () => {
    const { aws, cwd } = place
    const running = startIrsa([...WATCH, '--token', '-'], {
      cwd,
      env: aws.env,
      input: 'eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ.eyJpc3MiOiJodHRwczovL2EifQ.c2lnbmF0dXJl',
    })
    await said(running, 'The chain')
    breakPolicy()
    await said(running, '→ fail')
    const { code, stdout } = await interrupt(running)
    expect(code).toBe(1)
    expect(stdout).not.toContain('eyJ')
  })
})

test.each([
  { args: ['--watch', '--interval', '0'], code: 'usage/invalid' },
  { args: ['--watch', '--interval', '86401'], code: 'usage/invalid' },
  { args: ['--watch', '--interval', '1.5'], code: 'usage/invalid' },
  { args: ['--watch', '--interval', 'often'], code: 'usage/invalid' },
  { args: ['--interval', '5'], code: 'usage/flag-missing' },
])('irsa verify $args is refused', async ({ args, code }) => {
  const before = place.aws.requests.length
  const ended = await place.run(['verify', ...args, '-o', 'json'])
  expect(ended.code).toBe(2)
  expect(ended.problem().code).toBe(code)
  expect(place.aws.requests).toHaveLength(before)
})

describe.skipIf(noTerminal)('irsa verify --watch on a terminal', () => {
  test('shows that it is alive, and leaves no trace of that', async () => {
    const { cwd, aws } = place
    const running = startInTerminal(WATCH, { cwd, env: { ...aws.env, NO_COLOR: '1' } })
    await said(running, 'last looked at')
    breakPolicy()
    await said(running, 'discovery pass → fail')
    await said(running, 'last looked at')
    running.child.stdin.write(CTRL_C)
    const { stdout } = await running.ended
    const lines = stdout.split('\r\u001b[2K')
    expect(lines).toContainEqual(expect.stringMatching(/^20\S+Z discovery pass → fail/))
    expect(lines.at(-1)).toBe('')
  })
})
