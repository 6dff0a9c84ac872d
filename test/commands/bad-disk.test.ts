import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cleanEnv, ENTRY, workplace, type Ended, type Workplace } from '../support/cli.ts'
import { expectNoStack, expectProblem, expectRefusal } from '../support/problems.ts'
import { publicPem, rsa } from '../support/signers.ts'

const KEYPAIR = ['generate-keypair', '--out-dir', 'work/keys']
const ISSUER = ['--issuer', 'https://oidc.example.com']
const DOCUMENTS = [
  'build-documents',
  ...ISSUER,
  '--public-key',
  'sa.pub',
  '--out-dir',
  'work/public',
]
const INIT = ['init', '--name', 'blue', '--yes', '--config', 'work/irsa.yaml']

async function placeWithKey(): Promise<Workplace> {
  const place = await workplace()
  await writeFile(join(place.cwd, 'sa.pub'), publicPem(rsa()))
  return place
}

describe.each([[KEYPAIR], [DOCUMENTS], [INIT]])('irsa %j', (args) => {
  test('with a file where a folder is needed writes nothing', async () => {
    await using place = await placeWithKey()
    await writeFile(join(place.cwd, 'work'), 'a file\n')
    const expected = { code: 'files/not-writable', exit: 1, says: ['work'] } as const
    await expectRefusal(place, args, expected)
  })

  test('with a link that leads nowhere writes nothing', async () => {
    await using place = await placeWithKey()
    await symlink('/nonexistent/place', join(place.cwd, 'work'))
    const expected = { code: 'files/not-writable', exit: 1, says: ['work'] } as const
    await expectRefusal(place, args, expected)
  })

  test.skipIf(!canMount())('in a read-only folder writes nothing', async () => {
    await using place = await placeWithKey()
    await mkdir(join(place.cwd, 'work'))
    const ended = await mounted(place, 'ro', args)
    const says = [/read-only file system/i]
    expectProblem(ended, { code: 'files/not-writable', exit: 1, says })
    expect(place.aws.state.buckets.size).toBe(0)
    expect(place.aws.state.providers.size).toBe(0)
  })

  test.skipIf(!canMount())('on a full disk writes nothing, and leaves no half file', async () => {
    await using place = await placeWithKey()
    await mkdir(join(place.cwd, 'work'))
    const ended = await mounted(place, 'size=4k', args, 'head -c 4096 /dev/zero > work/ballast;')
    expectProblem(ended, { code: 'files/disk-full', exit: 1, says: [/no space left/i] })
    expect(place.aws.state.buckets.size).toBe(0)
    const left = await readdir(join(place.cwd, 'left'), { recursive: true }).catch(() => [])
    expect(left.filter((name) => /sa-signer|keys\.json|openid|irsa\.yaml|tmp/.test(name))).toEqual(
      [],
    )
  })
})

/** Mounting needs a user namespace of one's own, which some kernels and containers do not give. */
function canMount(): boolean {
  return spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0
}

/** Runs irsa where `work` is a file system of its own; what is in it afterwards is copied to `left`. */
async function mounted(
  { cwd, aws }: Workplace,
  options: string,
  args: readonly string[],
  prepare = '',
): Promise<Ended> {
  const script = `mount -t tmpfs -o ${options} none work; ${prepare} "$@"; code=$?; cp -a work left; exit $code`
  const command = [process.execPath, ENTRY, ...args, '-o', 'json']
  const env = { ...cleanEnv(), ...aws.env }
  const child = spawn('unshare', ['-rm', 'sh', '-c', script, 'sh', ...command], { cwd, env })
  const streams = [child.stdout, child.stderr].map((stream) => stream.setEncoding('utf8').toArray())
  const [[code], ...parts] = await Promise.all([once(child, 'exit'), ...streams])
  const [stdout = '', stderr = ''] = parts.map((chunks) => chunks.join(''))
  const parsed = { json: () => JSON.parse(stdout), problem: () => JSON.parse(stderr) }
  return { code, signal: null, stdout, stderr, ...parsed }
}

describe('standard output', () => {
  const shell = (cwd: string, script: string) =>
    spawnSync('bash', ['-c', script, 'bash', process.execPath, ENTRY], {
      cwd,
      env: cleanEnv(),
      encoding: 'utf8',
    })

  test.each(['', '-o json'])(
    'on a full disk is a problem, and the work is done all the same: %j',
    async (flags) => {
      await using place = await placeWithKey()
      const { status, stderr } = shell(place.cwd, `"$@" generate-keypair ${flags} > /dev/full`)
      expectNoStack({ stdout: '', stderr } as Ended)
      expect(stderr).toContain('files/output')
      expect(status).toBe(1)
      expect((await readdir(join(place.cwd, 'keys'))).toSorted()).toContain('sa-signer.key')
    },
  )

  test('is never a reason for a stack, wherever it goes', async () => {
    await using place = await placeWithKey()
    for (const target of [
      '> /dev/full',
      '>&-',
      '2>&-',
      '2> /dev/full',
      '>&- 2>&-',
      '< /dev/null',
    ]) {
      const { stdout, stderr } = shell(place.cwd, `"$@" generate-keypair ${target}`)
      expectNoStack({ stdout, stderr } as Ended)
    }
  })
})

test('a temporary file of a killed run does not get in the way', async () => {
  await using place = await placeWithKey()
  await mkdir(join(place.cwd, 'keys'))
  await writeFile(join(place.cwd, 'keys/.sa-signer.key.0123456789ab.tmp'), 'half')
  expect(await place.run(['generate-keypair'])).toMatchObject({ code: 0 })
  execFileSync('git', ['init', '-q'], { cwd: place.cwd })
  const ignored = execFileSync('git', ['status', '--short', '-uall', 'keys'], {
    cwd: place.cwd,
    encoding: 'utf8',
  })
  expect(ignored).not.toMatch(/\.key/)
})
