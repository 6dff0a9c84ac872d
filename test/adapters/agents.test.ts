import { IAMClient, ListOpenIDConnectProvidersCommand } from '@aws-sdk/client-iam'
import { once } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import * as net from 'node:net'
import { rootCertificates } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { makeAgents } from '../../src/adapters/agents.ts'
import { loopbackLookup } from '../../src/adapters/loopback-lookup.ts'
import { trustedRoots } from '../../src/adapters/trusted-roots.ts'
import { connectProxy, listen, serveTls } from '../support/loopback-servers.ts'
import { issue, madeUpPki } from '../support/made-up-chains.ts'

const { root, intermediate, leaf } = madeUpPki()
const other = issue({ name: 'Other Root', ca: true })
const TLS = { key: leaf.key, cert: leaf.cert + intermediate.cert }
const FILES: Record<string, string> = {
  'root.pem': `# a comment\n${root.cert}`,
  'other.pem': other.cert,
  'nodes.pem': rootCertificates[0] ?? '',
  'text.pem': 'hello',
  'damaged.pem': root.cert.replace(/MII/, 'AAA'),
}
const TRUSTING = { NODE_EXTRA_CA_CERTS: 'root.pem' }

function readFile(path: string): string {
  const text = FILES[path]
  if (text === undefined) throw new Error(`ENOENT: no such file, open '${path}'`)
  return text
}

const agentsFor = (env: Record<string, string>) =>
  makeAgents({ env, roots: trustedRoots(env, readFile) })

