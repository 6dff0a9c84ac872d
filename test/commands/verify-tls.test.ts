import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import * as http from 'node:http'
import * as net from 'node:net'
import { join } from 'node:path'
import { createSecureContext as contextOf, type TlsOptions } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { irsa, temporaryFolder, type Workplace, workplace } from '../support/cli.ts'
import { standInKubectl } from '../support/kubectl.ts'
import { connectProxy, listen, serveTls } from '../support/loopback-servers.ts'
import { issue, type MadeUp, madeUpPki } from '../support/made-up-chains.ts'
import { publicPem, putSigner, rsa } from '../support/signers.ts'
import { API_SERVER, clusterPki } from '../support/stand-in-api-server.ts'
import { expectFault, type Printed, recordFault, runPrinted, verify } from '../support/verified.ts'

const { root, intermediate, leaf } = madeUpPki()
const HOST = 'issuer.localhost'
const names = [HOST]

/** What a server is given, with its key. */
const presenting = (own: MadeUp, ...rest: MadeUp[]): TlsOptions => ({
  key: own.key,
  cert: [own, ...rest].map(({ cert }) => cert).join(''),
})
const HEALTHY = presenting(leaf, intermediate)

const sha1 = ({ cert }: MadeUp): string =>
  new X509Certificate(cert).fingerprint.replaceAll(':', '').toLowerCase()

/** How irsa asks the cluster for its CA. */
const CONFIG_MAP =
  'get configmap kube-root-ca.crt --namespace=default --output=jsonpath={.data.ca\\.crt}'

let place: Workplace
let roots: string

beforeAll(async () => {
  place = await workplace()
  roots = join(place.cwd, 'made-up-root.pem')
  await writeFile(roots, root.cert)
})
afterAll(() => place[Symbol.asyncDispose]())

const trusting = () => ({ NODE_EXTRA_CA_CERTS: roots })
const NOBODY = { NODE_EXTRA_CA_CERTS: '' }
const BY_HAND = "the server is somebody else's"

/** From outside, without an account. */
const stranger = (port: number, host = HOST): string[] => [
  '--issuer',
  `https://${host}:${port}`,
  '--no-aws',
  '--no-cluster',
]

/** What the link says, but for what is good to know. */
const complaints = (printed: Printed): string[] =>
  printed
    .link('tls')
    .findings.filter(({ severity }) => severity !== 'info')
    .map(({ id }) => id)

/** A fault that is no certain end of the chain. */
async function expectWarning(
  { fault, finding, mended = BY_HAND }: { fault: string; finding: string; mended?: true | string },
  printed: Printed,
): Promise<void> {
  expect(printed.link('tls')).toMatchObject({ status: 'warn' })
  expect(complaints(printed)).toEqual([finding])
  await recordFault({ fault, link: 'tls', finding, mended })
}

describe('a healthy chain is not complained about', () => {
  const single = issue({ name: HOST, by: root, names })
  const week = issue({ name: HOST, by: intermediate, names, from: -1 / 365, to: 6 / 365 })

  test.each([
    ['leaf and intermediate', HEALTHY],
    ['with its root', presenting(leaf, intermediate, root)],
    ['a leaf straight from the root', presenting(single)],
    ['a certificate for a week', presenting(week, intermediate)],
    ['TLS 1.2 alone', { ...HEALTHY, maxVersion: 'TLSv1.2' }],
  ] as const)('%s', async (_, options) => {
    await using server = await serveTls(options)
    const printed = await verify(place, stranger(server.port), trusting())
    expect(printed.link('tls').status).toBe('pass')
    expect(complaints(printed)).toEqual([])
  })

  test('that of the embedded AWS, whose thumbprint the provider lists', async () => {
    await using own = await workplace()
    expect((await own.run(['init', '--name', 'blue', '--yes'])).code).toBe(0)
    const printed = await verify(own, ['--no-cluster'])
    const ids = printed.link('tls').findings.map(({ id, severity }) => `${severity} ${id}`)
    expect(ids).toEqual(['info tls/thumbprint-used', 'info tls/root-sent'])
    expect(printed.link('tls')).toMatchObject({
      status: 'pass',
      summary: expect.stringMatching(/^CN=localhost.* until .*Z, root added .*, TLS 1.3 and 1.2$/),
    })
  })
})

