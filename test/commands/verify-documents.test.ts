import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { calculateJwkThumbprint, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type PublicKey, publicKeyOf } from '../../src/core/public-key.ts'
import { has, type Json, type Published, published } from '../support/published.ts'
import { rsa } from '../support/signers.ts'
import { expectFault, recordFault, runPrinted, verify } from '../support/verified.ts'

const ARGS = ['--no-cluster']

let place: Published
let ours: PublicKey['jwk'] & Json
let other: PublicKey
let otherSecret: KeyObject

beforeAll(async () => {
  place = await published()
  ours = (place.read('keys')['keys'] as (typeof ours)[])[0]!
  otherSecret = rsa()
  other = await publicKeyOf(otherSecret, 'made up')
})
afterAll(() => place[Symbol.asyncDispose]())
beforeEach(() => place.heal())

const discovery = (members: Json): void =>
  place.put('discovery', { ...place.read('discovery'), ...members })
const keys = (...entries: unknown[]): void => place.put('keys', { keys: entries })

test('a healthy issuer has nothing to complain about', async () => {
  const found = await verify(place, ARGS)
  for (const link of ['discovery', 'jwks'] as const) {
    expect(found.link(link)).toMatchObject({ status: 'pass', findings: [] })
  }
})

interface Row {
  readonly fault: string
  readonly finding: string
  readonly inject: () => void
  /** What summary and why have to say. */
  readonly says?: RegExp
  /** Programs that the printed command needs besides irsa. */
  readonly needs?: readonly string[]
  readonly byHand?: string
}

const AWS = ['aws']
const AWS_AND_JQ = ['aws', 'jq']
const missing = (names: readonly string[] = []): boolean => !names.every(has)

const expectRow = async ({ says = /./, needs, ...row }: Row, link: 'discovery' | 'jwks') => {
  const byHand = missing(needs) ? 'a program that the command needs is not here' : row.byHand
  const broken = await expectFault(place, {
    fault: row.fault,
    finding: row.finding,
    inject: row.inject,
    link,
    args: ARGS,
    ...(byHand === undefined ? {} : { byHand }),
  })
  const [worst] = broken.link(link).findings
  expect(`${worst?.summary}\n${worst?.why}\n${worst?.fix}`).toMatch(says)
}

const spelt = (change: (issuer: string) => string) => (): void =>
  discovery({ issuer: change(place.issuer) })