async function get(url: string, agent: http.Agent): Promise<string> {
  const request = (url.startsWith('https:') ? https : http).get(url, { agent })
  const [response] = (await once(request, 'response')) as [http.IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return body
}

describe('trust', () => {
  test.each([
    ['an added root, for AWS', TRUSTING, 'aws', true],
    ['an added root, for anybody', TRUSTING, 'anonymous', true],
    ['a bundle, for AWS', { AWS_CA_BUNDLE: 'root.pem' }, 'aws', true],
    ['a bundle, for anybody', { AWS_CA_BUNDLE: 'root.pem' }, 'anonymous', true],
    [
      'a bundle replaces the roots for AWS',
      { ...TRUSTING, AWS_CA_BUNDLE: 'other.pem' },
      'aws',
      false,
    ],
    ['but for nobody else', { ...TRUSTING, AWS_CA_BUNDLE: 'other.pem' }, 'anonymous', true],
    ['an empty variable is as good as none', { ...TRUSTING, AWS_CA_BUNDLE: '' }, 'aws', true],
    ['nothing added', {}, 'aws', false],
    ['nothing added', {}, 'anonymous', false],
  ] as const)('%s: %j, %s, %s', async (_, env, whose, trusted) => {
    await using server = await serveTls(TLS)
    const agents = agentsFor(env)
    const agent = whose === 'aws' ? agents.aws.https : agents.anonymous
    const outcome = await get(`https://issuer.localhost:${server.port}`, agent).catch(
      (error: NodeJS.ErrnoException) => error.code,
    )
    expect(outcome).toBe(trusted ? '{}' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
  })

  test.each(['AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'])('is refused from a bad %s', async (name) => {
    for (const [path, why] of [
      ['absent.pem', /ENOENT/],
      ['text.pem', /no PEM certificate/],
      ['damaged.pem', /Certificate 1 of 1 in it is damaged/],
    ] as const) {
      const { aws } = agentsFor({ [name]: path })
      await expect(get('https://127.0.0.1:1', aws.https)).rejects.toMatchObject({
        code: 'network/ca-bundle-unreadable',
        exit: 2,
        what: expect.stringContaining(name),
        why: expect.stringMatching(why),
      })
    }
  })

  test('contexts are made once and shared; without anything added they are Node’s own', () => {
    let reads = 0
    const env = { AWS_CA_BUNDLE: 'root.pem', NODE_EXTRA_CA_CERTS: 'nodes.pem' }
    const roots = trustedRoots(env, (path) => (reads++, readFile(path)))
    expect(reads).toBe(0)
    expect(roots.forAnybody()).toBe(roots.forAnybody())
    expect(roots.forAws()).toBe(roots.forAws())
    expect(roots.forAws()).not.toBe(roots.forAnybody())
    expect(reads).toBe(2)
    expect(trustedRoots({}, readFile).forAws()).toBeUndefined()
    expect(trustedRoots({}, readFile).forAnybody()).toBeUndefined()
  })
})

describe('a proxy', () => {
  const through = (proxy: { port: number }, more = {}, login = '') =>
    agentsFor({ ...TRUSTING, HTTPS_PROXY: `http://${login}127.0.0.1:${proxy.port}`, ...more })

  test('is asked for a tunnel, which is kept for the next request', async () => {
    await using server = await serveTls(TLS)
    await using proxy = await connectProxy()
    const { anonymous } = through(proxy)
    const url = `https://issuer.example:${server.port}`
    expect(await get(url, anonymous)).toBe('{}')
    expect(await get(url, anonymous)).toBe('{}')
    expect(proxy.seen).toEqual([`issuer.example:${server.port}`])
  })

  test('checks the certificate against the target, inside the tunnel', async () => {
    await using server = await serveTls(TLS)
    await using proxy = await connectProxy()
    const getting = get(`https://wrong.example:${server.port}`, through(proxy).anonymous)
    await expect(getting).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
  })

  test('tunnels plain http as well, for endpoints without TLS', async () => {
    await using server = await listen(http.createServer((_, response) => response.end('plain')))
    await using proxy = await connectProxy()
    const { aws } = agentsFor({ HTTP_PROXY: `127.0.0.1:${proxy.port}` })
    expect(await get(`http://aws.example:${server.port}/`, aws.http)).toBe('plain')
    expect(proxy.seen).toEqual([`aws.example:${server.port}`])
  })

  test('is given the user name and password of its URL', async () => {
    await using server = await serveTls(TLS)
    await using proxy = await connectProxy({ credentials: 'me:p@s:s' })
    const { anonymous } = through(proxy, {}, 'me:p%40s%3As@')
    expect(await get(`https://issuer.example:${server.port}`, anonymous)).toBe('{}')
  })

  test('may itself be reached over TLS, by name and by address', async () => {
    await using server = await serveTls(TLS)
    await using proxy = await connectProxy({ tls: TLS })
    for (const host of ['127.0.0.1', 'localhost']) {
      const { anonymous } = agentsFor({ ...TRUSTING, HTTPS_PROXY: `https://${host}:${proxy.port}` })
      expect(await get(`https://issuer.example:${server.port}`, anonymous)).toBe('{}')
    }
  })

  test.each(['NO_PROXY', 'no_proxy'])('is left out for what %s names', async (name) => {
    await using server = await serveTls(TLS)
    await using proxy = await connectProxy()
    const agents = through(proxy, { [name]: 'issuer.localhost' })
    expect(await get(`https://issuer.localhost:${server.port}`, agents.anonymous)).toBe('{}')
    expect(proxy.seen).toEqual([])
    expect(agents.proxyFor('https://issuer.localhost')).toBeUndefined()
    expect(agents.proxyFor('https://a.example')).toBe(`http://127.0.0.1:${proxy.port}`)
  })

  test.each([
    [403, /does not allow/],
    [407, /wants a user name and password/],
    [502, /cannot reach it itself/],
  ])('that answers %i is named, without its password', async (status, why) => {
    await using proxy = await connectProxy({ refuseWith: status })
    const { aws } = through(proxy, {}, 'me:secret@')
    const problem = await get('https://iam.example', aws.https).catch((error: unknown) => error)
    expect(problem).toMatchObject({
      code: 'network/proxy',
      exit: 1,
      what: `The proxy http://127.0.0.1:${proxy.port} refused to connect to iam.example:443: it answered ${status}.`,
      why: expect.stringMatching(why),
      fix: expect.stringContaining('NO_PROXY=iam.example'),
    })
    expect(JSON.stringify(problem)).not.toContain('secret')
  })

  test('that cannot be reached is named', async () => {
    const proxy = await listen(net.createServer())
    await proxy[Symbol.asyncDispose]()
    await expect(get('https://iam.example', through(proxy).aws.https)).rejects.toMatchObject({
      code: 'network/proxy',
      why: `127.0.0.1:${proxy.port} refused the connection.`,
    })
  })

  test('that hangs up, or is no proxy, is named', async () => {
    await using hangsUp = await listen(net.createServer((socket) => socket.end()))
    await using tlsOnly = await serveTls(TLS)
    for (const proxy of [hangsUp, tlsOnly]) {
      const getting = get('https://iam.example', through(proxy).aws.https)
      await expect(getting).rejects.toMatchObject({ code: 'network/proxy' })
    }
  })

  test('is waited for no longer once the agents are closed', async () => {
    await using silent = await listen(net.createServer())
    const agents = through(silent)
    const getting = get('https://iam.example', agents.aws.https)
    agents.close()
    await expect(getting).rejects.toMatchObject({ code: 'network/proxy' })
  })

  test('carries the calls of the AWS SDK, whose error its refusal becomes', async () => {
    const xml =
      '<ListOpenIDConnectProvidersResponse><ListOpenIDConnectProvidersResult/></ListOpenIDConnectProvidersResponse>'
    await using server = await serveTls(TLS, (_, response) => response.end(xml))
    await using proxy = await connectProxy()
    await using refusing = await connectProxy({ refuseWith: 403 })
    const list = (agents: ReturnType<typeof agentsFor>) =>
      new IAMClient({
        region: 'us-east-1',
        endpoint: `https://issuer.example:${server.port}`,
        credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' },
        requestHandler: { httpAgent: agents.aws.http, httpsAgent: agents.aws.https },
      }).send(new ListOpenIDConnectProvidersCommand({}))
    expect((await list(through(proxy))).$metadata.httpStatusCode).toBe(200)
    await expect(list(through(refusing))).rejects.toMatchObject({ code: 'network/proxy' })
  })
})

describe('names of loopback', () => {
  test.each(['localhost', 'bucket.localhost', 'a.b.LOCALHOST', 'localhost.'])(
    '%s is both addresses, without asking anybody',
    async (name) => {
      const all = await new Promise((resolve) => {
        loopbackLookup(name, { all: true }, (_, addresses) => resolve(addresses))
      })
      expect(all).toEqual([
        { address: '127.0.0.1', family: 4 },
        { address: '::1', family: 6 },
      ])
    },
  )

  test.each([
    [{}, '127.0.0.1', 4],
    [{ family: 4 }, '127.0.0.1', 4],
    [{ family: 6 }, '::1', 6],
    [{ family: 'IPv6' }, '::1', 6],
  ] as const)('one address is given to who asks for one: %j', async (options, address, family) => {
    const one = await new Promise((resolve) => {
      loopbackLookup('localhost', options, (_, ...rest) => resolve(rest))
    })
    expect(one).toEqual([address, family])
  })
})
