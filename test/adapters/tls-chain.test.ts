import { X509Certificate } from 'node:crypto'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import * as http from 'node:http'
import * as net from 'node:net'
import { networkInterfaces } from 'node:os'
import type { TlsOptions } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { makeAgents } from '../../src/adapters/agents.ts'
import { chainReader, tls12Asker } from '../../src/adapters/tls-chain.ts'
import { trustedRoots, type Env } from '../../src/adapters/trusted-roots.ts'
import { thumbprintOf } from '../../src/core/thumbprint.ts'
import { connectProxy, listen, serveTls } from '../support/loopback-servers.ts'
import { issue, madeUpPki } from '../support/made-up-chains.ts'

const { root, intermediate, leaf } = madeUpPki()
const served = (...chain: { cert: string }[]): TlsOptions => ({
  key: leaf.key,
  cert: chain.map(({ cert }) => cert).join(''),
})
const TRUSTING = { NODE_EXTRA_CA_CERTS: 'root.pem' }

function reader(env: Env = TRUSTING, timeoutMs?: number) {
  const roots = trustedRoots(env, () => root.cert)
  return chainReader(makeAgents({ env, roots }), roots, timeoutMs ? { timeoutMs } : {})
}

const subjects = ({ chain }: { chain: readonly { subject: string }[] }): (string | undefined)[] =>
  chain.map(({ subject }) => /CN=([^,]*)/.exec(subject)?.[1])

describe('exactly the presented certificates are read', () => {
  test.each([
    ['a leaf alone', [leaf]],
    ['leaf and intermediate, although the root is trusted here', [leaf, intermediate]],
    ['leaf, intermediate and root', [leaf, intermediate, root]],
    ['a chain in the wrong order', [leaf, root, intermediate]],
    ['a certificate presented twice', [leaf, intermediate, intermediate]],
  ])('%s', async (_, chain) => {
    await using server = await serveTls(served(...chain))
    const presented = await reader()(`https://issuer.localhost:${server.port}`)
    expect(subjects(presented)).toEqual(chain.map(({ name }) => name))
  })

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s', async (version) => {
    const options = { ...served(leaf, intermediate), minVersion: version, maxVersion: version }
    await using server = await serveTls(options)
    const read = reader()
    const url = `https://issuer.localhost:${server.port}/path`
    const first = await read(url)
    expect(subjects(first)).toEqual([leaf.name, intermediate.name])
    expect(await read(url), 'a resumed session would present nothing').toEqual(first)
    expect(first.protocol).toBe(version)
  })

  test('with names on one line and dates in ISO 8601', async () => {
    await using server = await serveTls(served(leaf, intermediate))
    const { chain } = await reader()(`https://issuer.localhost:${server.port}`)
    expect(chain[0]).toEqual({
      subject: 'CN=issuer.localhost, O=Acme\\, Inc., C=FR',
      issuer: 'CN=Acme Intermediate, O=Acme\\, Inc., C=FR',
      notAfter: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      sha1: expect.stringMatching(/^[0-9a-f]{40}$/),
      notBefore: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
  })

  test('with whom the first one is made out to', async () => {
    await using server = await serveTls(served(leaf, intermediate))
    const names = [
      'DNS:issuer.localhost',
      'DNS:issuer.example',
      'DNS:localhost',
      'IP Address:127.0.0.1',
      'IP Address:0:0:0:0:0:0:0:1',
    ]
    const url = `https://issuer.localhost:${server.port}`
    expect(await reader()(url)).toMatchObject({ names, named: true })
    const other = await reader()(`https://other.localhost:${server.port}`)
    expect(other).toMatchObject({ names, named: false })
  })

  const other = issue({ name: 'Other Root', ca: true })

  test.each([
    ['in order', [leaf, intermediate, root], [[1], [2], [2]]],
    ['in the wrong order', [leaf, root, intermediate], [[2], [1], [1]]],
    ['with one twice', [leaf, intermediate, intermediate], [[1, 2], [], []]],
    ['with a stranger', [leaf, intermediate, other], [[1], [], [2]]],
    ['with a gap', [leaf, root], [[], [1]]],
  ])('and which of them signed which: %s', async (_, chain, signedBy) => {
    await using server = await serveTls(served(...chain))
    const seen = await reader()(`https://issuer.localhost:${server.port}`)
    expect(seen.signedBy).toEqual(signedBy)
  })

  test('with SNI for names and without for addresses, and no HTTP request', async () => {
    const asked: string[] = []
    const options: TlsOptions = {
      ...served(leaf, intermediate),
      SNICallback: (name, done) => {
        asked.push(name)
        done(null)
      },
    }
    let requests = 0
    await using server = await serveTls(options, () => void requests++)
    await reader()(`https://issuer.localhost:${server.port}`)
    await reader()(`https://127.0.0.1:${server.port}`)
    expect(asked).toEqual(['issuer.localhost'])
    expect(requests).toBe(0)
  })

  const hasIpv6 = Object.values(networkInterfaces())
    .flat()
    .some((one) => one?.address === '::1')

  test.skipIf(!hasIpv6)(
    'from an IPv6 address in brackets, and from localhost on IPv6',
    async () => {
      await using server = await serveTls(served(leaf, intermediate), undefined, '::1')
      for (const host of ['[::1]', 'localhost']) {
        const { chain, trust } = await reader()(`https://${host}:${server.port}`)
        expect(chain).toHaveLength(2)
        expect(trust).toMatchObject({ kind: 'added-root' })
      }
    },
  )

  const hasOpenssl = spawnSync('openssl', ['version']).status === 0

  test.skipIf(!hasOpenssl).each([
    ['leaf and intermediate', [leaf, intermediate]],
    ['leaf, intermediate and root', [leaf, intermediate, root]],
  ])('%s: openssl computes the same thumbprint', async (_, chain) => {
    await using server = await serveTls(served(...chain))
    const presented = await reader()(`https://issuer.localhost:${server.port}`)
    expect(thumbprintOf(presented)).toBe(await opensslThumbprint(server.port))
  })
})

