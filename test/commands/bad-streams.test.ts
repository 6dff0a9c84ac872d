import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cleanEnv, ENTRY, workplace, type Ended, type Workplace } from '../support/cli.ts'
import { expectNoStack, expectProblem, listing } from '../support/problems.ts'
import { publicPem, rsa } from '../support/signers.ts'

const INIT = ['init', '--name', 'blue', '--yes']

/** Runs irsa for a reader that has gone before anything is written. */
async function unread(
  { cwd, aws }: Workplace,
  args: readonly string[],
  gone: readonly ('stdout' | 'stderr')[],
): Promise<Pick<Ended, 'code' | 'stderr'>> {
  const env = { ...cleanEnv(), ...aws.env }
  const child = spawn(process.execPath, [ENTRY, ...args], { cwd, env })
  for (const stream of gone) child[stream].destroy()
  const reading = gone.includes('stderr') ? [] : child.stderr.setEncoding('utf8').toArray()
  const [code] = await once(child, 'exit')
  return { code, stderr: (await reading).join('') }
}

describe.each([[['stdout']], [['stderr']], [['stdout', 'stderr']]] as const)(
  'with nobody reading %j',
  (gone) => {
    test.each([[INIT], [[...INIT, '-o', 'json']], [[...INIT, '--debug']]])(
      'irsa %j does all of its work',
      async (args) => {
        await using place = await workplace()
        const { code, stderr } = await unread(place, args, gone)
        expectNoStack({ stdout: '', stderr } as Ended)
        expect(code).toBe(0)
        expect(place.aws.state.providers.size).toBe(1)
        expect(Object.keys(await listing(place.cwd))).toContain('irsa.yaml')
      },
    )

    test('irsa destroy takes everything away', async () => {
      await using place = await workplace()
      expect(await place.run(INIT)).toMatchObject({ code: 0 })
      const { code } = await unread(place, ['destroy', '--confirm', 'blue'], gone)
      expect(code).toBe(0)
      expect(place.aws.state.providers.size).toBe(0)
      expect(place.aws.state.buckets.size).toBe(0)
    })
  },
)

test.each([
  'plan',
  'plan -o json',
  '--help',
  'help environment',
  'print-apiserver-flags',
  '--version',
])('irsa %s | head -1 is quiet', async (command) => {
  await using place = await workplace()
  expect(await place.run(INIT)).toMatchObject({ code: 0 })
  const script = `set -o pipefail; "$0" "${ENTRY}" ${command} | head -1`
  const env = { ...cleanEnv(), ...place.aws.env }
  const child = spawn('bash', ['-c', script, process.execPath], { cwd: place.cwd, env })
  const [stdout, stderr] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray()),
  )
  if (child.exitCode === null) await once(child, 'close')
  const texts = { stdout: stdout!.join(''), stderr: stderr!.join('') }
  expectNoStack(texts as Ended)
  expect(texts.stderr).not.toMatch(/EPIPE/)
  expect(texts.stdout.split('\n')).toHaveLength(2)
  expect(child.exitCode).toBe(0)
})

describe('a failure in JSON mode is one object on stderr', () => {
  const KEY = ['--public-key', 'sa.pub']
  const ROWS: readonly (readonly [string, readonly string[], string, 1 | 2 | 4])[] = [
    ['exit 1', ['create-provider', '--issuer', 'https://127.0.0.1:9'], 'network/refused', 1],
    ['exit 2', ['plan'], 'config/missing', 2],
    ['exit 2 of the parser', ['plan', '--colour'], 'usage/invalid', 2],
    ['exit 4', ['publish-jwks', '--bucket', 'taken', ...KEY], 'bucket/out-of-reach', 4],
  ]
  const taken = { name: 'taken', account: '999988887777', region: 'eu-west-3' }

  test.each(ROWS)('%s, however it is asked for', async (_, args, code, exit) => {
    await using place = await workplace({ takenBuckets: [taken] })
    await writeFile(join(place.cwd, 'sa.pub'), publicPem(rsa()))
    for (const flags of [['-o', 'json'], ['-ojson'], ['--output=json'], ['--output', 'json']]) {
      expectProblem(await place.run([...args, ...flags]), { code, exit })
      expectProblem(await place.run([...flags, ...args]), { code, exit })
    }
    expectProblem(await place.run(args, { IRSA_OUTPUT: 'json' }), { code, exit })
    expectProblem(await place.run([...args, '-o', 'json', '--quiet']), { code, exit })
  })

  test.each(ROWS)('and words for people otherwise: %s', async (_, args, code, exit) => {
    await using place = await workplace({ takenBuckets: [taken] })
    await writeFile(join(place.cwd, 'sa.pub'), publicPem(rsa()))
    const ended = await place.run(args)
    expectNoStack(ended)
    expect(ended).toMatchObject({ code: exit, stdout: '' })
    expect(ended.stderr).toMatch(/why [^]*fix /)
    expect(ended.stderr.trim().split('\n').at(-1)).toBe(`  ${code}, exit ${exit}`)
  })
})