const DISCOVERY: readonly Row[] = [
  {
    fault: 'the issuer of the discovery document ends in a slash',
    finding: 'discovery/issuer-differs',
    inject: spelt((issuer) => `${issuer}/`),
    says: /a slash at its end[^]*\n +\^\n?/,
    needs: AWS,
  },
  {
    fault: 'the issuer of the discovery document is in upper case',
    finding: 'discovery/issuer-differs',
    inject: spelt((issuer) => issuer.replace('localhost', 'LocalHost')),
    says: /upper and lower case/,
    needs: AWS,
  },
  {
    fault: 'the issuer of the discovery document is http',
    finding: 'discovery/issuer-differs',
    inject: spelt((issuer) => issuer.replace('https', 'http')),
    says: /the scheme/,
    needs: AWS,
  },
  {
    fault: 'the issuer of the discovery document has no scheme',
    finding: 'discovery/issuer-differs',
    inject: spelt((issuer) => issuer.replace('https://', '')),
    says: /its missing scheme/,
    needs: AWS,
  },
  {
    fault: 'the issuer of the discovery document has another port',
    finding: 'discovery/issuer-differs',
    inject: spelt((issuer) => issuer.replace(/:\d+/, '')),
    says: /the port/,
    needs: AWS,
  },
  {
    fault: 'the issuer of the discovery document ends in a line break',
    finding: 'discovery/issuer-differs',
    inject: spelt((issuer) => `${issuer}\n`),
    says: /white space[^]*\\u000a/,
    needs: AWS,
  },
  {
    fault: 'the discovery document is that of another host',
    finding: 'discovery/issuer-differs',
    inject: spelt(() => 'https://oidc.example.com'),
    says: /the host/,
    needs: AWS,
  },
  {
    fault: 'the discovery document names no issuer',
    finding: 'discovery/issuer-missing',
    inject: () => discovery({ issuer: undefined }),
  },
  {
    fault: 'the discovery document names no jwks_uri',
    finding: 'discovery/jwks-uri-missing',
    inject: () => discovery({ jwks_uri: undefined }),
  },
  {
    fault: 'the jwks_uri is no text',
    finding: 'discovery/jwks-uri-missing',
    inject: () => discovery({ jwks_uri: [place.issuer] }),
  },
  {
    fault: 'the jwks_uri is http',
    finding: 'discovery/jwks-uri-not-https',
    inject: () => discovery({ jwks_uri: `${place.issuer}/keys.json`.replace('https', 'http') }),
  },
  {
    fault: 'the jwks_uri is relative',
    finding: 'discovery/jwks-uri-relative',
    inject: () => discovery({ jwks_uri: '/keys.json' }),
  },
  {
    fault: 'the jwks_uri has a blank at its end',
    finding: 'discovery/jwks-uri-invalid',
    inject: () => discovery({ jwks_uri: `${place.issuer}/keys.json ` }),
  },
  {
    fault: 'the discovery document lacks id_token among its response types',
    finding: 'discovery/member-missing',
    inject: () => discovery({ response_types_supported: ['code'] }),
    says: /id_token/,
  },
  {
    fault: 'the discovery document lacks its subject types',
    finding: 'discovery/member-missing',
    inject: () => discovery({ subject_types_supported: undefined }),
  },
  {
    fault: 'the discovery document lacks its algorithms',
    finding: 'discovery/member-missing',
    inject: () => discovery({ id_token_signing_alg_values_supported: undefined }),
  },
  {
    fault: 'the discovery document is empty',
    finding: 'discovery/empty',
    inject: () => place.put('discovery', ''),
  },
  {
    fault: 'the discovery document is cut off',
    finding: 'discovery/not-json',
    inject: () => place.put('discovery', '{"issuer": "https://'),
    needs: AWS,
  },
  {
    fault: 'the discovery document is a list',
    finding: 'discovery/not-object',
    inject: () => place.put('discovery', '[]'),
    needs: AWS,
  },
  {
    fault: 'a web page was uploaded as the discovery document',
    finding: 'discovery/html',
    inject: () => place.put('discovery', '<!doctype html><title>Sign in</title>'),
    needs: AWS,
  },
  {
    fault: 'the discovery document was saved with a byte order mark',
    finding: 'discovery/byte-order-mark',
    inject: () => place.put('discovery', `\uFEFF${JSON.stringify(place.read('discovery'))}`),
    needs: AWS,
  },
  {
    fault: 'the discovery document was uploaded compressed',
    finding: 'discovery/compressed',
    inject: () => place.put('discovery', gzipSync(JSON.stringify(place.read('discovery')))),
    needs: AWS,
  },
]

test.each(DISCOVERY)('discovery: $fault', (row) => expectRow(row, 'discovery'))

const called = (kid: string | undefined) => (): void => keys({ ...ours, kid })

