import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { serveTls } from '../support/loopback-servers.ts'
import { madeUpPki } from '../support/made-up-chains.ts'
import { expectNoStack, expectProblem, expectRefusal } from '../support/problems.ts'
import { publicPem, rsa } from '../support/signers.ts'

const key = rsa()
const PUBLISH = ['publish-jwks', '--bucket', 'oidc-acme', '--public-key', 'sa.pub']

async function published(): Promise<Workplace> {
  const place = await workplace()
  await writeFile(join(place.cwd, 'sa.pub'), publicPem(rsa()))
  expect(await place.run(PUBLISH)).toMatchObject({ code: 0 })
  await writeFile(join(place.cwd, 'sa.pub'), publicPem(key))
  return place
}

/** Puts another text in the place of a document, as somebody with a console would. */
function put({ aws }: Workplace, path: string, text: string): void {
  const { objects } = aws.state.buckets.get('oidc-acme')!
  const [before] = objects.get(path)!
  const etag = `"${createHash('md5').update(text).digest('hex')}"`
  objects.set(path, [{ ...before!, body: Buffer.from(text), etag, checksums: {} }])
}

const entry = (n: number, members = {}) => ({
  use: 'sig',
  kty: 'RSA',
  kid: `key-${n}`,
  alg: 'RS256',
  n: 'AQAB',
  e: 'AQAB',
  ...members,
})
const keySet = (...keys: unknown[]) => JSON.stringify({ keys })
const many = (count: number) => keySet(...Array.from({ length: count }, (_, n) => entry(n)))
const { kid: _, ...nameless } = entry(1)

const KEY_SETS = [
  ['is empty', '', 'documents/key-set-unparsable', /not JSON/],
  ['is a web page', '<!doctype html>', 'documents/key-set-unparsable', /not JSON/],
  ['is cut off', '{"keys": [', 'documents/key-set-unparsable', /not JSON/],
  ['is a list', '[]', 'documents/key-set-unparsable', /not a JSON object/],
  ['has no keys', '{}', 'documents/key-set-unparsable', /no list "keys"/],
  ['has a key without kid', keySet(nameless), 'documents/key-incomplete', /no "kid"/],
  ['has 100 keys already', many(100), 'documents/too-many-keys', /101 RSA[^]*--prune/],
  ['holds a private member', keySet(entry(1, { d: 'AQ' })), 'documents/private-member', /\(d\)/],
  ['holds a factor', keySet(entry(1, { p: 'AQ', q: 'AQ' })), 'documents/private-member', /p, q/],
  [
    'holds a shared secret',
    keySet(entry(1, { kty: 'oct', k: 'AQ' })),
    'documents/private-member',
    /\(k\)/,
  ],
] as const

test.each(KEY_SETS)('a published key set that %s stays as it is', async (_, text, code, says) => {
  await using place = await published()
  put(place, 'keys.json', text)
  await expectRefusal(place, PUBLISH, { code, exit: 1, says: [says] })
})

test('99 keys leave room for one', async () => {
  await using place = await published()
  put(place, 'keys.json', many(99))
  expect(await place.run(PUBLISH)).toMatchObject({ code: 0 })
})

test('--prune makes room in a full key set, after asking', async () => {
  await using place = await published()
  put(place, 'keys.json', many(100))
  const prune = [...PUBLISH, '--prune']
  await expectRefusal(place, prune, { code: 'usage/yes-required', exit: 2, says: ['--yes'] })
  expect(await place.run([...prune, '--yes'])).toMatchObject({ code: 0 })
})

test('--prune takes out keys whose kid stands elsewhere in the documents too', async () => {
  await using place = await published()
  put(place, 'keys.json', keySet(entry(1, { kid: '1' })))
  expect(await place.run([...PUBLISH, '--prune', '--yes'])).toMatchObject({ code: 0 })
})

test.each([
  ['is a list', '[]', 'documents/discovery-unparsable', 1],
  ['is a web page', '<!doctype html>', 'documents/discovery-unparsable', 1],
  ['is another issuer’s', '{"issuer":"https://other.example"}', 'documents/other-issuer', 2],
] as const)(
  'a published discovery document that %s stays as it is',
  async (_, text, code, exit) => {
    await using place = await published()
    put(place, '.well-known/openid-configuration', text)
    await expectRefusal(place, PUBLISH, { code, exit, says: ['--prefix'] })
  },
)

