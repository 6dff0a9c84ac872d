import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, type JWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { kubernetesKid } from '../../src/core/public-key.ts'
import { readKeys } from '../../src/core/verify/key-seen.ts'
import { rsa } from '../support/signers.ts'

const RSA = createPublicKey(rsa())
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey

const der = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()
const digest = (hash: string, bytes: Buffer | string): Buffer =>
  createHash(hash).update(bytes).digest()
const origin = (key: KeyObject, kid: string, members = {}): string | undefined => {
  const [seen] = readKeys([{ use: 'sig', ...key.export({ format: 'jwk' }), ...members, kid }])
  return seen?.usable?.originOf(kid)
}

const WAYS: readonly (readonly [by: string, kid: (key: KeyObject) => string])[] = [
  [
    'the SHA-256 of its DER form in hexadecimal digits',
    (key) => digest('sha256', der(key)).toString('hex'),
  ],
  [
    'the SHA-256 of its DER form in hexadecimal digits',
    (key) =>
      digest('sha256', der(key))
        .toString('hex')
        .toUpperCase()
        .replaceAll(/..(?!$)/g, '$&:'),
  ],
  [
    'the SHA-256 of its DER form in base64url with padding',
    (key) => `${digest('sha256', der(key)).toString('base64url')}=`,
  ],
  [
    'the SHA-256 of its DER form in hexadecimal digits, the first 16',
    (key) => digest('sha256', der(key)).toString('hex').slice(0, 16),
  ],
  [
    'the SHA-256 of its DER form in base64url, the first 20 signs',
    (key) => digest('sha256', der(key)).toString('base64url').slice(0, 20),
  ],
  [
    'the SHA-1 of its DER form in hexadecimal digits',
    (key) => digest('sha1', der(key)).toString('hex'),
  ],
  [
    'the MD5 of its DER form in hexadecimal digits',
    (key) => digest('md5', der(key)).toString('hex'),
  ],
  [
    'the SHA-512 of its DER form in base64url',
    (key) => digest('sha512', der(key)).toString('base64url'),
  ],
  [
    'the SHA-256 of its PEM text in base64url',
    (key) => digest('sha256', pem(key)).toString('base64url'),
  ],
  [
    'the SHA-256 of its PEM text without the final newline in base64url',
    (key) => digest('sha256', pem(key).trimEnd()).toString('base64url'),
  ],
  [
    'the SHA-256 of the base64 in its PEM text in base64url',
    (key) => digest('sha256', der(key).toString('base64')).toString('base64url'),
  ],
]

describe.each([
  ['RSA', RSA],
  ['EC', EC],
])('%s', (_, key) => {
  test.each(WAYS)('%s is recognised', (by, kid) => {
    expect(origin(key, kid(key))).toBe(by)
  })

  test('the RFC 7638 thumbprint is recognised', async () => {
    const jwk = key.export({ format: 'jwk' }) as JWK
    expect(origin(key, await calculateJwkThumbprint(jwk))).toBe('its RFC 7638 thumbprint')
    expect(origin(key, await calculateJwkThumbprint(jwk, 'sha512'))).toMatch(/SHA-512.*RFC 7638/)
  })

  test('the hash of its JSON is recognised', () => {
    const text = JSON.stringify({ use: 'sig', ...key.export({ format: 'jwk' }) })
    expect(origin(key, digest('sha256', text).toString('hex'))).toMatch(/SHA-256 of its JSON/)
  })

  test('the hash of its certificate is recognised', () => {
    const certificate = Buffer.from('a certificate')
    const x5c = [certificate.toString('base64')]
    const kid = digest('sha1', certificate).toString('base64url')
    expect(origin(key, kid, { x5c })).toBe('the SHA-1 of its certificate in base64url')
  })

  test.each(['', 'blue', '2026-11', 'a'.repeat(40), 'A'.repeat(43), '0'.repeat(64)])(
    '%j is what somebody thought of',
    (kid) => {
      expect(origin(key, kid)).toBeUndefined()
    },
  )
})

test('plain base64 is recognised', () => {
  const made = Array.from({ length: 20 }, () => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const kidOf = (key: KeyObject): string => digest('sha256', der(key)).toString('base64')
  const key = made.map(({ publicKey }) => publicKey).find((one) => /[+/]/.test(kidOf(one)))!
  for (const kid of [kidOf(key), kidOf(key).replace('=', '')]) {
    expect(origin(key, kid)).toBe('the SHA-256 of its DER form in plain base64')
  }
})

test('PKCS#1 and the modulus are recognised for RSA', () => {
  const pkcs1 = RSA.export({ type: 'pkcs1', format: 'der' })
  expect(origin(RSA, digest('sha256', pkcs1).toString('base64url'))).toMatch(/PKCS#1 form/)
  const { n = '' } = RSA.export({ format: 'jwk' })
  const modulus = Buffer.from(n, 'base64url')
  expect(origin(RSA, digest('sha256', modulus).toString('hex'))).toMatch(/its modulus/)
})

test('kube-apiserver’s own kid is base64url of SHA-256 over the DER key', () => {
  expect(kubernetesKid(der(RSA))).toBe(digest('sha256', der(RSA)).toString('base64url'))
})
