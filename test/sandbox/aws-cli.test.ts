import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { fetchAs, sandboxForTests } from './clients.ts'
import * as fixture from './issuer.ts'

const run = promisify(execFile)
const missing = spawnSync('aws', ['--version']).error !== undefined
const sandbox = await sandboxForTests({ plainHttp: true })
const folder = mkdtempSync(join(tmpdir(), 'irsa-aws-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { PATH = '', CI } = process.env
const env = { PATH, HOME: folder, ...sandbox.env, AWS_PAGER: '', AWS_MAX_ATTEMPTS: '1' }

async function aws(...args: string[]): Promise<unknown> {
  const { stdout } = await run('aws', ['--output', 'json', ...args], { env })
  return stdout.trim() === '' ? undefined : JSON.parse(stdout)
}

function file(name: string, content: string): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test.runIf(missing && CI === 'true')('aws-cli is installed in CI', () => {
  expect(missing, 'the command `aws` was not found').toBe(false)
})

describe.skipIf(missing)('aws-cli, an independent client', { timeout: 120_000 }, () => {
  test.each(['https', 'http'])('objects over %s', async (scheme) => {
    const endpoint = ['--endpoint-url', (scheme === 'http' && sandbox.plainUrl) || sandbox.url]
    const at = ['--bucket', `cli-${scheme}`]
    const location = 'LocationConstraint=eu-west-3'
    await aws(
      ...endpoint,
      's3api',
      'create-bucket',
      ...at,
      '--create-bucket-configuration',
      location,
    )
    const body = file('body.json', '{"keys": []}')
    const key = ['--key', 'folder/keys (1).json']
    await aws(...endpoint, 's3api', 'put-object', ...at, ...key, '--body', body)
    const read = join(folder, 'read.json')
    expect(await aws(...endpoint, 's3api', 'get-object', ...at, ...key, read)).toMatchObject({
      ContentLength: 12,
    })
    const streamed = ['s3', 'cp', body, `s3://cli-${scheme}/streamed.json`, '--quiet']
    await aws(...endpoint, ...streamed, '--content-type', 'application/json')
    const stored = sandbox.state.buckets.get(`cli-${scheme}`)?.objects
    expect(stored?.get('streamed.json')?.[0]?.body.toString()).toBe('{"keys": []}')
    const list = (await aws(...endpoint, 's3api', 'list-objects-v2', ...at)) as {
      Contents: object[]
    }
    expect(list.Contents).toHaveLength(2)
  })

  test('the whole way from a bucket to credentials', async () => {
    const issuer = `${sandbox.url}/cli-issuer`
    const signer = await fixture.makeSigner('RS256')
    await fixture.publicBucket(sandbox, 'cli-issuer')
    await fixture.publish(sandbox, issuer, { keys: [signer.jwk] })
    expect((await fetchAs(sandbox, `${issuer}/keys.json`)).status).toBe(200)
    const url = ['--url', issuer, '--client-id-list', fixture.AUDIENCE]
    expect(await aws('iam', 'create-open-id-connect-provider', ...url)).toEqual({
      OpenIDConnectProviderArn: fixture.providerArn(issuer),
    })
    const RoleArn = await fixture.makeRole(sandbox, { name: 'cli', issuer, condition: {} })
    const read = (await aws('iam', 'get-role', '--role-name', 'cli')) as {
      Role: { AssumeRolePolicyDocument: { Statement: object[] } }
    }
    expect(read.Role.AssumeRolePolicyDocument.Statement).toHaveLength(1)
    const token = file('token', await fixture.sign(signer, issuer))
    const { stdout } = await run('aws', ['sts', 'get-caller-identity'], {
      env: {
        ...env,
        AWS_ACCESS_KEY_ID: '',
        AWS_SECRET_ACCESS_KEY: '',
        AWS_ROLE_ARN: RoleArn,
        AWS_ROLE_SESSION_NAME: 'cli-session',
        AWS_WEB_IDENTITY_TOKEN_FILE: token,
      },
    })
    expect(JSON.parse(stdout)).toMatchObject({
      Arn: 'arn:aws:sts::111122223333:assumed-role/cli/cli-session',
    })
  })
})
