import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { ENTRY, irsa, startIrsa, temporaryFolder } from '../support/cli.ts'
import { said } from '../support/said.ts'

describe('irsa sandbox -- COMMAND', () => {
  test('runs one command in it, and passes its exit code on', async () => {
    await using folder = await temporaryFolder()
    const command = [process.execPath, '-e', 'process.exit(7)']
    const ended = await irsa(['sandbox', '--', ...command], { cwd: folder.path })
    expect(ended.code).toBe(7)
  })

  test('irsa itself works in it, whatever the environment says', async () => {
    await using folder = await temporaryFolder()
    const command = [process.execPath, ENTRY, 'init', '--name', 'demo', '--yes', '-o', 'json']
    const ended = await irsa(['sandbox', '--region', 'eu-west-1', '--', ...command], {
      cwd: folder.path,
      env: { AWS_PROFILE: 'production', AWS_ENDPOINT_URL_S3: 'https://s3.example.com' },
    })
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({ kind: 'Applied', region: 'eu-west-1' })
  })

  test('a command that is not there is a problem', async () => {
    await using folder = await temporaryFolder()
    const ended = await irsa(['sandbox', '-o', 'json', '--', 'no-such-program'], {
      cwd: folder.path,
    })
    expect(ended.problem()).toMatchObject({ code: 'files/program', exit: 2 })
  })
})

describe('irsa sandbox', () => {
  test('prints its environment, runs until stopped, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder()
    await using temporary = await temporaryFolder()
    const env = { TMPDIR: temporary.path, AWS_PROFILE: 'production' }
    const running = startIrsa(['sandbox'], { cwd: folder.path, env })
    await said(running, 'Stop it with Ctrl-C')
    expect(await readdir(temporary.path)).toHaveLength(1)
    running.child.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toContain('unset AWS_PROFILE')
    expect(lines).toContainEqual(
      expect.stringMatching(/^export AWS_ENDPOINT_URL=https:\/\/localhost:\d+$/),
    )
    expect(lines.every((line) => /^(export \w+=\S+|unset \w+)$/.test(line))).toBe(true)
    expect(await readdir(temporary.path)).toEqual([])
    expect(await readdir(folder.path)).toEqual([])
  })

  test('--output json, --plain-http', async () => {
    await using folder = await temporaryFolder()
    const args = ['sandbox', '--plain-http', '--output', 'json']
    const running = startIrsa(args, { cwd: folder.path })
    await said(running, 'AWS_EC2_METADATA_DISABLED')
    running.child.kill('SIGTERM')
    const { stdout } = await running.ended
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'Sandbox',
      url: expect.stringMatching(/^https:/),
      plainUrl: expect.stringMatching(/^http:/),
    })
  })
})