describe('chains that nobody accepts', () => {
  const expired = issue({ name: HOST, by: intermediate, names, from: -3, to: -1 })
  const early = issue({ name: HOST, by: intermediate, names, from: 1, to: 2 })
  const oldIntermediate = issue({ name: 'Old Intermediate', by: root, ca: true, from: -3, to: -1 })
  const belowOld = issue({ name: HOST, by: oldIntermediate, names })
  const other = issue({ name: 'other', by: intermediate, names: ['other.example'] })
  const wild = issue({ name: 'wild', by: intermediate, names: ['*.localhost'] })
  const stray = issue({ name: 'Stray', ca: true })
  const noCa = issue({ name: 'No CA', by: root, names: ['no-ca.example'] })
  const belowNoCa = issue({ name: HOST, by: noCa, names })

  test.each([
    ['an expired certificate', 'tls/expired', presenting(expired, intermediate)],
    ['an expired intermediate', 'tls/expired', presenting(belowOld, oldIntermediate)],
    ['a certificate of next year', 'tls/not-yet-valid', presenting(early, intermediate)],
    ['a certificate for another name', 'tls/wrong-name', presenting(other, intermediate)],
    ['a chain in the wrong order', 'tls/chain-order', presenting(leaf, root, intermediate)],
    ['an intermediate twice', 'tls/chain-duplicate', presenting(leaf, intermediate, intermediate)],
    ['a stranger in the chain', 'tls/chain-extra', presenting(leaf, intermediate, stray)],
    ['a chain with a gap', 'tls/intermediate-missing', presenting(leaf, root)],
    ['an issuer that is no CA', 'tls/chain-invalid', presenting(belowNoCa, noCa)],
  ] as const)('%s', async (fault, finding, options) => {
    await using server = await serveTls(options)
    const printed = await expectFault(place, {
      fault,
      link: 'tls',
      finding,
      args: stranger(server.port),
      env: trusting(),
      inject: () => undefined,
      byHand: BY_HAND,
    })
    expect(printed.link('tls').fix).toContain(
      `openssl s_client -connect ${HOST}:${server.port} -servername ${HOST} -showcerts </dev/null`,
    )
    expect(complaints(printed)).toEqual([finding])
  })

  test('a wildcard that is one label short', async () => {
    await using server = await serveTls(presenting(wild, intermediate))
    const printed = await expectFault(place, {
      fault: 'a wildcard certificate for a deeper name',
      link: 'tls',
      finding: 'tls/wrong-name',
      args: stranger(server.port, `deep.${HOST}`),
      env: trusting(),
      inject: () => undefined,
      byHand: BY_HAND,
    })
    expect(printed.link('tls')).toMatchObject({
      summary: expect.stringContaining('made out to DNS:*.localhost'),
      why: expect.stringContaining('one label'),
    })
  })

  test('which certificate has expired, and when, is told', async () => {
    await using server = await serveTls(presenting(belowOld, oldIntermediate))
    const { summary } = (await verify(place, stranger(server.port), trusting())).link('tls')
    expect(summary).toMatch(
      /^Certificate 2 \(CN=Old Intermediate\) expired on \d{4}-.*Z, 36\d days ago$/,
    )
  })
})