const JWKS: readonly Row[] = [
  {
    fault: 'the key has no kid',
    finding: 'jwks/kid-missing',
    inject: called(undefined),
    needs: AWS,
  },
  { fault: 'the kid is empty', finding: 'jwks/kid-empty', inject: called(''), needs: AWS },
  {
    fault: 'a key beside another one has no kid',
    finding: 'jwks/kid-missing',
    inject: () => keys({ ...ours, kid: undefined }, other.jwk),
    needs: AWS_AND_JQ,
  },
  {
    fault: 'the kid is hexadecimal',
    finding: 'jwks/kid-computed',
    inject: () => called(Buffer.from(ours.kid, 'base64url').toString('hex'))(),
    says: /the SHA-256 of its DER form in hexadecimal digits/,
  },
  {
    fault: 'the kid has padding',
    finding: 'jwks/kid-computed',
    inject: () => called(`${ours.kid}=`)(),
    says: /base64url with padding/,
  },
  {
    fault: 'the kid is the hash of the PEM text',
    finding: 'jwks/kid-computed',
    inject: async () => {
      const pem = await readFile(join(place.cwd, 'keys/sa-signer.pub'))
      called(createHash('sha256').update(pem).digest('base64url'))()
    },
    says: /the SHA-256 of its PEM text in base64url/,
  },
  {
    fault: 'the kid is the RFC 7638 thumbprint',
    finding: 'jwks/kid-computed',
    inject: async () => called(await calculateJwkThumbprint(ours))(),
    says: /RFC 7638 thumbprint/,
  },
  {
    fault: 'the key of the signer has a name that somebody thought of',
    finding: 'jwks/kid-other',
    inject: called('blue-2026'),
  },
  {
    fault: 'the key of the signer is published under the kid of another',
    finding: 'jwks/kid-of-other-key',
    inject: () => keys({ ...ours, kid: other.kid }, { ...other.jwk, kid: 'green' }),
  },
  {
    fault: 'two different keys have one kid',
    finding: 'jwks/duplicate-kid',
    inject: () => keys(ours, { ...other.jwk, kid: ours.kid }),
  },
  {
    fault: 'the key of the signer is not published',
    finding: 'jwks/signer-missing',
    inject: () => keys(other.jwk),
  },
  {
    fault: 'another key is published under the kid of the signer',
    finding: 'jwks/signer-differs',
    inject: () => keys({ ...other.jwk, kid: ours.kid }),
  },
  { fault: 'the key set is empty', finding: 'jwks/no-keys', inject: () => keys() },
  {
    fault: 'the key set has no list of keys',
    finding: 'jwks/not-a-key-set',
    inject: () => place.put('keys', {}),
    needs: AWS,
  },
  {
    fault: 'the key set lists a text',
    finding: 'jwks/entry-not-object',
    inject: () => keys(ours, 'key'),
    needs: AWS,
  },
  {
    fault: 'the key set is cut off',
    finding: 'jwks/not-json',
    inject: () => place.put('keys', '{"keys": ['),
    needs: AWS,
  },
  {
    fault: 'the key set is empty text',
    finding: 'jwks/empty',
    inject: () => place.put('keys', '\n'),
    needs: AWS,
  },
  {
    fault: 'the key set has 101 RSA keys',
    finding: 'jwks/too-many',
    inject: () =>
      keys(ours, ...Array.from({ length: 100 }, (_, at) => ({ ...other.jwk, kid: `key-${at}` }))),
    says: /101 RSA keys/,
  },
  {
    fault: 'the key is marked for encryption',
    finding: 'jwks/use',
    inject: () => keys({ ...ours, use: 'enc' }),
  },
  {
    fault: 'the alg does not fit the key',
    finding: 'jwks/alg',
    inject: () => keys({ ...ours, alg: 'ES256' }),
  },
  {
    fault: 'the modulus begins with a zero byte',
    finding: 'jwks/encoding',
    inject: () =>
      keys({
        ...ours,
        n: Buffer.concat([Buffer.alloc(1), Buffer.from(modulus(), 'base64url')]).toString(
          'base64url',
        ),
      }),
    says: /begins with a zero byte/,
  },
  {
    fault: 'the modulus is plain base64',
    finding: 'jwks/encoding',
    inject: () => keys({ ...ours, n: Buffer.from(modulus(), 'base64url').toString('base64') }),
  },
  {
    fault: 'the modulus is missing',
    finding: 'jwks/unusable',
    inject: () => keys({ ...ours, n: undefined }),
  },
  {
    fault: 'the key has no kty',
    finding: 'jwks/kty-missing',
    inject: () => keys({ ...ours, kty: undefined }),
    needs: AWS,
  },
]

const modulus = (): string => String(ours['n'])

test.each(JWKS)('jwks: $fault', (row) => expectRow(row, 'jwks'))

const privateJwk = (secret: KeyObject): Json => ({ ...secret.export({ format: 'jwk' }) })
const pemOf = (secret: KeyObject): string =>
  secret.export({ type: 'pkcs8', format: 'pem' }).toString()

