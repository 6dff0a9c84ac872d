import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { readPrivateKey } from '../../src/core/private-key.ts'
import { signToken } from '../../src/core/token.ts'
import { pkcs1, sec1 } from '../support/pem-forms.ts'

const ID = '3c5c1d8e-1f4f-4d3c-9a35-0f3a0c3f6f10'
const REQUEST = {
  issuer: parseIssuer('https://oidc.example.com'),
  serviceAccount: { namespace: 'shop', name: 'checkout' },
  audience: 'sts.amazonaws.com',
  issuedAt: new Date('2026-08-01T12:00:00.999Z'),
  lifetimeSeconds: 3600,
  id: ID,
}

const KEYS = {
  RS256: pkcs1(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  ES256: sec1(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
  ES384: sec1(generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey),
  ES512: sec1(generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey),
}

test.each(Object.entries(KEYS))('%s: a token as kube-apiserver makes it', async (alg, pem) => {
  const key = await readPrivateKey(pem, 'sa.key')
  const token = await signToken(key, REQUEST)
  const { payload, protectedHeader } = await jwtVerify(token, createPublicKey(pem), {
    currentDate: REQUEST.issuedAt,
  })
  expect(protectedHeader).toEqual({ alg, kid: key.publicKey.kid })
  const now = Date.UTC(2026, 7, 1, 12) / 1000
  expect(payload).toEqual({
    aud: ['sts.amazonaws.com'],
    exp: now + 3600,
    iat: now,
    iss: 'https://oidc.example.com',
    jti: ID,
    'kubernetes.io': { namespace: 'shop', serviceaccount: { name: 'checkout', uid: ID } },
    nbf: now,
    sub: 'system:serviceaccount:shop:checkout',
  })
})
