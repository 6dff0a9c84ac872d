import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicKeyOf } from '../../src/core/public-key.ts'
import { workplace } from '../support/cli.ts'
import { serveTls } from '../support/loopback-servers.ts'
import { issue, madeUpPki } from '../support/made-up-chains.ts'
import {
  type Document,
  has,
  type Json,
  published,
  type Served,
  served,
} from '../support/published.ts'
import { publicPem, rsa } from '../support/signers.ts'
import { clusterPki, standInApiServer } from '../support/stand-in-api-server.ts'
import { expectFault, type Printed, recordFault, verify } from '../support/verified.ts'

const ARGS = ['--no-cluster']
const OF_OTHERS = 'a web server of somebody else’s'

/** Nothing above `info` in either link. */
function expectHealthy(found: Printed): void {
  for (const id of ['discovery', 'jwks'] as const) {
    const link = found.link(id)
    expect(link.status, JSON.stringify(link)).toBe('pass')
    expect(link.findings.filter(({ severity }) => severity !== 'info')).toEqual([])
  }
}

describe('a folder behind a web server', () => {
  let place: Served
  let texts: Readonly<Record<Document, string>>

  beforeAll(async () => {
    place = await served()
    const read = (document: Document) => readFile(place.file(document), 'utf8')
    texts = { discovery: await read('discovery'), keys: await read('keys') }
  })
  afterAll(() => place[Symbol.asyncDispose]())

  test('is healthy as it is', async () => {
    expectHealthy(await verify(place, ARGS, place.env))
  })

  interface Row {
    readonly fault: string
    readonly finding: string
    readonly link?: 'jwks'
    readonly answer: RequestListener
    readonly says?: RegExp
  }

  const sent =
    (status: number, body = '', headers = {}): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body)
  const late =
    (milliseconds: number): RequestListener =>
    (_, response) =>
      void setTimeout(() => response.end(texts.discovery), milliseconds).unref()
  const endless: RequestListener = (_, response) => {
    const timer = setInterval(() => response.write(' '), 200).unref()
    response.once('close', () => clearInterval(timer))
  }
  const hangingUp: RequestListener = (_, response) => void response.destroy()

  const ANSWERS: readonly Row[] = [
    {
      fault: 'the discovery document is behind a redirect',
      finding: 'discovery/redirect',
      answer: sent(301, '', { location: 'https://www.example.com/' }),
      says: /redirect to https:\/\/www\.example\.com\//,
    },
    {
      fault: 'the key set is behind a redirect',
      link: 'jwks',
      finding: 'jwks/redirect',
      answer: sent(302, '', { location: '/login' }),
    },
    { fault: 'the server answers after 6 s', finding: 'discovery/timeout', answer: late(6000) },
    {
      fault: 'the discovery document never ends',
      finding: 'discovery/timeout',
      answer: endless,
      says: /5 s/,
    },
    { fault: 'the key set never ends', link: 'jwks', finding: 'jwks/timeout', answer: endless },
    {
      fault: 'the key set has 10 MB',
      link: 'jwks',
      finding: 'jwks/too-large',
      answer: sent(200, 'x'.repeat(10 * 2 ** 20)),
    },
    {
      fault: 'the server sends its login page',
      finding: 'discovery/html',
      answer: sent(200, '<html><body>Sign in</body></html>', { 'content-type': 'text/html' }),
      says: /web page, which begins "<html>/,
    },
    { fault: 'the server answers 404', finding: 'discovery/missing', answer: sent(404) },
    { fault: 'the server wants a password', finding: 'discovery/not-public', answer: sent(401) },
    {
      fault: 'a firewall answers 403 for the key set',
      link: 'jwks',
      finding: 'jwks/not-public',
      answer: sent(403, 'blocked'),
    },
    { fault: 'the server answers 503', finding: 'discovery/status', answer: sent(503) },
    { fault: 'the server answers 204', finding: 'discovery/status', answer: sent(204) },
    {
      fault: 'the server hangs up instead of answering',
      finding: 'discovery/unreachable',
      answer: hangingUp,
    },
    {
      fault: 'the server has the key set of another cluster',
      link: 'jwks',
      finding: 'jwks/signer-missing',
      answer: (_, response) =>
        void publicKeyOf(rsa(), 'made up').then(({ jwk }) =>
          response.end(JSON.stringify({ keys: [jwk] })),
        ),
      says: /not what is in the folder public/,
    },
  ]

  test.each(ANSWERS)('$fault', async ({ fault, finding, answer, says = /./, ...row }) => {
    const link = row.link ?? ('discovery' as const)
    const document = link === 'jwks' ? 'keys' : 'discovery'
    const broken = await expectFault(place, {
      fault,
      link,
      finding,
      args: ARGS,
      env: place.env,
      byHand: OF_OTHERS,
      inject: () => place.answer(document, answer),
    })
    place.answer(document, undefined)
    const [{ summary, why, fix } = { summary: '', why: '', fix: '' }] = broken.link(link).findings
    expect(fix).toMatch(/curl|run the same command again/i)
    expect([summary, why, fix].join('\n')).toMatch(says)
  })

  test('an answer after 3 s is a warning', async () => {
    place.answer('discovery', late(3000))
    const found = await verify(place, ARGS, place.env)
    place.answer('discovery', undefined)
    const slow = found.link('discovery').findings.find(({ id }) => id === 'discovery/slow')
    expect(slow).toMatchObject({ severity: 'medium' })
    const fault = 'the server answers after 3 s'
    const finding = 'discovery/slow'
    await recordFault({ fault, link: 'discovery', finding, mended: OF_OTHERS })
  })

  const FILES: readonly {
    readonly fault: string
    readonly finding: string
    readonly link: 'discovery' | 'jwks'
    readonly broken: () => string
    readonly needs?: string
  }[] = [
    {
      fault: 'the file of the key set is cut off',
      link: 'jwks',
      finding: 'jwks/not-json',
      broken: () => texts.keys.slice(0, 40),
    },
    {
      fault: 'the file of the discovery document is another issuer’s',
      link: 'discovery',
      finding: 'discovery/issuer-differs',
      broken: () => texts.discovery.replace('https', 'HTTPS'),
    },
    {
      fault: 'a key of the file has no kid, and another one is somebody else’s',
      link: 'jwks',
      finding: 'jwks/kid-missing',
      broken: () => {
        const { keys } = JSON.parse(texts.keys) as { keys: Json[] }
        return JSON.stringify({ keys: [{ ...keys[0], kid: undefined }, foreign] })
      },
      needs: 'jq',
    },
  ]
  let foreign: Json

  beforeAll(async () => {
    foreign = { ...(await publicKeyOf(rsa(), 'made up')).jwk }
  })

  test.each(FILES)('$fault', async ({ fault, finding, link, broken, needs }) => {
    const byHand = needs === undefined || has(needs) ? {} : { byHand: `${needs} is not here` }
    const document = link === 'jwks' ? 'keys' : 'discovery'
    const inject = () => writeFile(place.file(document), broken())
    await expectFault(place, {
      fault,
      link,
      finding,
      args: ARGS,
      env: place.env,
      inject,
      ...byHand,
    })
    await writeFile(place.file('keys'), texts.keys)
    await writeFile(place.file('discovery'), texts.discovery)
  })

  test('a file that is gone is written again', async () => {
    const fault = 'the file of the key set is gone'
    const inject = () => rm(place.file('keys'))
    const finding = 'jwks/missing'
    await expectFault(place, { fault, link: 'jwks', finding, args: ARGS, env: place.env, inject })
  })
})