const STOLEN: readonly Row[] = [
  {
    fault: 'a key of somebody else is published with its private half',
    finding: 'jwks/private-member',
    inject: () => keys(ours, { ...privateJwk(otherSecret), kid: other.kid }),
    says: /stolen/,
    needs: AWS,
  },
  {
    fault: 'a shared secret is published beside keys of others',
    finding: 'jwks/private-member',
    inject: () =>
      keys(ours, other.jwk, { kty: 'oct', kid: 'secret', k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMko' }),
    needs: AWS_AND_JQ,
  },
  {
    fault: 'a private key is published in a key set that is cut off',
    finding: 'jwks/private-key',
    inject: () => place.put('keys', JSON.stringify(privateJwk(otherSecret)).slice(0, -1)),
    needs: AWS,
  },
]

test.each(STOLEN)('jwks: $fault', async (row) => {
  await expectRow(row, 'jwks')
})

test('discovery: the private key was appended to the document', async () => {
  const inject = () => discovery({ comment: pemOf(otherSecret) })
  const finding = 'discovery/private-key'
  const fault = 'a private key is published in the discovery document'
  await expectRow({ fault, finding, inject, needs: AWS }, 'discovery')
})

test.skipIf(missing(AWS)).each([
  ['as a member', 'jwks/private-member', (secret: KeyObject) => privateJwk(secret)],
  ['in PEM form', 'jwks/private-key', (secret: KeyObject) => ({ comment: pemOf(secret) })],
] as const)(
  'jwks: the signer’s own private half is published %s',
  async (how, finding, members) => {
    await using place = await published()
    const secret = createPrivateKey(await readFile(join(place.cwd, 'keys/sa-signer.key')))
    const [key] = place.read('keys')['keys'] as Json[]
    const broken = await expectFault(place, {
      fault: `the private half of the signer is published ${how}`,
      link: 'jwks',
      finding,
      args: ARGS,
      inject: () => place.put('keys', { keys: [{ ...key, ...members(secret) }] }),
    })
    const said = broken.ended.stdout + broken.ended.stderr
    for (const member of ['d', 'p', 'q']) expect(said).not.toContain(privateJwk(secret)[member])
    expect(broken.link('jwks').fix).toMatch(/new pair[^]*print-apiserver-flags/)
    const [now] = place.read('keys')['keys'] as Json[]
    expect(now?.['kid']).not.toBe(key?.['kid'])
  },
)

interface Remark extends Omit<Row, 'byHand'> {
  readonly link: 'discovery' | 'jwks'
  readonly severity: 'medium' | 'low' | 'info'
  /** No command is printed for it, for a reason. */
  readonly unmended?: string
}

const served = (headers: Record<string, string | undefined>) => (): void => {
  place.put('keys', place.read('keys'), headers)
}

const REMARKS: readonly Remark[] = [
  {
    fault: 'no Cache-Control',
    link: 'jwks',
    finding: 'jwks/cache-control',
    severity: 'low',
    inject: served({ 'cache-control': undefined }),
  },
  {
    fault: 'Cache-Control: no-cache',
    link: 'jwks',
    finding: 'jwks/cache-control',
    severity: 'medium',
    inject: served({ 'cache-control': 'no-cache' }),
    says: /fetches the document for every token/,
  },
  {
    fault: 'Cache-Control: max-age=0',
    link: 'discovery',
    finding: 'discovery/cache-control',
    severity: 'medium',
    inject: () => place.put('discovery', place.read('discovery'), { 'cache-control': 'max-age=0' }),
  },
  {
    fault: 'a key set that may be kept for a year',
    link: 'jwks',
    finding: 'jwks/cache-control',
    severity: 'low',
    inject: served({ 'cache-control': 'public, max-age=31536000, immutable' }),
  },
  {
    fault: 'another content type',
    link: 'jwks',
    finding: 'jwks/content-type',
    severity: 'info',
    inject: served({ 'content-type': 'binary/octet-stream' }),
    unmended: 'nothing is broken',
  },
  {
    fault: 'the discovery document does not list the algorithm of the keys',
    link: 'discovery',
    finding: 'discovery/algorithms',
    severity: 'medium',
    inject: () => discovery({ id_token_signing_alg_values_supported: ['ES256'] }),
  },
  {
    fault: 'the same key twice',
    link: 'jwks',
    finding: 'jwks/duplicate-key',
    severity: 'low',
    inject: () => keys(ours, ours),
  },
  {
    fault: 'the key a second time, under a wrong name',
    link: 'jwks',
    finding: 'jwks/kid-left-over',
    severity: 'low',
    inject: async () => keys(ours, { ...ours, kid: await calculateJwkThumbprint(ours) }),
  },
  {
    fault: 'a key of 1024 bits',
    link: 'jwks',
    finding: 'jwks/small',
    severity: 'low',
    inject: () =>
      keys(ours, {
        ...rsa(1024).export({ format: 'jwk' }),
        d: undefined,
        ...NO_FACTORS,
        kid: 'small',
      }),
    unmended: 'the signer of somebody else',
  },
]

const NO_FACTORS = { p: undefined, q: undefined, dp: undefined, dq: undefined, qi: undefined }

const mended = REMARKS.filter(({ unmended }) => unmended === undefined)
const unmended = REMARKS.filter((remark) => remark.unmended !== undefined)

async function remarkOf({ link, finding, severity, inject, says = /./ }: Remark) {
  await inject()
  const found = await verify(place, ARGS)
  const remark = found.link(link).findings.find(({ id }) => id === finding)
  expect(remark, JSON.stringify(found.link(link))).toMatchObject({ severity })
  expect(found.link(link).status).toBe(severity === 'info' ? 'pass' : 'warn')
  expect(`${remark?.summary} ${remark?.why}`).toMatch(says)
  return remark
}

test.each(mended)('$severity: $fault', async (row) => {
  const command = (await remarkOf(row))?.command ?? 'false'
  const mending = await runPrinted(place, command)
  expect(mending.code, `${command}\n${mending.stderr}`).toBe(0)
  expect((await verify(place, ARGS)).findings).not.toContain(row.finding)
  await recordFault({ fault: row.fault, link: row.link, finding: row.finding, mended: true })
})

test.each(unmended)('$severity: $fault', async (row) => {
  expect((await remarkOf(row))?.id).toBe(row.finding)
  const { fault, link, finding, unmended: why = '' } = row
  await recordFault({ fault, link, finding, mended: why })
})

test('a kid that the tokens do carry is right, however it was computed', async () => {
  const kid = await calculateJwkThumbprint(other.jwk)
  keys(ours, { ...other.jwk, kid })
  const named = await verify(place, ARGS)
  expect(named.link('jwks').findings).toMatchObject([{ id: 'jwks/kid-computed', severity: 'high' }])
  const claims = { iss: place.issuer, sub: 'system:serviceaccount:shop:checkout' }
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid })
    .setAudience('sts.amazonaws.com')
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(otherSecret)
  await writeFile(join(place.cwd, 'token'), token)
  const found = await verify(place, [...ARGS, '--token', 'token'])
  expect(found.link('jwks')).toMatchObject({ status: 'pass', findings: [] })
})

test('key files that are not there are missed, and damaged ones break the chain', async () => {
  const [folder, away] = [join(place.cwd, 'keys'), join(place.cwd, 'away')]
  await rename(folder, away)
  const missed = await verify(place, ARGS)
  await rename(away, folder)
  const missing = { id: 'signer-key/missing', severity: 'medium' }
  expect(missed.link('signer-key')).toMatchObject({ status: 'warn', findings: [missing] })
  const file = join(folder, 'sa-signer.pub')
  const before = await readFile(file)
  await writeFile(file, before.subarray(0, 100))
  const damaged = await verify(place, ARGS)
  await writeFile(file, before)
  const [finding] = damaged.link('signer-key').findings
  expect(damaged.brokenLink).toBe('signer-key')
  expect(finding?.id).toMatch(/^signer-key\/key-/)
  expect(finding?.summary).not.toMatch(/\.$/)
})
