import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { changingNothing, expectRefusal } from '../support/problems.ts'
import { configText, publicPem, putSigner, rsa, wholeSigner } from '../support/signers.ts'
import { pemOf, pkcs1, pkcs8, sec1 } from '../support/pem-forms.ts'

const key = rsa()
const other = rsa()
const small = rsa(1024)
const ed25519 = generateKeyPairSync('ed25519').privateKey
const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const OPENSSH = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 me@laptop\n'
const encryption = { cipher: 'aes-256-cbc', passphrase: 'secret' }
const encryptedPkcs8 = key.export({ type: 'pkcs8', format: 'pem', ...encryption }).toString()
const encryptedPkcs1 = key.export({ type: 'pkcs1', format: 'pem', ...encryption }).toString()
const spkiDer = createPublicKey(key).export({ type: 'spki', format: 'der' })
const publicPkcs1 = createPublicKey(key).export({ type: 'pkcs1', format: 'pem' }).toString()
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')
const opensshPrivate = pemOf('OPENSSH PRIVATE KEY', Buffer.from('openssh-key-v1\0'))

let place: Workplace

beforeAll(async () => {
  place = await workplace()
})

afterAll(() => place[Symbol.asyncDispose]())

beforeEach(async () => {
  for (const name of ['keys', 'irsa.yaml', 'sa.pub']) {
    await rm(join(place.cwd, name), { recursive: true, force: true })
  }
})

const PUBLIC_FILES = [
  ['an empty file', '', 'key/empty', /generate-keypair/],
  ['a file of blank lines', '\n \n', 'key/empty', /generate-keypair/],
  ['DER', spkiDer, 'key/not-pem', /openssl pkey -pubin -inform DER/],
  ['UTF-16', utf16(publicPem(key)), 'key/not-pem', /./],
  ['text', 'hello\n', 'key/not-pem', /--service-account-key-file/],
  ['a byte order mark', `\uFEFF${publicPem(key)}`, 'key/byte-order-mark', /tail -c \+4/],
  ['PKCS#1', publicPkcs1, 'key/pkcs1-public', /openssl rsa -RSAPublicKey_in/],
  ["OpenSSH's form", OPENSSH, 'key/openssh-public', /ssh-keygen -e -m PKCS8/],
  ['a private key', pkcs1(key), 'key/private-given', /openssl pkey -in \S+ -pubout/],
  ['a private key in PKCS#8', pkcs8(key), 'key/private-given', /openssl pkey -in \S+ -pubout/],
  ['an EC private key', sec1(p256), 'key/private-given', /openssl pkey -in \S+ -pubout/],
  ['an encrypted private key', encryptedPkcs8, 'key/private-given', /-pubout/],
  ["OpenSSH's private key", opensshPrivate, 'key/private-given', /ssh-keygen -e -m PKCS8/],
  ['a pair in one file', publicPem(key) + pkcs1(key), 'key/private-given', /-pubout/],
  ['RSA of 1024 bits', publicPem(small), 'key/too-small', /2048/],
  ['Ed25519', publicPem(ed25519), 'key/unsupported-type', /generate-keypair/],
  ['secp256k1', publicPem(secp256k1), 'key/unsupported-type', /generate-keypair/],
  ['a cut-off key', publicPem(key).slice(0, 200), 'key/unreadable-block', /again/],
  ['a damaged key', pemOf('PUBLIC KEY', Buffer.from('no')), 'key/unreadable-block', /again/],
  ['DH parameters', pemOf('DH PARAMETERS', Buffer.from('no')), 'key/unsupported-block', /Leave/],
] as const

describe.each([
  ['build-documents', '--issuer', 'https://oidc.example.com', '--public-key', 'sa.pub'],
  ['publish-jwks', '--bucket', 'oidc-acme', '--public-key', 'sa.pub'],
  ['init', '--name', 'blue', '--public-key', 'sa.pub', '--yes'],
])('a public key for irsa %s', (...args) => {
  test.each(PUBLIC_FILES)('that is %s is refused', async (_, content, code, says) => {
    await writeFile(join(place.cwd, 'sa.pub'), content)
    const text = await expectRefusal(place, args, { code, exit: 2, says: [says, 'sa.pub'] })
    expect(text).not.toMatch(/[A-Za-z0-9+/]{60}/)
  })

  test('that is not there is a missing file', async () => {
    const expected = { code: 'files/missing', exit: 2, says: ['sa.pub'] } as const
    await expectRefusal(place, args, expected)
  })

  test('that is a folder cannot be read', async () => {
    await mkdir(join(place.cwd, 'sa.pub'))
    const expected = { code: 'files/unreadable', exit: 1, says: ['sa.pub', /ls -ld/] } as const
    await expectRefusal(place, args, expected)
  })
})

