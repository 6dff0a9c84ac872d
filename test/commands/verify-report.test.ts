import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'

const VERIFY = ['verify', '--no-cluster']

let place: Workplace

beforeAll(async () => {
  place = await workplace()
  await place.run(['init', '--name', 'x', '--yes'])
})
afterAll(() => place[Symbol.asyncDispose]())

const read = (name: string): Promise<string> => readFile(join(place.cwd, name), 'utf8')
const write = (name: string, text: string): Promise<void> => writeFile(join(place.cwd, name), text)

describe('irsa verify --report', () => {
  test('writes a page, and says where', async () => {
    const { code, stdout, stderr } = await place.run([...VERIFY, '--report', 'chain.html'])
    expect(code, stderr).toBe(0)
    expect(stderr).toContain('\nWritten to chain.html.\n')
    const page = await read('chain.html')
    expect(page).toContain(stdout.trimEnd().split('\n').at(-1))
    expect(page).toContain('<meta name="generator" content="irsa ')
    expect(await readdir(place.cwd)).not.toContainEqual(expect.stringContaining('.tmp'))
  })

  test('replaces an older page, and fills an empty file', async () => {
    await write('empty.html', '')
    const bucket = [...place.aws.state.buckets.values()][0]!
    const { policy } = bucket
    bucket.policy = undefined
    const broken = await place.run([...VERIFY, '--report', 'chain.html', '-o', 'json'])
    bucket.policy = policy
    expect(broken).toMatchObject({ code: 1, stderr: '' })
    expect(broken.json()).toMatchObject({ brokenLink: 'discovery' })
    expect(await read('chain.html')).toContain('The chain is broken at discovery')
    expect((await place.run([...VERIFY, '--report', 'empty.html'])).code).toBe(0)
    expect(await read('empty.html')).toContain('The chain holds')
  })

  test('with --dry-run writes nothing', async () => {
    const { code, stderr } = await place.run([...VERIFY, '--report', 'dry.html', '--dry-run'])
    expect(code).toBe(0)
    expect(stderr).toContain('Would be written to dry.html.')
    await expect(read('dry.html')).rejects.toThrow('ENOENT')
  })

  test.each([
    { name: 'a file of somebody else', file: 'mine.html', code: 'files/not-a-report' },
    { name: 'a folder that is not there', file: 'absent/chain.html', code: 'files/no-place' },
    { name: 'a file as a folder', file: 'mine.html/chain.html', code: 'files/no-place' },
    { name: 'a folder', file: 'folder', code: 'files/no-place' },
    { name: 'a device', file: '/dev/null', code: 'files/no-place' },
    { name: 'standard output', file: '-', code: 'usage/invalid' },
    { name: 'no name', file: '', code: 'usage/invalid' },
  ])('refuses $name before anything is asked', async ({ file, code }) => {
    await mkdir(join(place.cwd, 'folder'), { recursive: true })
    await write('mine.html', '<!doctype html><title>My thesis</title>')
    const before = place.aws.requests.length
    const ended = await place.run([...VERIFY, '--report', file, '-o', 'json'])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.problem()).toMatchObject({ code })
    expect(place.aws.requests).toHaveLength(before)
    expect(await read('mine.html')).toBe('<!doctype html><title>My thesis</title>')
  })

  test('has neither the token nor the private key in it, and nor has anything else', async () => {
    const { stdout, stderr } = await place.run([...VERIFY, '--sign', '--report', 'signed.html'])
    const page = await read('signed.html')
    const json = await place.run([...VERIFY, '--sign', '-o', 'json', '--debug'])
    for (const text of [page, stdout, stderr, json.stdout, json.stderr]) {
      expect(text).not.toMatch(/eyJ[\w-]{8,}\.|PRIVATE KEY-----/)
    }
  })
})
