import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { publicKeyFromJwk, publicPemOf, readPublicKeys } from '../../src/core/public-key.ts'
import { pemOf, pkcs1, pkcs8, sec1, spki } from '../support/pem-forms.ts'

// The vector of kubernetes pkg/serviceaccount/keyid_test.go.
const UPSTREAM_KID = 'JHJehTTTZlsspKHT-GaJxK7Kd1NQgZJu3fyK6K_QDYU'
const UPSTREAM_PEM = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA249XwEo9k4tM8fMxV7zx
OhcrP+WvXn917koM5Qr2ZXs4vo26e4ytdlrV0bQ9SlcLpQVSYjIxNfhTZdDt+ecI
zshKuv1gKIxbbLQMOuK1eA/4HALyEkFgmS/tleLJrhc65tKPMGD+pKQ/xhmzRuCG
51RoiMgbQxaCyYxGfNLpLAZK9L0Tctv9a0mJmGIYnIOQM4kC1A1I1n3EsXMWmeJU
j7OTh/AjjCnMnkgvKT2tpKxYQ59PgDgU8Ssc7RDSmSkLxnrv+OrN80j6xrw0OjEi
B4Ycr0PqfzZcvy8efTtFQ/Jnc4Bp1zUtFXt7+QeevePtQ2EcyELXE0i63T1CujRM
WwIDAQAB
-----END PUBLIC KEY-----
`

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')
const small = generateKeyPairSync('rsa', { modulusLength: 1024 })

const refusal = (code: string, fix: RegExp) =>
  expect.objectContaining({ code: `key/${code}`, exit: 2, fix: expect.stringMatching(fix) })

const RSA_PEM = spki(rsa.publicKey)

describe('kid', () => {
  test("is upstream's own vector", async () => {
    const [key] = await readPublicKeys(UPSTREAM_PEM, 'sa.pub')
    expect(key).toMatchObject({ kid: UPSTREAM_KID, alg: 'RS256', bits: 2048, pem: UPSTREAM_PEM })
    expect(Object.keys(key!.jwk)).toEqual(['use', 'kty', 'kid', 'alg', 'n', 'e'])
  })

  test.each([
    ['P-256', 'ES256', 256],
    ['P-384', 'ES384', 384],
    ['P-521', 'ES512', 521],
  ])('%s signs with %s', async (namedCurve, alg, bits) => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve })
    const [key] = await readPublicKeys(spki(publicKey), 'sa.pub')
    expect(key).toMatchObject({ alg, bits, jwk: { kty: 'EC', crv: namedCurve, alg } })
    expect(Object.keys(key!.jwk)).toEqual(['use', 'kty', 'kid', 'alg', 'crv', 'x', 'y'])
  })

  test.each([
    [2064, 65537],
    [3072, 3],
    [2048, 17],
  ])('RSA of %i bits with the exponent %i', async (modulusLength, publicExponent) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
    const [key] = await readPublicKeys(spki(publicKey), 'sa.pub')
    const { n, e } = publicKey.export({ format: 'jwk' })
    expect(key).toMatchObject({ bits: modulusLength, jwk: { n, e } })
  })
})

describe('a file of public keys', () => {
  test('gives its keys in order, a repeated one once, whatever stands between them', async () => {
    const crlf = spki(ec.publicKey).replaceAll('\n', '\r\n')
    const text = `old:\n${UPSTREAM_PEM}\nnew:\r\n${crlf}${UPSTREAM_PEM}`
    const keys = await readPublicKeys(text, 'sa.pub')
    expect(keys.map(({ pem }) => pem)).toEqual([UPSTREAM_PEM, spki(ec.publicKey)])
  })

  test.each([
    ['nothing', '', 'empty', /generate-keypair/],
    ['white space', ' \n', 'empty', /generate-keypair/],
    ['JSON', '{"keys":[]}', 'not-pem', /service-account-key-file/],
    [
      'DER',
      rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('utf8'),
      'not-pem',
      /openssl pkey -pubin -inform DER -in sa\.pub -pubout -out sa\.pub\.pem/,
    ],
    ['a byte order mark', `\uFEFF${RSA_PEM}`, 'byte-order-mark', /tail -c \+4/],
    [
      'PKCS#1',
      pkcs1(rsa.publicKey),
      'pkcs1-public',
      /openssl rsa -RSAPublicKey_in -in sa\.pub -pubout -out sa\.pub\.pkix/,
    ],
    [
      'OpenSSH',
      'ssh-rsa AAAAB3Nz me@home\n',
      'openssh-public',
      /ssh-keygen -e -m PKCS8 -f sa\.pub/,
    ],
    ['OpenSSH Ed25519', 'ssh-ed25519 AAAAC3 me\n', 'unsupported-type', /generate-keypair/],
    ['RFC 4716', '---- BEGIN SSH2 PUBLIC KEY ----\nAA==\n', 'openssh-public', /-m RFC4716/],
    [
      'a PKCS#8 private key',
      pkcs8(rsa.privateKey),
      'private-given',
      /openssl pkey -in sa\.pub -pubout -out sa\.pub\.pub/,
    ],
    ['a PKCS#1 private key', pkcs1(rsa.privateKey), 'private-given', /openssl pkey/],
    ['a SEC1 private key', sec1(ec.privateKey), 'private-given', /openssl pkey/],
    [
      'a private key behind a public one',
      RSA_PEM + pkcs8(rsa.privateKey),
      'private-given',
      /openssl/,
    ],
    [
      'an encrypted private key',
      pemOf('ENCRYPTED PRIVATE KEY', Buffer.from('x')),
      'private-given',
      /./,
    ],
    [
      'an OpenSSH private key',
      pemOf('OPENSSH PRIVATE KEY', Buffer.from('x')),
      'private-given',
      /ssh-keygen/,
    ],
    ['Ed25519', spki(ed25519.publicKey), 'unsupported-type', /P-256|generate-keypair/],
    [
      'RSA-PSS',
      spki(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey),
      'unsupported-type',
      /./,
    ],
    [
      'secp256k1',
      spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey),
      'unsupported-type',
      /./,
    ],
    ['RSA of 1024 bits', spki(small.publicKey), 'too-small', /2048/],
    [
      'a certificate request',
      pemOf('CERTIFICATE REQUEST', Buffer.from('x')),
      'unsupported-block',
      /./,
    ],
  ])('is refused when it holds %s', async (_, text, code, fix) => {
    await expect(readPublicKeys(text, 'sa.pub')).rejects.toThrow(refusal(code, fix))
  })

  test.each([
    ['no DER', pemOf('PUBLIC KEY', Buffer.from('hello'))],
    ['a PKCS#1 key under the wrong name', pkcs1(rsa.publicKey).replaceAll('RSA PUBLIC', 'PUBLIC')],
    ['a broken certificate', pemOf('CERTIFICATE', Buffer.from('hello'))],
    ['an indented block', RSA_PEM.replaceAll(/^/gm, '  ')],
    ['bytes behind the key', pemOf('PUBLIC KEY', Buffer.concat([derOf(RSA_PEM), Buffer.of(0)]))],
    ['a compressed point', pemOf('PUBLIC KEY', compressed(ec.publicKey))],
  ])('is refused by the number of its block for %s', async (_, text) => {
    const reading = readPublicKeys(UPSTREAM_PEM + text, 'sa.pub')
    await expect(reading).rejects.toThrow(refusal('unreadable-block', /Copy the key again/))
    await expect(reading).rejects.toThrow(/^Block 2 of "sa.pub"/)
  })

  test('is quoted for the shell where its name needs it', async () => {
    const reading = readPublicKeys(pkcs1(rsa.publicKey), "my key's.pub")
    await expect(reading).rejects.toThrow(
      refusal('pkcs1-public', /-in 'my key'\\''s\.pub' -pubout/),
    )
  })
})

function derOf(pem: string): Buffer {
  return createPublicKey(pem).export({ type: 'spki', format: 'der' })
}

/** RFC 5480 section 2.2: the same P-256 point in its short form, 0x02 or 0x03 and x. */
function compressed(key: KeyObject): Buffer {
  const der = key.export({ type: 'spki', format: 'der' })
  const head = Buffer.from(der.subarray(0, der.length - 65))
  head[1] = head[1]! - 32
  head[head.length - 2] = head[head.length - 2]! - 32
  const sign = Buffer.of(2 + (der.at(-1)! & 1))
  return Buffer.concat([head, sign, der.subarray(der.length - 64, der.length - 32)])
}

describe("a key of a cluster's own key set", () => {
  test('is the key of the file, whatever else it carries', async () => {
    const [key] = await readPublicKeys(UPSTREAM_PEM, 'sa.pub')
    expect(await publicKeyFromJwk({ ...key!.jwk, x5t: 'more' }, 'cluster')).toEqual(key)
  })

  test.each([
    ['with another kid', { kid: 'k' }, 'documents/kid-mismatch'],
    ['without kid', { kid: undefined }, 'documents/key-incomplete'],
    ['of another type', { kty: 'AKP' }, 'key/unsupported-type'],
    ['without modulus', { n: undefined }, 'documents/key-set-unparsable'],
    ['with its private half', { d: 'AA' }, 'documents/private-member'],
  ])('is refused %s', async (_, members, code) => {
    const [key] = await readPublicKeys(UPSTREAM_PEM, 'sa.pub')
    const reading = publicKeyFromJwk({ ...key!.jwk, ...members }, 'cluster')
    await expect(reading).rejects.toThrow(expect.objectContaining({ code }))
  })
})

test('the public PEM is the same from both halves of a pair', () => {
  expect(publicPemOf(rsa.privateKey)).toBe(RSA_PEM)
  expect(publicPemOf(rsa.publicKey)).toBe(RSA_PEM)
})
