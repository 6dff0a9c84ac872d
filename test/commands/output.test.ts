import { describe, expect, test } from 'vitest'
import { irsa, temporaryFolder, workplace } from '../support/cli.ts'

const ESCAPE = '\u001b['

describe('colour', () => {
  const failing = async (env: Record<string, string>, ...args: string[]) => {
    await using folder = await temporaryFolder()
    return (await irsa(['plan', ...args], { cwd: folder.path, env })).stderr.includes(ESCAPE)
  }

  test.each([
    ['a pipe has none', {}, [], false],
    ['FORCE_COLOR turns it on', { FORCE_COLOR: '1' }, [], true],
    ['FORCE_COLOR=0 does not', { FORCE_COLOR: '0' }, [], false],
    ['NO_COLOR wins', { FORCE_COLOR: '1', NO_COLOR: '1' }, [], false],
    ['an empty NO_COLOR says nothing', { FORCE_COLOR: '1', NO_COLOR: '' }, [], true],
    ['--no-color wins', { FORCE_COLOR: '1' }, ['--no-color'], false],
  ])('%s', async (_name, env, args, colored) => {
    expect(await failing(env as Record<string, string>, ...args)).toBe(colored)
  })

  test('without UTF-8, symbols are plain letters', async () => {
    await using folder = await temporaryFolder()
    const env = { LANG: 'C', LC_ALL: 'C' }
    const { stderr } = await irsa(['plan'], { cwd: folder.path, env })
    expect(stderr).toMatch(/^x There is no irsa\.yaml/)
  })
})

describe('a failure', () => {
  test('is drawn on stderr with what, why, fix and code; stdout stays empty', async () => {
    await using folder = await temporaryFolder()
    const ended = await irsa(['plan'], { cwd: folder.path })
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(
      /^✗ .*\n\n {2}why {3}.*\n {2}fix {3}.*\n\n {2}config\/missing, exit 2\n$/,
    )
  })

  test.each([['-o', 'json'], ['--output=json'], ['-ojson']])('%s %s', async (...flags) => {
    await using folder = await temporaryFolder()
    const ended = await irsa(['plan', ...(flags as string[])], { cwd: folder.path })
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    const { apiVersion, kind, ...rest } = JSON.parse(ended.stderr)
    expect([apiVersion, kind]).toEqual(['irsa/v1', 'Problem'])
    expect(Object.keys(rest)).toEqual(['code', 'what', 'why', 'fix', 'exit'])
  })

  test('IRSA_OUTPUT=json', async () => {
    await using folder = await temporaryFolder()
    const env = { IRSA_OUTPUT: 'json' }
    const ended = await irsa(['plan'], { cwd: folder.path, env })
    expect(ended.problem().code).toBe('config/missing')
  })
})

test('--debug traces each request to AWS on stderr, without a header or a body', async () => {
  await using place = await workplace()
  const { stderr, stdout } = await place.run(['init', '--name', 'x', '--yes', '--debug'])
  expect(stderr).toMatch(/debug: sts GetCallerIdentity 200 \d+ ms/)
  expect(stderr).toMatch(/debug: s3 CreateBucket 200 \d+ ms/)
  expect(stderr + stdout).not.toContain(place.aws.env['AWS_SECRET_ACCESS_KEY'])
  expect(stderr + stdout).not.toMatch(/authorization|PRIVATE KEY/i)
})
