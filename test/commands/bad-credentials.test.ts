import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { expectRefusal } from '../support/problems.ts'
import { configText, putSigner, rsa, wholeSigner } from '../support/signers.ts'

let place: Workplace
const EMPTY = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }
const NO_REGION = { AWS_REGION: '', AWS_DEFAULT_REGION: '' }

/** Every command that talks to AWS, ready to run. */
const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['init', '--name', 'blue', '--bucket', 'oidc-acme', '--yes'],
  ['plan'],
  ['apply', '--yes'],
  ['publish-jwks', '--bucket', 'oidc-acme', '--public-key', 'keys/sa-signer.pub'],
  ['create-provider', '--issuer', 'https://oidc.example.com'],
  ['destroy', '--confirm', 'blue'],
]

const inAws = (file: string) => join(place.cwd, 'home', file)

beforeAll(async () => {
  place = await workplace()
  const issuer = `${place.aws.url}/oidc-acme`
  await writeFile(join(place.cwd, 'irsa.yaml'), configText({ issuer }))
  await putSigner(place.cwd, wholeSigner(rsa()))
  await mkdir(join(place.cwd, 'home'))
  await writeFile(
    inAws('config'),
    '[profile empty]\noutput = json\n[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = admin\n[sso-session corp]\nsso_region = eu-west-3\nsso_start_url = https://corp.invalid/start\n',
  )
  await writeFile(inAws('credentials'), '')
})

afterAll(() => place[Symbol.asyncDispose]())

describe.each(COMMANDS)('irsa %s', (...args) => {
  test('without credentials says how to get some, and how to try without', async () => {
    const expected = { code: 'aws/no-credentials', exit: 4, env: EMPTY } as const
    await expectRefusal(place, args, { ...expected, says: [/--profile/, /irsa demo/] })
  })

  test('with expired credentials says to log in again', async () => {
    place.aws.state.credentials.set('ASIAIOSFODNN7EXPIRED', {
      kind: 'session',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expires: new Date(0),
      roleName: 'admin',
      roleId: 'AROAEXAMPLE',
      sessionName: 'me',
    })
    const env = {
      AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXPIRED',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
    }
    const says = [/aws sso login/]
    await expectRefusal(place, args, { code: 'aws/expired-credentials', exit: 4, env, says })
  })

  test('with a profile that does not exist names it', async () => {
    const env = {
      AWS_CONFIG_FILE: inAws('config'),
      AWS_SHARED_CREDENTIALS_FILE: inAws('credentials'),
    }
    const says = ['"nobody"', 'aws configure list-profiles']
    const expected = { code: 'aws/unknown-profile', exit: 4, env, says } as const
    await expectRefusal(place, [...args, '--profile', 'nobody'], expected)
  })
})

test('a profile in AWS_PROFILE that does not exist is named too', async () => {
  const env = { ...EMPTY, AWS_PROFILE: 'nobody' }
  const says = ['"nobody"']
  await expectRefusal(place, ['plan'], { code: 'aws/unknown-profile', exit: 4, env, says })
})

test('a profile that lacks credentials is unusable', async () => {
  const env = { ...EMPTY, AWS_CONFIG_FILE: inAws('config') }
  const expected = { code: 'aws/unknown-profile', exit: 4, env, says: ['"empty"'] } as const
  await expectRefusal(place, ['plan', '--profile', 'empty'], expected)
})

test('an SSO profile nobody is logged in to says to log in', async () => {
  const env = { ...EMPTY, AWS_CONFIG_FILE: inAws('config'), HOME: place.cwd }
  const says = ['aws sso login']
  const expected = { code: 'aws/credentials-unobtainable', exit: 4, env, says } as const
  await expectRefusal(place, ['plan', '--profile', 'sso'], expected)
})

test.each([
  ['an access key that AWS does not know', { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7NOBODY' }],
  ['a secret that does not belong to the key', { AWS_SECRET_ACCESS_KEY: 'wrong' }],
])('%s is rejected', async (_, env) => {
  const says = ['aws sts get-caller-identity']
  await expectRefusal(place, ['plan'], { code: 'aws/rejected-credentials', exit: 4, env, says })
})

test.each([
  ['ExpiredToken', 'The provided token has expired.'],
  ['RequestExpired', 'Request has expired.'],
])('credentials that expire while irsa looks end it: %s', async (code, message) => {
  place.aws.intercept(({ operation }) =>
    operation === 'HeadBucket' || operation === 'GetOpenIDConnectProvider'
      ? { kind: 'error', status: 403, code, message }
      : undefined,
  )
  const args = ['create-provider', '--issuer', 'https://oidc.example.com', '--thumbprint', 'none']
  await expectRefusal(place, args, { code: 'aws/expired-credentials', exit: 4 })
  place.aws.intercept(undefined)
})

test.each([
  [
    'publish-jwks',
    '--bucket',
    'oidc-acme',
    '--public-key',
    'keys/sa-signer.pub',
    '--config',
    'none.yaml',
  ],
  ['create-provider', '--issuer', 'https://oidc.example.com'],
])('irsa %s without a region says how to give one', async (...args) => {
  const says = [/--region/, 'AWS_REGION']
  await expectRefusal(place, args, { code: 'aws/no-region', exit: 2, env: NO_REGION, says })
})

test('irsa init without a region asks for it, or for the flag where nobody can answer', async () => {
  const args = ['init', '--name', 'green', '--config', 'green.yaml', '--yes']
  const says = ['--region required', 'IRSA_REGION']
  await expectRefusal(place, args, { code: 'usage/answer-missing', exit: 2, env: NO_REGION, says })
})