describe('an issuer on a server of its own', () => {
  const pki = madeUpPki()
  const chain = { key: pki.leaf.key, cert: pki.leaf.cert + pki.intermediate.cert }
  const key = rsa()

  const documents = (issuer: string, members: Json = {}): Json => ({
    issuer,
    jwks_uri: `${issuer}/keys.json`,
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    ...members,
  })

  const HEADERS = { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' }

  async function stranger(issuer: string, roots: string) {
    const place = await workplace()
    const file = join(place.cwd, 'roots.pem')
    await writeFile(file, roots + place.aws.caCertificate)
    const env = { AWS_CA_BUNDLE: file, NODE_EXTRA_CA_CERTS: file }
    const found = await verify(place, ['--issuer', issuer, '--no-cluster', '--no-aws'], env)
    await place[Symbol.asyncDispose]()
    return found
  }

  test('may be a CDN with headers of its own', async () => {
    const keys = [(await publicKeyOf(key, 'made up')).jwk]
    const cdn = { ...HEADERS, age: '17', via: '1.1 cdn', 'x-cache': 'Hit from cloudfront' }
    await using server = await serveTls(chain, ({ url, headers }, response) => {
      const body = url === '/keys.json' ? { keys } : documents(`https://${headers.host}`)
      response.writeHead(200, cdn).end(JSON.stringify(body))
    })
    expectHealthy(await stranger(`https://localhost:${server.port}`, pki.root.cert))
  })

  test('may be a kube-apiserver', async () => {
    const ca = clusterPki()
    await using server = await standInApiServer(ca)
    server.discovery.issuer = server.url
    server.discovery.refusal = undefined
    server.discovery.keys = [(await publicKeyOf(key, 'made up')).jwk]
    const found = await stranger(server.url, ca.ca.cert)
    expectHealthy(found)
    expect(found.findings).toContain('discovery/claims')
  })

  test('may have its key set on another host, which is a warning', async () => {
    const keys = [(await publicKeyOf(key, 'made up')).jwk]
    await using other = await serveTls(chain, (_, response) =>
      response.writeHead(200, HEADERS).end(JSON.stringify({ keys })),
    )
    const jwks_uri = `https://issuer.localhost:${other.port}/keys`
    await using server = await serveTls(chain, ({ headers }, response) =>
      response
        .writeHead(200, HEADERS)
        .end(JSON.stringify(documents(`https://${headers.host}`, { jwks_uri }))),
    )
    const found = await stranger(`https://localhost:${server.port}`, pki.root.cert)
    expect(found.link('discovery')).toMatchObject({ status: 'warn' })
    const finding = 'discovery/jwks-uri-other-host'
    expect(found.findings).toContain(finding)
    expect(found.link('jwks').status).toBe('pass')
    const fault = 'the key set is on another host'
    await recordFault({ fault, link: 'discovery', finding, mended: OF_OTHERS })
  })

  test('is judged behind a certificate that fails, too', async () => {
    const keys = [(await publicKeyOf(key, 'made up')).jwk]
    const expired = issue({ name: 'old', by: pki.root, names: ['localhost'], from: -2, to: -1 })
    const old = { key: expired.key, cert: expired.cert }
    await using server = await serveTls(old, ({ url, headers }, response) => {
      const body = url === '/keys.json' ? { keys } : documents(`https://${headers.host}/`)
      response.writeHead(200, HEADERS).end(JSON.stringify(body))
    })
    const found = await stranger(`https://localhost:${server.port}`, pki.root.cert)
    expect(found.link('tls').status).toBe('fail')
    expect(found.findings).toContain('discovery/issuer-differs')
  })

  test('is not reached where nothing listens', async () => {
    const found = await stranger('https://localhost:1', pki.root.cert)
    expect(found.brokenLink).toBe('tls')
    expect(found.link('discovery')).toMatchObject({
      status: 'skip',
      summary: expect.stringMatching(/see tls/),
    })
  })
})

describe('healthy issuers in a bucket', () => {
  type Row = readonly [name: string, keys: readonly KeyObject[], flags: readonly string[]]
  const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey
  const EC = ['P-256', 'P-384', 'P-521'].map((curve): Row => [curve, [ec(curve)], []])

  test.each<Row>([
    ...EC,
    ['several keys', [rsa(), rsa(3072), ec('P-256')], []],
    ['a prefix', [rsa()], ['--prefix', 'clusters/blue']],
  ])('%s', async (_, keys, flags) => {
    const place = await workplace()
    const names = keys.map((_key, at) => `${at}.pub`)
    await Promise.all(
      names.map((name, at) => writeFile(join(place.cwd, name), publicPem(keys[at]!))),
    )
    const keyFlags = names.flatMap((name) => ['--public-key', name])
    const ended = await place.run(['init', '--name', 'blue', '--yes', ...flags, ...keyFlags])
    expect(ended.code, ended.stderr).toBe(0)
    expectHealthy(await verify(place, ARGS))
    await place[Symbol.asyncDispose]()
  })

  test('nobody has an irsa.yaml of it', async () => {
    await using place = await published(['--prefix', 'blue'])
    await rm(join(place.cwd, 'irsa.yaml'))
    const found = await verify(place, ['--issuer', place.issuer, ...ARGS])
    expectHealthy(found)
    place.put('keys', { keys: [] })
    const args = ['--issuer', place.issuer, ...ARGS]
    const fault = 'the key set is empty, and there is no irsa.yaml'
    const inject = () => undefined
    await expectFault(place, { fault, link: 'jwks', finding: 'jwks/no-keys', args, inject })
  })
})
