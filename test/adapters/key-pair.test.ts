import { createPrivateKey, createPublicKey } from 'node:crypto'
import { expect, test } from 'vitest'
import { generateRsaKeyPair } from '../../src/adapters/key-pair.ts'
import { spki } from '../support/pem-forms.ts'

test.each([2048, 3072])('%i bits: PKCS#1 and PKIX, exponent 65537', async (bits) => {
  const { privatePem, publicPem } = await generateRsaKeyPair(bits)
  expect(privatePem).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/)
  expect(publicPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/)
  expect(spki(createPublicKey(privatePem))).toBe(publicPem)
  const details = createPrivateKey(privatePem).asymmetricKeyDetails
  expect(details).toMatchObject({ modulusLength: bits, publicExponent: 65_537n })
})
