import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { publicKeyOf } from '../../src/core/public-key.ts'
import { takeApart, type TokenAnatomy } from '../../src/core/token-anatomy.ts'
import { checkSignature, keysOf, keysOfSet } from '../../src/core/verify/token-signature.ts'

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const OTHER = generateKeyPairSync('rsa', { modulusLength: 2048 })
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const P256 = curve('P-256')

const encoded = (members: object): string =>
  Buffer.from(JSON.stringify(members)).toString('base64url')

/** RFC 7518 section 3.1. */
function signed(header: { alg: string; kid?: string }, key: KeyObject): TokenAnatomy {
  const text = `${encoded(header)}.${encoded({ sub: 'a' })}`
  const hash = `sha${header.alg.slice(2)}`
  const signature = sign(hash, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return takeApart(`${text}.${signature.toString('base64url')}`, 'token')
}

const jwkOf = (key: KeyObject, more: object = {}) => ({ ...key.export({ format: 'jwk' }), ...more })
const setOf = (...keys: unknown[]) => keysOfSet(JSON.stringify({ keys })) ?? []

describe('a token is verified that is signed with', () => {
  test.each(['RS256', 'RS384', 'RS512'])('%s', (alg) => {
    const keys = setOf(jwkOf(OTHER.publicKey, { kid: 'b' }), jwkOf(RSA.publicKey, { kid: 'a' }))
    const token = signed({ alg, kid: 'a' }, RSA.privateKey)
    expect(checkSignature(token, keys)).toEqual({ kind: 'valid', by: 'a' })
  })

  test.each([
    ['ES256', 'P-256'],
    ['ES384', 'P-384'],
    ['ES512', 'P-521'],
  ])('%s', (alg, name) => {
    const { publicKey, privateKey } = curve(name)
    const keys = setOf(jwkOf(RSA.publicKey, { kid: 'a' }), jwkOf(publicKey, { kid: 'b' }))
    expect(checkSignature(signed({ alg, kid: 'b' }, privateKey), keys)).toEqual({
      kind: 'valid',
      by: 'b',
    })
  })

  test('a key of a file, by the kid of kube-apiserver', async () => {
    const key = await publicKeyOf(RSA.publicKey, 'sa.pub')
    const token = signed({ alg: 'RS256', kid: key.kid }, RSA.privateKey)
    expect(checkSignature(token, keysOf([key]))).toEqual({ kind: 'valid', by: key.kid })
  })

  test('a key that the header does not name', () => {
    const token = signed({ alg: 'RS256' }, RSA.privateKey)
    expect(checkSignature(token, setOf(jwkOf(RSA.publicKey, { kid: 'a' })))).toMatchObject({
      kind: 'valid',
    })
  })

  test('a private key that was published, of which the public half is taken', () => {
    const token = signed({ alg: 'ES256', kid: 'a' }, P256.privateKey)
    const keys = setOf(jwkOf(P256.privateKey, { kid: 'a' }))
    expect(keys[0]?.key.type).toBe('public')
    expect(checkSignature(token, keys)).toMatchObject({ kind: 'valid' })
  })
})

describe('a token is not verified', () => {
  const token = signed({ alg: 'RS256', kid: 'a' }, RSA.privateKey)

  test.each([
    ['by no key', [], 'key-unknown'],
    ['by another key', [jwkOf(OTHER.publicKey, { kid: 'b' })], 'key-unknown'],
    ['by another key of its kid', [jwkOf(OTHER.publicKey, { kid: 'a' })], 'wrong'],
    ['by its key under another kid', [jwkOf(RSA.publicKey, { kid: 'b' })], 'other-kid'],
    ['by its key without a kid', [jwkOf(RSA.publicKey)], 'other-kid'],
    ['by a key of another kind', [jwkOf(P256.publicKey, { kid: 'a' })], 'wrong'],
  ])('%s: %s', (_, keys, kind) => {
    expect(checkSignature(token, setOf(...keys))).toMatchObject({ kind })
  })

  test('after its payload was changed', () => {
    const changed = { ...token, signed: Buffer.from(`${token.signed.toString()}A`) }
    const keys = setOf(jwkOf(RSA.publicKey, { kid: 'a' }))
    expect(checkSignature(changed, keys)).toEqual({ kind: 'wrong' })
  })

  test.each([
    ['RSA', { alg: 'RS256', kid: 'a' }, RSA, 256],
    ['P-256', { alg: 'ES256', kid: 'a' }, P256, 64],
  ])('after its end was cut off, which its length shows: %s', (_, header, pair, wants) => {
    const whole = signed(header, pair.privateKey)
    const cut = { ...whole, signature: whole.signature.subarray(0, -15) }
    const seen = checkSignature(cut, setOf(jwkOf(pair.publicKey, { kid: 'a' })))
    expect(seen).toEqual({ kind: 'wrong', bytes: { has: wants - 15, wants } })
  })

  test('by an HMAC over the public key, the oldest trick of all', () => {
    const text = `${encoded({ alg: 'HS256', kid: 'a' })}.${encoded({ sub: 'a' })}`
    const pem = RSA.publicKey.export({ type: 'spki', format: 'pem' })
    const mac = createHmac('sha256', pem).update(text).digest('base64url')
    const forged = takeApart(`${text}.${mac}`, 'token')
    const keys = setOf(jwkOf(RSA.publicKey, { kid: 'a' }))
    expect(checkSignature(forged, keys)).toEqual({ kind: 'wrong' })
  })
})

describe('a key set', () => {
  test.each(['', '<html>', '[]', '{}', '{"keys":{}}', 'null'])('is not %j', (body) => {
    expect(keysOfSet(body)).toBeUndefined()
  })

  test('may hold what is no key to verify with', () => {
    expect(setOf(null, 'a', {}, { kty: 'oct', k: 'a' }, { kty: 'RSA', n: '' })).toHaveLength(0)
    expect(setOf({ kty: 'oct', k: 'a' }, jwkOf(RSA.publicKey, { kid: 7 }))).toMatchObject([
      { kid: undefined },
    ])
  })
})