describe('servers with which no TLS comes about', () => {
  const silent = () => listen(net.createServer())
  const hangingUp = () => listen(net.createServer((socket) => void socket.destroy()))

  test.each([
    ['plain http on the port', 'tls/no-tls', () => listen(http.createServer())],
    ['a server that hangs up', 'tls/reset', hangingUp],
    ['a server that stays silent', 'tls/timeout', silent],
  ] as const)('%s', async (fault, finding, serve) => {
    await using server = await serve()
    const args = stranger(server.port)
    const inject = () => undefined
    await expectFault(place, { fault, link: 'tls', finding, args, inject, byHand: BY_HAND })
  })

  test('nobody listens', async () => {
    const server = await silent()
    await expectFault(place, {
      fault: 'nobody listens on the port',
      link: 'tls',
      finding: 'tls/refused',
      args: stranger(server.port),
      inject: () => server[Symbol.asyncDispose](),
      byHand: BY_HAND,
    })
  })

  test('a host that no name server knows', async () => {
    await expectFault(place, {
      fault: 'a host that does not resolve',
      link: 'tls',
      finding: 'tls/dns',
      args: ['--issuer', 'https://oidc.invalid', '--no-aws', '--no-cluster'],
      inject: () => undefined,
      byHand: "the name server is somebody else's",
    })
  })

  test('a proxy that refuses is no fault of the server, and the link is skipped', async () => {
    await using proxy = await connectProxy({ refuseWith: 403 })
    const env = { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
    const args = ['--issuer', 'https://oidc.example.com', '--no-aws', '--no-cluster']
    const printed = await verify(place, args, env)
    expect(printed.link('tls')).toMatchObject({
      status: 'skip',
      summary: expect.stringContaining('refused to connect to oidc.example.com:443'),
    })
  })
})

describe('what cannot be decided from outside is a warning', () => {
  const alone = issue({ name: HOST, names })
  const soon = issue({ name: HOST, by: intermediate, names, from: -80 / 365, to: 10 / 365 })

  test.each([
    ['TLS 1.3 alone', 'tls/tls13-only', { ...HEALTHY, minVersion: 'TLSv1.3' }, {}],
    [
      'a certificate that expires in ten days',
      'tls/expiring-soon',
      presenting(soon, intermediate),
      {},
    ],
  ] as const)('%s', async (fault, finding, options, env) => {
    await using server = await serveTls(options)
    const printed = await verify(place, stranger(server.port), { ...trusting(), ...env })
    await expectWarning({ fault, finding }, printed)
    expect(printed.link('tls').fix).toContain('openssl s_client')
  })

  // AWS takes such a chain for its thumbprint alone, and a stranger cannot count on that.
  test.each([
    ['a self-signed certificate', 'tls/untrusted', presenting(alone), NOBODY],
    ['a private CA', 'tls/untrusted', HEALTHY, NOBODY],
    ['a private CA and its root', 'tls/untrusted', presenting(leaf, intermediate, root), NOBODY],
    ['a certificate without its intermediate', 'tls/intermediate-missing', presenting(leaf), {}],
  ] as const)('but not %s', async (fault, finding, options, env) => {
    await using server = await serveTls(options)
    const printed = await verify(place, stranger(server.port), { ...trusting(), ...env })
    expect(printed).toMatchObject({ ok: false, brokenLink: 'tls' })
    expect(printed.link('tls').findings[0]).toMatchObject({ id: finding, severity: 'high' })
    expect(printed.link('tls').fix).toContain('openssl s_client')
    await recordFault({ fault, link: 'tls', finding, mended: 'a server of somebody else' })
  })

  // Ports are for emulators only, so that a stranger's issuer is reached through a proxy here.
  const NOT_EMULATED = { AWS_ENDPOINT_URL: '', AWS_CA_BUNDLE: '' }

  test.each([
    ['a host on loopback', HOST, 'tls/address-closed', presenting(leaf, intermediate)],
    [
      'a proxy in front of S3 whose root is unknown here',
      'oidc.s3.eu-west-3.amazonaws.com',
      'tls/intercepted',
      presenting(issue({ name: 'S3', by: intermediate, names: ['*.s3.eu-west-3.amazonaws.com'] })),
    ],
  ])('%s', async (fault, host, finding, options) => {
    await using server = await serveTls(options)
    await using proxy = await connectProxy({ everythingAt: server.port })
    const env = { ...trusting(), ...NOT_EMULATED, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` }
    const args = ['--issuer', `https://${host}`, '--no-aws', '--no-cluster']
    await expectWarning({ fault, finding }, await verify(place, args, env))
  })

  test('an address on loopback that is written in the issuer is beyond doubt', async () => {
    await using server = await serveTls(HEALTHY)
    await using proxy = await connectProxy({ everythingAt: server.port })
    await expectFault(place, {
      fault: 'an issuer at a loopback address',
      link: 'tls',
      finding: 'tls/address-closed',
      args: ['--issuer', 'https://127.0.0.1', '--no-aws', '--no-cluster'],
      env: { ...trusting(), ...NOT_EMULATED, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
      inject: () => undefined,
      byHand: 'the documents have to move',
    })
  })
})

describe('thumbprints, where they count', () => {
  const renewed = issue({ name: 'Acme Intermediate 2', by: root, ca: true })
  const renewedLeaf = issue({ name: HOST, by: renewed, names })
  const alone = issue({ name: HOST, names })
  const STALE = '0123456789abcdef0123456789abcdef01234567'

  const providerFor = (port: number, audience = 'sts.amazonaws.com') => {
    const url = `https://${HOST}:${port}`
    const arn = `arn:aws:iam::${place.aws.account}:oidc-provider/${HOST}:${port}`
    const rest = { arn, url, clientIds: [audience], tags: [], created: new Date() }
    return (...thumbprints: string[]) =>
      place.aws.state.providers.set(arn, { ...rest, thumbprints })
  }
  const mine = (port: number) => ['--issuer', `https://${HOST}:${port}`, '--no-cluster']

  test.each([
    ['a private CA', HEALTHY, NOBODY],
    ['a self-signed certificate', presenting(alone), NOBODY],
    ['an added root', HEALTHY, {}],
    ['TLS 1.3 alone', { ...HEALTHY, minVersion: 'TLSv1.3' }, {}],
  ] as const)('%s, and the provider lists another one', async (fault, options, env) => {
    await using server = await serveTls(options)
    const list = providerFor(server.port, 'kops.example')
    const printed = await expectFault(place, {
      fault: `${fault}, thumbprint stale`,
      link: 'tls',
      finding: 'tls/thumbprint-stale',
      args: mine(server.port),
      env: { ...trusting(), ...env },
      inject: () => list(STALE),
    })
    expect(printed.link('tls').why).toContain(`listed:    ${STALE}`)
    const [provider] = [...place.aws.state.providers.values()].slice(-1)
    expect(provider?.thumbprints).toHaveLength(2)
    expect(provider?.clientIds).toEqual(['kops.example'])
  })

  test.each([
    ['a private CA', HEALTHY, intermediate, NOBODY],
    ['a self-signed certificate', presenting(alone), alone, NOBODY],
    ['an API server with its leaf alone', presenting(leaf), leaf, NOBODY],
    ['an added root', HEALTHY, intermediate, {}],
    ['TLS 1.3 alone', { ...HEALTHY, minVersion: 'TLSv1.3' }, intermediate, {}],
  ] as const)('%s, and the provider lists it', async (_, options, last, env) => {
    await using server = await serveTls(options)
    providerFor(server.port)(STALE, sha1(last))
    const printed = await verify(place, mine(server.port), { ...trusting(), ...env })
    expect(complaints(printed)).toEqual([])
    expect(printed.link('tls').findings[0]?.id).toBe('tls/thumbprint-used')
  })

  test('an intermediate left out, and the provider lists another one', async () => {
    await using server = await serveTls(presenting(leaf))
    await expectFault(place, {
      fault: 'a certificate without its intermediate, thumbprint stale',
      link: 'tls',
      finding: 'tls/intermediate-missing',
      args: mine(server.port),
      env: trusting(),
      inject: () => providerFor(server.port)(STALE),
    })
  })

  test('there is no provider yet', async () => {
    await using server = await serveTls(HEALTHY)
    const printed = await verify(place, mine(server.port), NOBODY)
    const command = `irsa create-provider --issuer https://${HOST}:${server.port} --thumbprint ${sha1(intermediate)}`
    expect(printed.link('tls').findings[0]?.command).toBe(command)
    await expectWarning(
      { fault: 'a private CA, no provider', finding: 'tls/untrusted', mended: true },
      printed,
    )
    expect((await runPrinted(place, command, NOBODY)).code).toBe(0)
    expect(complaints(await verify(place, mine(server.port), NOBODY))).toEqual([])
  })

  test('the intermediate of a private CA is renewed, and irsa.yaml is at hand', async () => {
    await using folder = await temporaryFolder()
    const there = { ...place, cwd: folder.path, run: at(folder.path) }
    const documents = (request: http.IncomingMessage, response: http.ServerResponse) =>
      void readFile(join(folder.path, 'docs', request.url ?? '')).then(
        (body) => response.end(body),
        () => response.writeHead(404).end(),
      )
    let options = HEALTHY
    const swapping: TlsOptions = { SNICallback: (_, done) => done(null, contextOf(options)) }
    await using server = await serveTls({ ...HEALTHY, ...swapping }, documents)
    const issuer = `https://${HOST}:${server.port}`
    const init = ['init', '--name', 'tls', '--host', 'directory', '--directory', 'docs']
    const made = await there.run([...init, '--issuer', issuer, '--yes'], trusting())
    expect(made.code, made.stderr).toBe(0)
    expect(complaints(await verify(there, ['--no-cluster'], trusting()))).toEqual([])
    const printed = await expectFault(there, {
      fault: 'another intermediate than the thumbprint in the provider',
      link: 'tls',
      finding: 'tls/thumbprint-stale',
      args: ['--no-cluster'],
      env: trusting(),
      inject: () => {
        options = presenting(renewedLeaf, renewed)
      },
    })
    expect(printed.link('tls').findings[0]?.command).toBe('irsa apply')
    const after = await verify(there, ['--no-cluster'], trusting())
    expect(after.findings.filter((id) => id.startsWith('tls/'))).toEqual(['tls/thumbprint-used'])
  })

  test('an API server renews the one certificate that it presents', async () => {
    await using folder = await temporaryFolder()
    const there = { ...place, cwd: folder.path, run: at(folder.path) }
    const { ca, serving } = clusterPki()
    const kubectl = await standInKubectl(folder.path, { [CONFIG_MAP]: ca.cert })
    let own = serving
    const swapping: TlsOptions = {
      SNICallback: (_, done) => done(null, contextOf(presenting(own))),
    }
    const answers = new Map<string, unknown>()
    await using server = await serveTls({ ...presenting(own), ...swapping }, (request, response) =>
      response.end(JSON.stringify(answers.get(request.url ?? ''))),
    )
    const issuer = `https://${API_SERVER}:${server.port}`
    const jwks_uri = `${issuer}/openid/v1/jwks`
    answers.set('/.well-known/openid-configuration', { issuer, jwks_uri })
    const key = rsa()
    const jwk = { ...createPublicKey(key).export({ format: 'jwk' }), kid: kidOf(key) }
    answers.set('/openid/v1/jwks', { keys: [jwk] })
    await putSigner(folder.path, { open: publicPem(key) })
    const init = ['init', '--name', 'api', '--host', 'cluster', '--issuer', issuer, '--yes']
    const made = await there.run([...init, '--public-key', 'keys/sa-signer.pub'], kubectl)
    expect(made.code, made.stderr).toBe(0)
    expect(complaints(await verify(there, ['--no-cluster'], kubectl))).toEqual([])
    await expectFault(there, {
      fault: 'an API server with a renewed certificate, without its CA',
      link: 'tls',
      finding: 'tls/thumbprint-stale',
      args: ['--no-cluster'],
      env: kubectl,
      inject: () => {
        own = issue({ name: 'kube-apiserver', by: ca, names: [API_SERVER] })
      },
    })
  })

  /** As kube-apiserver computes it (kubernetes pkg/serviceaccount/jwt.go). */
  const kidOf = (key: KeyObject): string =>
    createHash('sha256')
      .update(createPublicKey(key).export({ type: 'spki', format: 'der' }))
      .digest('base64url')

  const at =
    (cwd: string): Workplace['run'] =>
    (args, env = {}) =>
      irsa(args, { cwd, env: { ...place.aws.env, ...env } })
})
