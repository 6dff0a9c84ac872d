import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { irsa, temporaryFolder } from '../support/cli.ts'

const NOWHERE = 'http://127.0.0.1:1'

test.each([
  { name: 'flags', flags: ['--endpoint-url', NOWHERE, '--profile', 'nope', '--dry-run'], env: {} },
  { name: 'IRSA_ variables', flags: [], env: { IRSA_ENDPOINT_URL: NOWHERE, IRSA_PROFILE: 'nope' } },
  { name: 'AWS variables', flags: [], env: { AWS_PROFILE: 'nope', AWS_ENDPOINT_URL: NOWHERE } },
  { name: 'FIPS endpoints', flags: [], env: { AWS_USE_FIPS_ENDPOINT: 'true' } },
  { name: 'a proxy', flags: [], env: { HTTPS_PROXY: NOWHERE } },
  { name: 'another partition', flags: ['--region', 'cn-north-1'], env: {} },
])('nothing leads out of the demo: $name', async ({ flags, env }) => {
  await using folder = await temporaryFolder()
  const ended = await irsa(['demo', '-o', 'json', ...flags], {
    cwd: folder.path,
    env: { ...env, TMPDIR: folder.path } as Record<string, string>,
  })
  expect(ended.stderr).toBe('')
  expect(ended.json()).toMatchObject({ kind: 'Demo', ok: true })
  expect(await readdir(folder.path)).toEqual([])
})

test('a region that is none is refused before anything is started', async () => {
  await using folder = await temporaryFolder()
  const ended = await irsa(['sandbox', '--region', 'x;rm -r', '-o', 'json'], { cwd: folder.path })
  expect(ended.problem()).toMatchObject({ code: 'usage/region-invalid', exit: 2 })
})

test('a temporary folder that cannot be made is a problem of its own', async () => {
  await using folder = await temporaryFolder()
  const TMPDIR = join(folder.path, 'absent')
  const ended = await irsa(['demo', '-o', 'json'], { cwd: folder.path, env: { TMPDIR } })
  expect(ended.problem()).toMatchObject({ code: 'files/not-writable', exit: 1 })
})