const PRIVATE_FILES = [
  ['an empty file', '', 'key/empty', /generate-keypair/],
  ['DER', key.export({ type: 'pkcs1', format: 'der' }), 'key/not-pem', /openssl pkey -inform DER/],
  ['UTF-16', utf16(pkcs1(key)), 'key/not-pem', /./],
  ['text', 'hello\n', 'key/not-pem', /./],
  ['encrypted PKCS#8', encryptedPkcs8, 'key/encrypted', /openssl pkey/],
  ['encrypted PKCS#1', encryptedPkcs1, 'key/encrypted', /openssl pkey/],
  ['a public key', publicPem(key), 'key/public-given', /generate-keypair/],
  ['a public key in PKCS#1', publicPkcs1, 'key/public-given', /generate-keypair/],
  ["OpenSSH's form", opensshPrivate, 'key/openssh-private', /ssh-keygen -p -m PEM/],
  ['RSA of 1024 bits', pkcs1(small), 'key/too-small', /2048/],
  ['Ed25519', pkcs8(ed25519), 'key/unsupported-type', /generate-keypair/],
  ['secp256k1', sec1(secp256k1), 'key/unsupported-type', /generate-keypair/],
  ['a cut-off key', pkcs1(key).slice(0, 300), 'key/unreadable-block', /again/],
] as const

describe.each([['generate-keypair'], ['init', '--name', 'blue', '--yes'], ['apply', '--yes']])(
  'a private key for irsa %s',
  (...args) => {
    beforeEach(async () => {
      if (args[0] !== 'apply') return
      const issuer = `${place.aws.url}/oidc-acme`
      await writeFile(join(place.cwd, 'irsa.yaml'), configText({ issuer }))
    })

    test.each(PRIVATE_FILES)('that is %s is refused', async (_, secret, code, says) => {
      await putSigner(place.cwd, { secret, open: publicPem(key) })
      const text = await expectRefusal(place, args, {
        code,
        exit: 2,
        says: [says, 'sa-signer.key'],
      })
      expect(text).not.toMatch(/[A-Za-z0-9+/]{60}/)
    })

    test.each([0o640, 0o604, 0o644, 0o660])('with mode %o is refused', async (mode) => {
      await putSigner(place.cwd, wholeSigner(key))
      await chmod(join(place.cwd, 'keys/sa-signer.key'), mode)
      const says = [/chmod 600 .*sa-signer\.key/]
      await expectRefusal(place, args, { code: 'signer/readable-by-others', exit: 1, says })
    })

    test('that does not belong to its public key is a problem, and neither is touched', async () => {
      await putSigner(place.cwd, { secret: pkcs1(key), open: publicPem(other) })
      const says = ['sa-signer.key', 'sa-signer.pub', 'openssl pkey']
      await expectRefusal(place, args, { code: 'signer/mismatch', exit: 1, says })
    })
  },
)

describe('irsa generate-keypair', () => {
  const read = (name: string) => readFile(join(place.cwd, 'keys', name), 'utf8')

  test('leaves a pair that belongs together, and reports its kid', async () => {
    const made = await place.run(['generate-keypair', '-o', 'json'])
    const { kid } = made.json<{ kid: string }>()
    const run = () => place.run(['generate-keypair', '-o', 'json'])
    const again = await changingNothing(place, run)
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(again.json()).toMatchObject({ kind: 'KeyPair', kid, bits: 2048 })
  })

  test('says in words that nothing was written', async () => {
    await putSigner(place.cwd, wholeSigner(key))
    const ended = await changingNothing(place, () => place.run(['generate-keypair']))
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stderr).toContain('nothing was written')
  })

  test('with the public key missing touches nothing, and says how to write it', async () => {
    await putSigner(place.cwd, { secret: pkcs1(key) })
    const says = [/openssl pkey -in keys\/sa-signer\.key -pubout/]
    const expected = { code: 'signer/public-missing', exit: 1, says } as const
    await expectRefusal(place, ['generate-keypair'], expected)
  })

  test('with the private key missing touches nothing', async () => {
    await putSigner(place.cwd, { open: publicPem(key) })
    const expected = { code: 'signer/private-missing', exit: 1, says: ['--out-dir'] } as const
    await expectRefusal(place, ['generate-keypair'], expected)
  })

  test.each([
    ['both are', { secret: '', open: '' }],
    ['the private one is', { secret: '', open: publicPem(key) }],
    ['the public one is', { secret: pkcs1(key), open: '' }],
  ])('with empty files touches nothing: %s', async (_, files) => {
    await putSigner(place.cwd, files)
    await expectRefusal(place, ['generate-keypair'], { code: 'key/empty', exit: 2 })
  })

  test.each(['1024', '2000', 'many', ''])('with --bits %j is a usage error', async (bits) => {
    const expected = { code: 'usage/invalid', exit: 2, says: ['--bits', '2048'] } as const
    await expectRefusal(place, ['generate-keypair', `--bits=${bits}`], expected)
  })

  test('never prints the private key', async () => {
    const ended = await place.run(['generate-keypair', '--debug'])
    const secret = await read('sa-signer.key')
    expect(ended.stdout + ended.stderr).not.toContain(secret.split('\n')[1])
  })
})
