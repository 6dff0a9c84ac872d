import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { irsa, temporaryFolder } from '../support/cli.ts'

const STEPS = ['init', 'role', 'token', 'exchange', 'break', 'notice', 'mend', 'destroy']

test('irsa demo tells the whole story, and leaves nothing behind', async () => {
  await using folder = await temporaryFolder()
  await using temporary = await temporaryFolder()
  const env = { TMPDIR: temporary.path, AWS_PROFILE: 'production', AWS_REGION: 'us-east-1' }
  const { code, stdout, stderr } = await irsa(['demo'], { cwd: folder.path, env })
  expect(code).toBe(0)
  const links = ['signer-key', 'discovery', 'jwks', 'provider', 'audience', 'token', 'role', 'sts']
  for (const link of links) expect(stdout).toMatch(new RegExp(`─▶ ${link} +✓ `))
  expect(stderr).toContain('STS refuses the token: InvalidIdentityToken')
  expect(stderr).toContain('irsa init')
  expect(stdout + stderr).not.toContain('✗')
  expect([...(await readdir(folder.path)), ...(await readdir(temporary.path))]).toEqual([])
})

test('irsa demo --output json', async () => {
  await using folder = await temporaryFolder()
  const ended = await irsa(['demo', '--output', 'json'], { cwd: folder.path })
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.json()).toEqual({
    apiVersion: 'irsa/v1',
    kind: 'Demo',
    ok: true,
    steps: STEPS.map((id) => ({ id, status: 'pass', summary: expect.any(String) })),
  })
})
