import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readPrivateKey } from '../../src/core/private-key.ts'
import { pemOf, pkcs1, pkcs8, sec1, spki } from '../support/pem-forms.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed25519 = generateKeyPairSync('ed25519')
const small = generateKeyPairSync('rsa', { modulusLength: 1024 })

const secret = { cipher: 'aes-256-cbc', passphrase: 'x' }
const RSA_PEM = spki(rsa.publicKey)

const refusal = (code: string, fix: RegExp) =>
  expect.objectContaining({ code: `key/${code}`, exit: 2, fix: expect.stringMatching(fix) })

describe('the private key of a signer', () => {
  test.each([
    ['PKCS#1', pkcs1(rsa.privateKey), rsa.publicKey, 2048],
    ['PKCS#8 RSA', pkcs8(rsa.privateKey), rsa.publicKey, 2048],
    ['PKCS#8 EC', pkcs8(ec.privateKey), ec.publicKey, 256],
    ['SEC1', sec1(ec.privateKey), ec.publicKey, 256],
    [
      'SEC1 behind its parameters',
      pemOf('EC PARAMETERS', Buffer.from('06082a8648ce3d030107', 'hex')) + sec1(ec.privateKey),
      ec.publicKey,
      256,
    ],
    ['the first of several', pkcs1(rsa.privateKey) + sec1(ec.privateKey), rsa.publicKey, 2048],
    ['behind its public half', RSA_PEM + pkcs1(rsa.privateKey), rsa.publicKey, 2048],
  ])('is read: %s', async (_, text, publicKey, bits) => {
    const signer = await readPrivateKey(text, 'sa.key')
    expect(signer).toMatchObject({ bits, publicKey: { pem: spki(publicKey), bits } })
    expect(signer.key.type).toBe('private')
    expect(JSON.stringify(signer)).not.toContain('PRIVATE')
  })

  test.each([
    ['nothing', '', 'empty', /generate-keypair/],
    ['text', 'hello', 'not-pem', /./],
    [
      'DER',
      rsa.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('utf8'),
      'not-pem',
      /umask 077; openssl pkey -inform DER -in sa\.key -out sa\.key\.pem/,
    ],
    ['a public key', RSA_PEM, 'public-given', /sa-signer\.key/],
    ['a PKCS#1 public key', pkcs1(rsa.publicKey), 'public-given', /sa-signer\.key/],
    [
      'encrypted PKCS#8',
      rsa.privateKey.export({ type: 'pkcs8', format: 'pem', ...secret }).toString(),
      'encrypted',
      /umask 077; openssl pkey -in sa\.key -out sa\.key\.plain/,
    ],
    [
      'encrypted PKCS#1',
      rsa.privateKey.export({ type: 'pkcs1', format: 'pem', ...secret }).toString(),
      'encrypted',
      /openssl pkey/,
    ],
    [
      'OpenSSH',
      pemOf('OPENSSH PRIVATE KEY', Buffer.from('x')),
      'openssh-private',
      /ssh-keygen -p -m PEM/,
    ],
    ['Ed25519', pkcs8(ed25519.privateKey), 'unsupported-type', /./],
    ['DSA', pemOf('DSA PRIVATE KEY', Buffer.from('x')), 'unsupported-type', /./],
    ['RSA of 1024 bits', pkcs8(small.privateKey), 'too-small', /2048/],
    ['rubbish in a block', pemOf('RSA PRIVATE KEY', Buffer.from('x')), 'unreadable-block', /./],
    ['half a block', pkcs8(rsa.privateKey).slice(0, 400), 'unreadable-block', /./],
  ])('is refused: %s', async (_, text, code, fix) => {
    await expect(readPrivateKey(text, 'sa.key')).rejects.toThrow(refusal(code, fix))
  })
})