describe('trust', () => {
  const untrusted = { kind: 'untrusted', code: expect.stringMatching(/^[A-Z_]+$/) }

  test.each([
    ['an added root is named', TRUSTING, [leaf, intermediate]],
    ['AWS_CA_BUNDLE counts as well', { AWS_CA_BUNDLE: 'root.pem' }, [leaf, intermediate]],
    ['a root that is presented too', TRUSTING, [leaf, intermediate, root]],
    ['a chain in the wrong order', TRUSTING, [leaf, root, intermediate]],
  ])('%s', async (_, env, chain) => {
    await using server = await serveTls(served(...chain))
    const { trust } = await reader(env)(`https://issuer.localhost:${server.port}`)
    const sha1 = new X509Certificate(root.cert).fingerprint.replaceAll(':', '').toLowerCase()
    expect(trust).toEqual({ kind: 'added-root', root: 'CN=Acme Root, O=Acme\\, Inc., C=FR', sha1 })
  })

  test('is public where one of the roots of Node itself is the anchor', async () => {
    await using server = await serveTls(served(leaf, intermediate))
    const added = trustedRoots(TRUSTING, () => root.cert)
    // The made-up root plays one of Node's own: nobody outside can issue below a real one.
    const roots = { ...added, nodes: added.added, added: () => [] }
    const agents = makeAgents({ env: {}, roots })
    const { trust } = await chainReader(agents, roots)(`https://issuer.localhost:${server.port}`)
    expect(trust).toEqual({ kind: 'public' })
  })

  const stranger = issue({ name: 'other.example', by: intermediate, names: ['other.example'] })
  const expired = issue({
    name: 'old',
    by: intermediate,
    names: ['issuer.localhost'],
    from: -3,
    to: -1,
  })
  const early = issue({
    name: 'new',
    by: intermediate,
    names: ['issuer.localhost'],
    from: 1,
    to: 2,
  })
  const single = issue({ name: 'single', names: ['issuer.localhost'] })

  test.each([
    ['self-signed', single, [], 'The certificate is self-signed'],
    ['expired', expired, [intermediate], 'A certificate of the chain has expired'],
    ['not valid yet', early, [intermediate], /not valid yet; the clock/],
    ['without its intermediate', leaf, [], /without the intermediate/],
    [
      'for another name',
      stranger,
      [intermediate],
      'The certificate is made out to DNS:other.example, not to issuer.localhost',
    ],
  ])('is missing: %s', async (_, own, rest, reason) => {
    const cert = [own, ...rest].map((one) => one.cert).join('')
    await using server = await serveTls({ key: own.key, cert })
    const { trust, chain } = await reader()(`https://issuer.localhost:${server.port}`)
    expect(trust).toEqual({ ...untrusted, reason: expect.stringMatching(reason) })
    expect(chain).toHaveLength(1 + rest.length)
  })

  test.each([
    ['private root presented', [leaf, intermediate, root], 'a root that is not trusted here'],
    ['private root not presented', [leaf, intermediate], 'not trusted here'],
  ])('is missing: %s', async (_, chain, reason) => {
    await using server = await serveTls(served(...chain))
    const { trust } = await reader({})(`https://issuer.localhost:${server.port}`)
    expect(trust).toEqual({ ...untrusted, reason: expect.stringContaining(reason) })
  })

  test('is missing twice: unknown root and another name are both told', async () => {
    await using server = await serveTls({
      key: stranger.key,
      cert: stranger.cert + intermediate.cert,
    })
    const { trust } = await reader({})(`https://issuer.localhost:${server.port}`)
    expect(trust).toMatchObject({ reason: expect.stringMatching(/not trusted.*made out to DNS/) })
  })
})

