import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { temporaryFolder } from '../support/cli.ts'
import { templates } from '../support/manifests.ts'

/** The script as it stands in the template: nothing of it is filled in. */
const [SCRIPT = ''] = parse(templates('workload/test-job.yaml')).spec.template.spec.containers[0]
  .args as string[]

/** aws-cli, as far as the script uses it: says who it is, and keeps objects in a folder. */
const AWS = `#!/bin/sh
echo "$*" >> "$FOLDER/calls"
case "$*" in
  'sts get-caller-identity --query Arn --output text')
    [ -n "$IDENTITY" ] || { echo 'An error occurred (AccessDenied)' >&2; exit 254; }
    echo "$IDENTITY" ;;
  's3 cp --only-show-errors - s3://'*)
    [ "$REFUSED" != write ] || { echo 'AccessDenied on PutObject' >&2; exit 1; }
    cat > "$FOLDER/object" ;;
  's3 cp --only-show-errors s3://'*' -')
    [ "$REFUSED" != read ] || { echo 'AccessDenied on GetObject' >&2; exit 1; }
    if [ -n "$OTHER" ]; then echo "$OTHER"; else cat "$FOLDER/object"; fi ;;
  *) echo "unexpected: $*" >&2; exit 2 ;;
esac
`

const WANTED_IDENTITY = 'arn:aws:sts::111122223333:assumed-role/shop-checkout/'
const RIGHT = `${WANTED_IDENTITY}botocore-session-1`
const BUCKET = { BUCKET: 'acme-test', KEY: 'irsa-test/shop/checkout' }

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** What aws was called with. */
  readonly calls: readonly string[]
  readonly object: string | undefined
}

async function run(env: Readonly<Record<string, string>>): Promise<Ran> {
  await using folder = await temporaryFolder()
  const bin = join(folder.path, 'bin')
  await mkdir(bin)
  await writeFile(join(bin, 'aws'), AWS)
  await chmod(join(bin, 'aws'), 0o755)
  const token = join(folder.path, 'token')
  await writeFile(token, 'a token')
  const all = {
    PATH: `${bin}:/usr/bin:/bin`,
    FOLDER: folder.path,
    AWS_WEB_IDENTITY_TOKEN_FILE: token,
    WANTED_IDENTITY,
    POD_NAME: 'irsa-test-checkout-x2x4z',
    ...env,
  }
  const ended = await new Promise<Omit<Ran, 'calls' | 'object'>>((resolve) => {
    execFile('/bin/sh', ['-c', SCRIPT], { env: all }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    )
  })
  const read = (name: string) => readFile(join(folder.path, name), 'utf8').catch(() => undefined)
  const calls = (await read('calls'))?.trimEnd().split('\n') ?? []
  return { ...ended, calls, object: await read('object') }
}

test('a shell can read the script', async () => {
  const ended = new Promise<string>((resolve) => {
    execFile('/bin/sh', ['-n', '-c', SCRIPT], (_error, _stdout, stderr) => resolve(stderr))
  })
  expect(await ended).toBe('')
})

describe('who the pod is', () => {
  test('the role: passes, and touches no bucket', async () => {
    const ran = await run({ IDENTITY: RIGHT })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.stdout).toBe(`This pod is ${RIGHT}, as it should be.\n`)
    expect(ran.calls).toHaveLength(1)
  })

  test.each([
    ['the node', 'arn:aws:sts::111122223333:assumed-role/nodes/i-0123456789abcdef0'],
    ['a role that begins alike', 'arn:aws:sts::111122223333:assumed-role/shop-checkout-2/s'],
    ['a role of another account', 'arn:aws:sts::444455556666:assumed-role/shop-checkout/s'],
    ['a user', 'arn:aws:iam::111122223333:user/shop-checkout'],
    ['nobody in particular', WANTED_IDENTITY],
  ])('%s: fails, and touches no bucket', async (_, IDENTITY) => {
    const ran = await run({ IDENTITY, ...BUCKET })
    expect(ran).toMatchObject({ code: 1, stdout: '', object: undefined })
    expect(ran.stderr).toBe(
      `FAILED: This pod is ${IDENTITY}, but it should be ${WANTED_IDENTITY}SESSION.\n`,
    )
  })

  test('a wildcard in the wanted role is not one', async () => {
    const wanted = 'arn:aws:sts::111122223333:assumed-role/*/'
    const ran = await run({ IDENTITY: RIGHT, WANTED_IDENTITY: wanted })
    expect(ran.code).toBe(1)
  })

  test('STS refuses: fails, with what it said', async () => {
    const ran = await run({ IDENTITY: '' })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toMatch(/^An error occurred.*\nFAILED: STS gave no credentials/)
  })

  test.each([
    ['no token', '', /was given no token/],
    ['a token that is not there', '/nonexistent/token', /cannot be read: \/nonexistent\/token/],
  ])('%s: fails, and asks nobody', async (_, AWS_WEB_IDENTITY_TOKEN_FILE, said) => {
    const ran = await run({ IDENTITY: RIGHT, AWS_WEB_IDENTITY_TOKEN_FILE })
    expect(ran).toMatchObject({ code: 1, stdout: '', calls: [] })
    expect(ran.stderr).toMatch(said)
  })
})

describe('with a bucket', () => {
  const PLACE = 's3://acme-test/irsa-test/shop/checkout'

  test('writes an object that names the pod, and reads it back', async () => {
    const ran = await run({ IDENTITY: RIGHT, ...BUCKET })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.object).toBe('Written by the pod irsa-test-checkout-x2x4z.\n')
    expect(ran.stdout).toContain(`It wrote ${PLACE} and read it back.\n`)
    expect(ran.calls.slice(1)).toEqual([
      `s3 cp --only-show-errors - ${PLACE}`,
      `s3 cp --only-show-errors ${PLACE} -`,
    ])
  })

  test.each([
    ['write', 's3:PutObject'],
    ['read', 's3:GetObject'],
  ])('may not %s: fails, and names the permission', async (REFUSED, action) => {
    const ran = await run({ IDENTITY: RIGHT, ...BUCKET, REFUSED })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      `FAILED: The role may not ${REFUSED} ${PLACE}, for which it needs ${action}.\n`,
    )
  })

  test('what is read is not what was written: fails', async () => {
    const ran = await run({ IDENTITY: RIGHT, ...BUCKET, OTHER: 'of an earlier run' })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('something else than what was written: of an earlier run')
  })
})
