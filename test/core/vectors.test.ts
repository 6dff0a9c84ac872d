import { spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { mergeKeySets, serialiseKeySet } from '../../src/core/key-set.ts'
import { readPrivateKey } from '../../src/core/private-key.ts'
import { type PublicKey, publicKeyOf, readPublicKeys } from '../../src/core/public-key.ts'

const folder = mkdtempSync(join(tmpdir(), 'irsa-vectors-'))
afterAll(() => rmSync(folder, { recursive: true }))

const file = (name: string, text: string | Buffer): string => {
  const path = join(folder, name)
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

const run = (command: string, args: string[], input: string | Buffer = ''): Buffer => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input })
  if (error) throw error
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

// A laptop may lack them; where CI=true they have to be there, and their absence fails the tests.
const missing = (command: string): boolean =>
  process.env['CI'] !== 'true' && spawnSync(command, ['--help']).error !== undefined

const kinds: [name: string, key: KeyObject][] = [
  ['RSA 2048', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  [
    'RSA 3072, exponent 3',
    generateKeyPairSync('rsa', { modulusLength: 3072, publicExponent: 3 }).privateKey,
  ],
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
  ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
  ['P-521', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
]
const keys = await Promise.all(
  kinds.map(async ([name, key]) => [name, key, await publicKeyOf(key, name)] as const),
)
const pkcs8 = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const base64url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url')

describe.skipIf(missing('openssl'))('openssl agrees', () => {
  test.each(keys)('on the kid of %s', (_, __, { pem, kid }) => {
    const der = run('openssl', ['pkey', '-pubin', '-outform', 'DER'], pem)
    const digest = run('openssl', ['dgst', '-sha256', '-binary'], der)
    expect(digest.toString('base64url')).toBe(kid)
  })

  test.each(keys)('on the PEM of %s', (_, key, { pem }) => {
    expect(run('openssl', ['pkey', '-pubout'], pkcs8(key)).toString()).toBe(pem)
  })

  test.each(keys.slice(0, 2))('on n and e of %s', (_, __, { pem, jwk }) => {
    const modulus = run('openssl', ['rsa', '-pubin', '-noout', '-modulus'], pem).toString()
    const text = run('openssl', ['rsa', '-pubin', '-noout', '-text'], pem).toString()
    const exponent = /Exponent: \d+ \(0x([0-9a-f]+)\)/.exec(text)?.[1] ?? ''
    const e = base64url(exponent.padStart(exponent.length + (exponent.length % 2), '0'))
    expect(jwk).toMatchObject({ n: base64url(modulus.trim().replace('Modulus=', '')), e })
  })

  test.each(keys.slice(2))('on x and y of %s', (_, __, { pem, jwk, bits }) => {
    const der = run('openssl', ['pkey', '-pubin', '-outform', 'DER'], pem)
    const size = Math.ceil(bits / 8)
    const x = der.subarray(-2 * size, -size).toString('base64url')
    expect(jwk).toMatchObject({ x, y: der.subarray(-size).toString('base64url') })
  })

  test.each(keys)('on a certificate of %s', async (_, key, { kid }) => {
    const path = file('cert.key', pkcs8(key))
    const args = [
      'req',
      '-x509',
      '-new',
      '-key',
      path,
      '-subj',
      '/CN=service-accounts',
      '-days',
      '1',
    ]
    const certificate = run('openssl', args).toString()
    expect(await readPublicKeys(certificate, 'sa.crt')).toMatchObject([{ kid }])
  })

  test('in the forms that our problems tell people to convert', async () => {
    const [, key, { kid }] = keys[0]!
    const pkcs1 = file('sa.pkcs1', run('openssl', ['rsa', '-RSAPublicKey_out'], pkcs8(key)))
    const der = file('sa.der', run('openssl', ['pkey', '-pubout', '-outform', 'DER'], pkcs8(key)))
    for (const [path, code] of [
      [pkcs1, 'key/pkcs1-public'],
      [der, 'key/not-pem'],
    ] as const) {
      expect(await fixed(path, code)).toMatchObject([{ kid }])
    }
  })
})

/** Follows the fix of a refused file to the letter, and reads what it leaves behind. */
async function fixed(path: string, code: string): Promise<PublicKey[]> {
  const text = run('cat', [path]).toString('utf8')
  const problem = await readPublicKeys(text, path).catch((error: unknown) => error)
  expect(problem).toMatchObject({ code })
  const command = /: ((?:openssl|ssh-keygen) .*?)(?:\. A certificate.*)?$/.exec(
    (problem as { fix: string }).fix,
  )?.[1]
  run('sh', ['-c', command ?? 'false'])
  const out = /(?:-out|>) (\S+)$/.exec(command ?? '')?.[1] ?? ''
  return readPublicKeys(run('cat', [out]).toString(), out)
}

describe.skipIf(missing('ssh-keygen'))('ssh-keygen agrees', () => {
  const generate = (name: string, ...form: string[]): string => {
    const path = join(folder, name)
    run('ssh-keygen', ['-q', '-t', 'rsa', '-b', '2048', '-N', '', '-C', '', '-f', path, ...form])
    return path
  }

  test('on the kid of a pair it made, and on its size', async () => {
    const path = generate('pem', '-m', 'PEM')
    const { publicKey, bits } = await readPrivateKey(run('cat', [path]).toString(), path)
    const pem = run('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', `${path}.pub`]).toString()
    expect(await readPublicKeys(pem, path)).toEqual([publicKey])
    const [size, fingerprint] = run('ssh-keygen', ['-l', '-f', `${path}.pub`])
      .toString()
      .split(' ')
    expect(Number(size)).toBe(bits)
    expect(fingerprint).toBe(`SHA256:${sshFingerprint(publicKey)}`)
  })

  test('in the forms that our problems tell people to convert', async () => {
    const path = generate('openssh')
    expect(await fixed(`${path}.pub`, 'key/openssh-public')).toHaveLength(1)
    expect(await fixed(path, 'key/private-given')).toHaveLength(1)
  })
})

/** RFC 4253 section 6.6: "ssh-rsa", e and n, each with its length before it, as signed numbers. */
function sshFingerprint({ jwk }: PublicKey): string {
  if (jwk.kty !== 'RSA') return ''
  const part = (bytes: Buffer) => {
    const signed = bytes[0]! > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes
    const length = Buffer.alloc(4)
    length.writeUInt32BE(signed.length)
    return Buffer.concat([length, signed])
  }
  const numbers = [jwk.e, jwk.n].map((text) => Buffer.from(text, 'base64url'))
  const blob = Buffer.concat([Buffer.from('ssh-rsa'), ...numbers].map(part))
  return createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')
}

describe.skipIf(missing('jq'))('jq agrees', () => {
  test('on order, members and white space of a key set', () => {
    const ours = keys.map(([, , key]) => key)
    const text = serialiseKeySet(mergeKeySets(undefined, ours).keySet)
    expect(run('jq', ['--indent', '2', '.keys |= sort_by(.kid)'], text).toString()).toBe(text)
  })
})