describe('no chain can be read', () => {
  test('from a server that stays silent', async () => {
    await using server = await listen(net.createServer())
    await expect(reader({}, 200)(`https://127.0.0.1:${server.port}`)).rejects.toMatchObject({
      code: 'network/timeout',
      what: expect.stringContaining('within 0.2 s'),
    })
  })

  test('from a plain http port', async () => {
    await using server = await listen(http.createServer())
    await expect(reader()(`https://127.0.0.1:${server.port}`)).rejects.toMatchObject({
      code: 'network/tls',
      why: expect.stringContaining('plain http'),
    })
  })

  test('from a port where nobody listens', async () => {
    const server = await listen(net.createServer())
    await server[Symbol.asyncDispose]()
    await expect(reader()(`https://localhost:${server.port}`)).rejects.toMatchObject({
      code: 'network/refused',
      what: `localhost:${server.port} refused the connection.`,
    })
  })

  test('from an http URL', async () => {
    await expect(reader()('http://127.0.0.1')).rejects.toMatchObject({ code: 'network/not-https' })
  })

  test('after an interruption, whose reason is thrown', async () => {
    await using server = await listen(net.createServer())
    const stop = new AbortController()
    const reading = reader()(`https://127.0.0.1:${server.port}`, stop.signal)
    stop.abort(new Error('stopped by hand'))
    await expect(reading).rejects.toThrow('stopped by hand')
  })
})

describe('whether TLS 1.2 is taken', () => {
  function asks(url: string, env: Env = TRUSTING): Promise<boolean> {
    return tls12Asker(makeAgents({ env, roots: trustedRoots(env, () => root.cert) }))(url)
  }

  test.each([
    ['by a server of both versions', {}, true],
    ['by one of TLS 1.2', { maxVersion: 'TLSv1.2' }, true],
    ['not by one of TLS 1.3', { minVersion: 'TLSv1.3' }, false],
  ] as const)('%s', async (_, versions, expected) => {
    await using server = await serveTls({ ...served(leaf, intermediate), ...versions })
    expect(await asks(`https://issuer.localhost:${server.port}`)).toBe(expected)
  })

  test('is seen whatever the certificate and the roots', async () => {
    await using server = await serveTls(served(leaf))
    expect(await asks(`https://other.localhost:${server.port}`, {})).toBe(true)
  })

  test('is seen through the proxy', async () => {
    await using server = await serveTls({ ...served(leaf), minVersion: 'TLSv1.3' })
    await using proxy = await connectProxy()
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
    expect(await asks(`https://issuer.example:${server.port}`, env)).toBe(false)
    expect(proxy.seen).toEqual([`issuer.example:${server.port}`])
  })

  test('is not, where the server just hangs up', async () => {
    await using server = await listen(net.createServer((socket) => void socket.destroy()))
    expect(await asks(`https://127.0.0.1:${server.port}`)).toBe(false)
  })

  test('is not known of a port where nobody listens', async () => {
    const server = await listen(net.createServer())
    await server[Symbol.asyncDispose]()
    await expect(asks(`https://localhost:${server.port}`)).rejects.toMatchObject({
      code: 'network/refused',
    })
  })
})

test('a chain is read through the proxy, with SNI of the target', async () => {
  await using server = await serveTls(served(leaf, intermediate))
  await using proxy = await connectProxy({ credentials: 'me:p@ss' })
  const env = { ...TRUSTING, HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${proxy.port}` }
  const { chain, trust } = await reader(env)(`https://issuer.example:${server.port}`)
  expect(chain).toHaveLength(2)
  expect(trust.kind).toBe('added-root')
  expect(proxy.seen).toEqual([`issuer.example:${server.port}`])
})

/** As AWS documents it: the last certificate that s_client shows, fingerprinted. */
async function opensslThumbprint(port: number): Promise<string> {
  const address = `127.0.0.1:${port}`
  const client = spawn('openssl', ['s_client', '-connect', address, '-showcerts'])
  client.stdin.end()
  let shown = ''
  for await (const chunk of client.stdout) shown += String(chunk)
  const last = shown.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.at(-1)
  const options = { input: last, encoding: 'utf8' } as const
  const printed = execFileSync('openssl', ['x509', '-fingerprint', '-sha1', '-noout'], options)
  return printed.trim().split('=')[1]!.replaceAll(':', '').toLowerCase()
}
