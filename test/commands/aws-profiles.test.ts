import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { irsa, temporaryFolder } from '../support/cli.ts'
import { connectProxy, serveTls } from '../support/loopback-servers.ts'
import { issue } from '../support/made-up-chains.ts'
import { expectProblem } from '../support/problems.ts'

const HOSTS = ['oidc', 'portal.sso', 'sts'].map((name) => `${name}.eu-west-3.amazonaws.com`)
const CREATE = ['create-provider', '--issuer', 'https://oidc.example.com', '-o', 'json']
const IN_AN_HOUR = Date.now() + 3_600_000

const CONFIG = `
[profile corp]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = admin
[sso-session corp]
sso_region = eu-west-3
sso_start_url = https://corp.invalid/start
`

/** A login that has run out, and that can be renewed without a browser. */
const LOGIN = {
  accessToken: 'old',
  expiresAt: new Date(0).toISOString(),
  clientId: 'client',
  clientSecret: 'secret',
  refreshToken: 'refresh',
}

const ANSWERS: Readonly<Record<string, object>> = {
  '/token': { accessToken: 'new', expiresIn: 3600, tokenType: 'Bearer' },
  '/federation/credentials': {
    roleCredentials: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'secret',
      sessionToken: 'session',
      expiration: IN_AN_HOUR,
    },
  },
}

/** IAM Identity Center, and an STS that is not in the mood. */
const aws: RequestListener = (request, response) => {
  const known = ANSWERS[new URL(request.url ?? '', 'https://any').pathname]
  if (known !== undefined) return void response.end(JSON.stringify(known))
  response.statusCode = 403
  return void response.end(
    '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>No.</Message></Error></ErrorResponse>',
  )
}

async function homeWithLogin(home: string, login: object = LOGIN): Promise<void> {
  const cache = join(home, '.aws/sso/cache')
  await mkdir(cache, { recursive: true })
  await writeFile(join(home, '.aws/config'), CONFIG)
  const name = createHash('sha1').update('corp').digest('hex')
  await writeFile(join(cache, `${name}.json`), JSON.stringify(login))
}

test('a login to IAM Identity Center goes through the proxy, and trusts AWS_CA_BUNDLE', async () => {
  const root = issue({ name: 'Acme Root', ca: true })
  const leaf = issue({ name: 'Acme Proxy', by: root, names: HOSTS })
  await using server = await serveTls({ key: leaf.key, cert: leaf.cert }, aws)
  await using proxy = await connectProxy({ everythingAt: server.port })
  await using folder = await temporaryFolder()
  await homeWithLogin(folder.path)
  await writeFile(join(folder.path, 'root.pem'), root.cert)
  const env = {
    HOME: folder.path,
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    AWS_CA_BUNDLE: join(folder.path, 'root.pem'),
    AWS_PROFILE: 'corp',
    AWS_REGION: 'eu-west-3',
  }
  const ended = await irsa(CREATE, { cwd: folder.path, env })
  // STS was asked with the credentials that came of it; what it thinks of them is its own business.
  const says = ['InvalidClientTokenId', /region that is not enabled/]
  expectProblem(ended, { code: 'aws/rejected-credentials', exit: 4, says })
  expect(proxy.seen).toEqual(HOSTS.map((host) => `${host}:443`))
})

test('a login to IAM Identity Center that a proxy stands in the way of is told as it is', async () => {
  await using proxy = await connectProxy({ refuseWith: 403 })
  await using folder = await temporaryFolder()
  await homeWithLogin(folder.path, { ...LOGIN, expiresAt: new Date(IN_AN_HOUR).toISOString() })
  const HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`
  const env = { HOME: folder.path, HTTPS_PROXY, AWS_PROFILE: 'corp', AWS_REGION: 'eu-west-3' }
  const ended = await irsa(CREATE, { cwd: folder.path, env })
  const says = [HTTPS_PROXY, 'portal.sso.eu-west-3.amazonaws.com', 'aws sso login']
  expectProblem(ended, { code: 'aws/credentials-unobtainable', exit: 4, says })
})

test('no login to IAM Identity Center at all says to log in', async () => {
  await using folder = await temporaryFolder()
  await homeWithLogin(folder.path, {})
  const env = { HOME: folder.path, AWS_PROFILE: 'corp', AWS_REGION: 'eu-west-3' }
  const ended = await irsa(CREATE, { cwd: folder.path, env })
  expectProblem(ended, { code: 'aws/credentials-unobtainable', exit: 4, says: ['aws sso login'] })
})

test('an endpoint of a profile is left alone, as the help says', async () => {
  await using proxy = await connectProxy({ refuseWith: 403 })
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, '.aws'))
  const profile = '[default]\nendpoint_url = https://emulator.invalid\nregion = eu-west-3\n'
  await writeFile(join(folder.path, '.aws/config'), profile)
  const env = {
    HOME: folder.path,
    HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
  }
  const surroundings = { cwd: folder.path, env }
  expectProblem(await irsa(CREATE, surroundings), { code: 'network/proxy', exit: 1 })
  expect(new Set(proxy.seen)).toEqual(new Set(['sts.eu-west-3.amazonaws.com:443']))
  const help = await irsa(['help', 'environment'], surroundings)
  expect(help.stdout).toContain('the endpoint_url of a profile is not read')
})
