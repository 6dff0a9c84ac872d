import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { connectProxy, listen } from '../support/loopback-servers.ts'
import { expectProblem, expectRefusal } from '../support/problems.ts'
import { publicPem, rsa } from '../support/signers.ts'

let place: Workplace

beforeAll(async () => {
  place = await workplace()
  await writeFile(join(place.cwd, 'sa.pub'), publicPem(rsa()))
  await writeFile(join(place.cwd, 'no.pem'), 'hello\n')
})

afterEach(() => place.aws.intercept(undefined))
afterAll(() => place[Symbol.asyncDispose]())

const INIT = ['init', '--name', 'blue', '--public-key', 'sa.pub', '--yes']
const THUMBPRINT = ['print-thumbprint', 'https://oidc.example.com']

describe.each([[INIT], [THUMBPRINT]])('irsa %j', (args) => {
  test.each([
    [403, /ask whoever runs the proxy/i],
    [407, /user name and password/],
    [502, /cannot reach it itself/],
  ])('through a proxy that answers %i says so', async (refuseWith, says) => {
    await using proxy = await connectProxy({ refuseWith })
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
    const wanted = [says, `127.0.0.1:${proxy.port}`, String(refuseWith), 'NO_PROXY']
    await expectRefusal(place, args, { code: 'network/proxy', exit: 1, env, says: wanted })
  })

  test('through a proxy that is not there says so', async () => {
    const env = { HTTPS_PROXY: 'http://127.0.0.1:9' }
    const says = ['127.0.0.1:9', 'HTTPS_PROXY']
    await expectRefusal(place, args, { code: 'network/proxy', exit: 1, env, says })
  })

  test('never shows the password of a proxy', async () => {
    await using proxy = await connectProxy({ credentials: 'me:right' })
    const env = { HTTPS_PROXY: `http://me:hunter2@127.0.0.1:${proxy.port}` }
    const run = () => place.run(['-o', 'json', ...args], env)
    expect(expectProblem(await run(), { code: 'network/proxy', exit: 1 })).not.toContain('hunter2')
  })

  test.each([
    ['socks5://127.0.0.1:1080', 'network/proxy-invalid'],
    ['http://', 'network/proxy-invalid'],
  ])('refuses the proxy %s', async (HTTPS_PROXY, code) => {
    const says = ['HTTPS_PROXY']
    await expectRefusal(place, args, { code, exit: 2, env: { HTTPS_PROXY }, says })
  })

  test.each([
    ['is not there', 'nowhere.pem'],
    ['has no certificate', 'no.pem'],
  ])('refuses an AWS_CA_BUNDLE that %s', async (_, AWS_CA_BUNDLE) => {
    const expected = { code: 'network/ca-bundle-unreadable', exit: 2 } as const
    const env = { AWS_CA_BUNDLE }
    await expectRefusal(place, args, { ...expected, env, says: [AWS_CA_BUNDLE, 'AWS_CA_BUNDLE'] })
  })
})

test.each([
  ['an issuer', ['print-thumbprint', 'https://nobody.invalid'], {}],
  ['an endpoint', INIT, { AWS_ENDPOINT_URL: 'https://nobody.invalid' }],
  ['an endpoint of a flag', [...INIT, '--endpoint-url', 'https://nobody.invalid'], {}],
  ['a proxy', INIT, { HTTPS_PROXY: 'http://nobody.invalid:3128' }],
] as const)('the name of %s that does not resolve is named', async (what, args, env) => {
  const code = what === 'a proxy' ? 'network/proxy' : 'network/dns'
  await expectRefusal(place, args, { code, exit: 1, env, says: ['nobody.invalid'] })
})

test.each([
  ['an issuer', ['print-thumbprint', 'https://127.0.0.1:9'], {}],
  ['an endpoint', INIT, { AWS_ENDPOINT_URL: 'https://127.0.0.1:9' }],
] as const)('%s that refuses the connection is named', async (_, args, env) => {
  await expectRefusal(place, args, { code: 'network/refused', exit: 1, env, says: ['127.0.0.1:9'] })
})

test('an endpoint whose certificate is not trusted is named, and the way to trust it', async () => {
  const env = { AWS_CA_BUNDLE: '', NODE_EXTRA_CA_CERTS: '' }
  const says = ['localhost', 'AWS_CA_BUNDLE']
  await expectRefusal(place, INIT, { code: 'network/tls', exit: 1, env, says })
})

