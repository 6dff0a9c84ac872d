import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { kubectl } from '../../src/adapters/kubectl.ts'
import { temporaryFolder } from '../support/cli.ts'

afterEach(() => vi.unstubAllEnvs())

/** Puts a script in the PATH under the name of kubectl. */
async function standIn(script: string) {
  const folder = await temporaryFolder()
  await writeFile(join(folder.path, 'kubectl'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder.path, 'kubectl'), 0o755)
  vi.stubEnv('PATH', `${folder.path}:${process.env['PATH']}`)
  return folder
}

test('gives what kubectl prints', async () => {
  await using _folder = await standIn('echo "$@"')
  expect(await kubectl(['get', '--raw', '/openid/v1/jwks'])).toBe('get --raw /openid/v1/jwks\n')
})

test('says what kubectl said when it fails', async () => {
  await using _folder = await standIn('echo "error: You must be logged in" >&2; exit 1')
  const asking = kubectl(['get', '--raw', '/openid/v1/jwks'])
  await expect(asking).rejects.toMatchObject({
    code: 'kubectl/failed',
    why: 'It said: error: You must be logged in',
    exit: 1,
  })
})

test('leaves out what the libraries of kubectl log meanwhile', async () => {
  const log = 'E1122 10:16:14.462669 17387 memcache.go:265] "Unhandled Error"'
  await using _folder = await standIn(`echo '${log}' >&2; echo refused >&2; exit 1`)
  const asking = kubectl(['get', 'nodes'])
  await expect(asking).rejects.toMatchObject({ why: 'It said: refused' })
})

test('is not asked with a name that would be an option', async () => {
  await using _folder = await standIn('echo "$@"')
  const server = '--server=http://127.0.0.1:18999'
  for (const args of [
    ['-n', 'shop', 'get', 'secret', server],
    ['-n', server, 'get', 'secret', 'a'],
    ['get', 'pod', '-s', 'http://127.0.0.1:18999'],
    ['create', 'token', '--kubeconfig', '/tmp/other'],
  ]) {
    await expect(kubectl(args)).rejects.toMatchObject({ code: 'kubectl/foreign-option' })
  }
})

test('says so when there is no kubectl', async () => {
  await using folder = await temporaryFolder()
  vi.stubEnv('PATH', folder.path)
  await expect(kubectl(['get', '--raw', '/openid/v1/jwks'])).rejects.toMatchObject({
    code: 'kubectl/missing',
  })
})