describe('a bucket that is not served to strangers', () => {
  test('because of another statement in its policy', { timeout: 90_000 }, async () => {
    await using place = await published()
    const bucket = place.aws.state.buckets.get('oidc-acme')!
    const policy = JSON.parse(bucket.policy!)
    const Condition = { Null: { 'aws:PrincipalArn': 'true' } }
    const Resource = 'arn:aws:s3:::oidc-acme/*'
    const deny = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource, Condition }
    bucket.policy = JSON.stringify({ ...policy, Statement: [...policy.Statement, deny] })
    put(place, 'keys.json', await onlyOurs(place))
    const says = ['answered 403', 'irsa plan']
    await expectRefusal(place, PUBLISH, { code: 'documents/not-public', exit: 1, says })
  })

  test('because the account was closed afterwards', { timeout: 90_000 }, async () => {
    await using place = await published()
    put(place, 'keys.json', await onlyOurs(place))
    place.aws.state.organizationEnforced = true
    const expected = { code: 'bucket/blocked-by-account', exit: 4, says: ['--host'] } as const
    await expectRefusal(place, PUBLISH, expected)
  })

  test('because the policy goes away meanwhile', { timeout: 120_000 }, async () => {
    await using place = await published()
    const bucket = place.aws.state.buckets.get('oidc-acme')!
    place.aws.intercept(({ operation }) => {
      if (operation === 'PutObject') bucket.policy = undefined
      return undefined
    })
    const ended = await place.run([...PUBLISH, '-o', 'json'])
    expectProblem(ended, { code: 'documents/not-public', exit: 1, says: ['irsa plan'] })
  })
})

/** The key set as it is once our key alone is in it, so that a run has nothing to write. */
async function onlyOurs({ run, cwd }: Workplace): Promise<string> {
  const issuer = ['--issuer', 'https://x.example', '--public-key', 'sa.pub', '--out-dir', 'built']
  expect(await run(['build-documents', ...issuer])).toMatchObject({ code: 0 })
  return readFile(join(cwd, 'built/keys.json'), 'utf8')
}

describe('a folder that somebody serves', () => {
  let pki: ReturnType<typeof madeUpPki>

  beforeAll(() => {
    pki = madeUpPki()
  })

  async function serving(listener: RequestListener) {
    const place = await workplace()
    const chain = pki.leaf.cert + pki.intermediate.cert
    const server = await serveTls({ key: pki.leaf.key, cert: chain }, listener)
    const roots = join(place.cwd, 'aws/roots.pem')
    await mkdir(join(place.cwd, 'aws'), { recursive: true })
    await writeFile(roots, pki.root.cert + place.aws.caCertificate)
    await writeFile(join(place.cwd, 'sa.pub'), publicPem(key))
    const issuer = `https://localhost:${server.port}`
    const directory = ['--directory', 'public', '--issuer', issuer, '--public-key', 'sa.pub']
    return {
      ...place,
      init: () =>
        place.run(['init', '--name', 'blue', ...directory, '--yes', '-o', 'json'], env(roots)),
      publish: () => place.run(['publish-jwks', ...directory], env(roots)),
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]()
        await place[Symbol.asyncDispose]()
      },
    }
  }

  const env = (roots: string) => ({ AWS_CA_BUNDLE: roots, NODE_EXTRA_CA_CERTS: roots })

  const ANSWERS: readonly (readonly [string, RequestListener, RegExp])[] = [
    [
      'a redirect',
      (_, answer) => answer.writeHead(302, { location: 'https://x.example/' }).end(),
      /redirect to https:\/\/x\.example/,
    ],
    [
      'another document',
      (_, answer) => answer.end('{"keys": []}'),
      /does not serve what irsa wrote/,
    ],
    ['a web page', (_, answer) => answer.end('<!doctype html>'), /does not serve what irsa wrote/],
    ['403', (_, answer) => answer.writeHead(403).end(), /answered 403/],
    ['404', (_, answer) => answer.writeHead(404).end(), /answered 404/],
    ['500', (_, answer) => answer.writeHead(500).end(), /answered 500/],
    ['too much', (_, answer) => answer.end('x'.repeat(2 ** 21)), /longer than/],
    ['nothing', (_, answer) => answer.destroy(), /closed the connection/],
  ]

  test.each(ANSWERS)('with %s gets no provider yet', async (_, listener, says) => {
    await using place = await serving(listener)
    const ended = await place.init()
    expectProblem(ended, { code: 'documents/unreachable-yet', exit: 1, says: [says] })
    expect(place.aws.state.providers.size).toBe(0)
    expect(await readFile(join(place.cwd, 'public/keys.json'), 'utf8')).toContain('"keys"')
  })

  test.each(ANSWERS)(
    'with %s is published all the same, with a warning',
    async (_, listener, says) => {
      await using place = await serving(listener)
      const ended = await place.publish()
      expectNoStack(ended)
      expect(ended).toMatchObject({ code: 0 })
      expect(ended.stderr).toMatch(/not served yet/)
      expect(ended.stderr).toMatch(says)
    },
  )
})