test('an endpoint that speaks plain http on an https port is no TLS', async () => {
  await using server = await listen(createServer((_, answer) => void answer.end('hello')))
  const env = { AWS_ENDPOINT_URL: `https://127.0.0.1:${server.port}` }
  await expectRefusal(place, INIT, { code: 'network/tls', exit: 1, env })
})

test.each([
  ['example.com', 'https://example.com'],
  ['example.com:8443/a', 'https://example.com:8443/a'],
  ['http://example.com', 'https://example.com'],
  ['my cluster', 'https://oidc.example.com'],
])('print-thumbprint %j is told what to type instead', async (url, instead) => {
  const says = [new RegExp(`irsa print-thumbprint ${instead}$`, 'm')]
  const expected = { code: 'network/not-https', exit: 2, says } as const
  await expectRefusal(place, ['print-thumbprint', url], expected)
})

test.each([
  ['a name that nobody knows', { AWS_REGION: 'eu-none-1' }, 'dns', 'sts.eu-none-1.amazonaws.com'],
  ['an endpoint', { AWS_ENDPOINT_URL_STS: 'https://127.0.0.1:9' }, 'refused', '127.0.0.1:9'],
] as const)('AWS itself is named by its host: %s', async (_, set, code, host) => {
  const env = { AWS_ENDPOINT_URL: '', AWS_CA_BUNDLE: '', ...set }
  await expectRefusal(place, INIT, { code: `network/${code}`, exit: 1, env, says: [host] })
})

test('a connection to AWS that is cut behind a proxy names host and proxy', async () => {
  await using server = await listen(createTcpServer((socket) => socket.destroy()))
  await using proxy = await connectProxy({ everythingAt: server.port })
  const via = `http://127.0.0.1:${proxy.port}`
  const env = { AWS_ENDPOINT_URL: '', HTTPS_PROXY: via }
  const says = ['sts.eu-west-3.amazonaws.com', `through the proxy ${via}`]
  await expectRefusal(place, INIT, { code: 'network/reset', exit: 1, env, says })
})

test.each(['localhost', 'ftp://localhost', 'not a url'])(
  'the endpoint %j is refused before anything else',
  async (endpoint) => {
    const run = () => place.run(['-o', 'json', ...INIT, '--endpoint-url', endpoint])
    const expected = { code: 'usage/endpoint-invalid', exit: 2, says: ['--endpoint-url'] } as const
    expectProblem(await run(), expected)
  },
)

test('connections that are cut are tried again, and named in the end', async () => {
  place.aws.intercept(({ operation }) =>
    operation === 'HeadBucket' ? { kind: 'drop-before' } : undefined,
  )
  await expectRefusal(place, INIT, { code: 'network/reset', exit: 1, says: ['localhost'] })
})

test.each([
  [
    500,
    'InternalError',
    'We encountered an internal error. Please try again.',
    'unexpected-answer',
  ],
  [501, 'NotImplemented', 'A header you provided implies functionality.', 'unexpected-answer'],
  [503, 'SlowDown', 'Please reduce your request rate.', 'throttled'],
  [400, 'Throttling', 'Rate exceeded', 'throttled'],
] as const)('an AWS that answers %i %s is quoted', async (status, code, message, name) => {
  place.aws.intercept(({ operation }) =>
    operation === 'GetOpenIDConnectProvider' ? { kind: 'error', status, code, message } : undefined,
  )
  const args = ['create-provider', '--issuer', 'https://oidc.example.com', '--thumbprint', 'none']
  const says = ['GetOpenIDConnectProvider']
  await expectRefusal(place, args, { code: `aws/${name}`, exit: 1, says })
})

test('a clock that is off is told', async () => {
  place.aws.intercept(({ operation }) =>
    operation === 'GetOpenIDConnectProvider'
      ? {
          kind: 'error',
          status: 403,
          code: 'RequestTimeTooSkewed',
          message: 'The difference between the request time and the current time is too large.',
        }
      : undefined,
  )
  const args = ['create-provider', '--issuer', 'https://oidc.example.com', '--thumbprint', 'none']
  await expectRefusal(place, args, { code: 'aws/clock-skew', exit: 1, says: ['timedatectl'] })
})
