import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type PublicKey, publicKeyOf } from '../../src/core/public-key.ts'
import { mayExpose } from '../../src/core/verify/exposed.ts'
import { judgeAnswer } from '../../src/core/verify/answer.ts'
import { algsOfKeys, judgeKeySet, keysIn } from '../../src/core/verify/key-set.ts'
import { ELSEWHERE, IN_BUCKET } from '../support/document-places.ts'
import { rsa } from '../support/signers.ts'

type Json = Record<string, unknown>

const secret = rsa()
const ec = (namedCurve: string): KeyObject => generateKeyPairSync('ec', { namedCurve }).privateKey
const jwk = (key: KeyObject): Json => ({ ...key.export({ format: 'jwk' }) })
const [ours, other, p256, p384, p521] = (await Promise.all(
  [secret, rsa(), ec('P-256'), ec('P-384'), ec('P-521')].map((key) => publicKeyOf(key, 'made up')),
)) as [PublicKey, PublicKey, PublicKey, PublicKey, PublicKey]

interface Clues {
  readonly signers?: readonly PublicKey[] | undefined
  readonly tokenKid?: string
  readonly place?: typeof IN_BUCKET
}

const judged = (keys: unknown, { place = IN_BUCKET, tokenKid, ...clues }: Clues = {}) =>
  judgeKeySet(keysIn({ keys }), {
    place,
    tokenKid,
    signers: 'signers' in clues ? clues.signers : [ours],
  })
const found = (keys: unknown, clues?: Clues): readonly string[] =>
  judged(keys, clues).map(({ id, severity }) => `${severity} ${id.slice('jwks/'.length)}`)

describe('key sets that are fine', () => {
  test.each([
    ['one RSA key', [ours.jwk]],
    ['one of each kind', [ours, other, p256, p384, p521].map((key) => key.jwk)],
    ['keys without alg and use', [{ ...ours.jwk, alg: undefined, use: undefined }]],
    ['keys with more members', [{ ...ours.jwk, x5t: 'x', key_ops: ['verify'], ext: true }]],
    ['100 keys', [ours.jwk, ...Array.from({ length: 99 }, () => other.jwk)].slice(0, 2)],
  ])('%s', (_, keys) => {
    expect(found(keys)).toEqual([])
  })
})

const bytes = (text: unknown): Buffer => Buffer.from(String(text), 'base64url')
const { n } = ours.jwk as unknown as { n: string }
const { x } = p256.jwk as unknown as { x: string }

test.each<readonly [name: string, keys: unknown, ids: readonly string[]]>([
  ['no list', 'keys', ['high not-a-key-set']],
  ['an empty list', [], ['high no-keys']],
  ['a list of nothing', [null], ['high entry-not-object', 'high signer-missing']],
  ['a nameless key', [{ ...ours.jwk, kid: undefined }], ['high kid-missing']],
  ['a kid that is a number', [{ ...ours.jwk, kid: 1 }], ['high kid-missing']],
  ['an empty kid', [{ ...ours.jwk, kid: '' }], ['high kid-empty']],
  ['our key for PS256', [{ ...ours.jwk, alg: 'PS256' }], ['high alg']],
  ['our key by another name', [{ ...ours.jwk, kid: 'blue' }], ['high kid-other']],
  ['a key of others by another name', [ours.jwk, { ...other.jwk, kid: 'x' }], ['info kid-foreign']],
  ['only keys of others', [other.jwk], ['high signer-missing']],
  ['other material', [{ ...other.jwk, kid: ours.kid }], ['high signer-differs']],
  ['one kid twice', [ours.jwk, { ...other.jwk, kid: ours.kid }], ['high duplicate-kid']],
  ['one key twice', [ours.jwk, ours.jwk], ['low duplicate-key']],
  ['our key by a second name', [ours.jwk, { ...ours.jwk, kid: 'x' }], ['low kid-left-over']],
  ['no kty', [ours.jwk, { kid: 'x' }], ['high kty-missing']],
  [
    'a shared secret',
    [ours.jwk, { kty: 'oct', kid: 'x', k: 'AQ' }],
    ['high private-member', 'info other-type'],
  ],
  [
    'Ed25519',
    [ours.jwk, { ...jwk(generateKeyPairSync('ed25519').publicKey), kid: 'x' }],
    ['info other-type', 'info kid-foreign'],
  ],
  [
    'secp256k1',
    [ours.jwk, { ...jwk(createPublicKey(ec('secp256k1'))), kid: 'x' }],
    ['info other-type', 'info kid-foreign'],
  ],
  ['a point off its curve', [ours.jwk, { ...p256.jwk, y: x }], ['high unusable']],
  [
    'a coordinate that is too long',
    [
      ours.jwk,
      { ...p256.jwk, x: Buffer.concat([Buffer.alloc(1), bytes(x)]).toString('base64url') },
    ],
    ['high encoding'],
  ],
  ['padding', [{ ...ours.jwk, n: `${n}==` }], ['high encoding']],
  [
    'a zero byte',
    [{ ...ours.jwk, n: Buffer.concat([Buffer.alloc(1), bytes(n)]).toString('base64url') }],
    ['high encoding'],
  ],
  ['our key for encryption', [{ ...ours.jwk, use: 'enc' }], ['high use']],
  [
    'a key of others for encryption',
    [ours.jwk, { ...other.jwk, use: 'enc', alg: 'RSA-OAEP' }],
    ['info use'],
  ],
  ['key_ops without verify', [{ ...ours.jwk, key_ops: ['encrypt'] }], ['high use']],
  ['RS256 on EC', [ours.jwk, { ...p256.jwk, alg: 'RS256' }], ['high alg']],
  ['ES256 on P-384', [ours.jwk, { ...p384.jwk, alg: 'ES256' }], ['high alg']],
  ['PS256', [ours.jwk, { ...other.jwk, alg: 'PS256' }], ['info alg']],
  ['RS512', [ours.jwk, { ...other.jwk, alg: 'RS512' }], []],
  [
    '1024 bits',
    [ours.jwk, { ...jwk(createPublicKey(rsa(1024))), kid: 'x' }],
    ['low small', 'info kid-foreign'],
  ],
  [
    'a private RSA key',
    [ours.jwk, { ...jwk(rsa()), kid: other.kid }],
    ['high private-member', 'info kid-foreign'],
  ],
  ['a private EC key', [ours.jwk, { ...p256.jwk, d: 'AQ' }], ['high private-member']],
])('%s', (_, keys, ids) => {
  expect(found(keys)).toEqual(ids)
})

test('101 RSA keys are too many, and as many EC keys are as well', () => {
  const many = (count: number, key: PublicKey): Json[] =>
    Array.from({ length: count }, (_, at) => ({ ...key.jwk, kid: `${key.alg} ${at}` }))
  expect(found([ours.jwk, ...many(99, other), ...many(100, p256)])).toEqual(['info kid-foreign'])
  const ids = found([ours.jwk, ...many(100, other), ...many(101, p256)])
  expect(ids.filter((id) => id === 'high too-many')).toHaveLength(2)
})

test('5000 keys of made-up names are told to be too many before long', () => {
  const keys = Array.from({ length: 5000 }, (_, at) => ({ ...other.jwk, kid: `made up ${at}` }))
  const start = performance.now()
  expect(found([ours.jwk, ...keys])).toContain('high too-many')
  expect(performance.now() - start).toBeLessThan(3000)
})

test('the keys of a set that nobody here knows are judged by themselves', () => {
  expect(found([{ ...other.jwk, kid: 'x' }], { signers: undefined })).toEqual(['info kid-foreign'])
})

test('a kid that a token carries is right', () => {
  expect(found([ours.jwk, { ...other.jwk, kid: 'x' }], { tokenKid: 'x' })).toEqual([])
})

describe('what is to be done', () => {
  const remedy = (keys: unknown, clues?: Clues) => judged(keys, clues)[0]

  test('a set that irsa cannot read goes, where nothing else goes with it', () => {
    const nameless = { ...ours.jwk, kid: undefined }
    expect(remedy([nameless])?.command).toBe(`${IN_BUCKET.remove} && irsa apply`)
    const kept = remedy([nameless, other.jwk])?.command
    expect(kept).toMatch(/^aws s3 cp .* && jq -e .* && aws s3 mv .* && irsa apply$/)
  })

  test('a stolen key of ours is replaced by a new one', () => {
    const place = { ...IN_BUCKET, renew: new Map([[ours.kid, 'rm keys']]) }
    const [finding] = judged([{ ...ours.jwk, d: 'AQ' }], { place })
    expect(finding?.command).toBe('rm keys')
    expect(finding?.fix).toMatch(/new pair/)
  })

  test('a stolen key of ours without its private file is not published again', () => {
    const finding = remedy([{ ...ours.jwk, d: 'AQ' }])
    expect(finding?.command).toBeUndefined()
    expect(finding?.fix).toMatch(/new pair/)
  })

  test('a stolen key in PEM form is recognised as ours', () => {
    const pem = secret.export({ type: 'pkcs8', format: 'pem' }).toString()
    const place = { ...IN_BUCKET, renew: new Map([[ours.kid, 'rm keys']]) }
    const answer = {
      url: 'https://oidc.example.com/keys.json',
      status: 200,
      milliseconds: 1,
      verified: true,
    } as const
    for (const body of [JSON.stringify({ keys: [], note: pem }), pem]) {
      const { findings } = judgeAnswer('jwks', { kind: 'answered', ...answer, body }, place)
      expect(findings[0]).toMatchObject({ id: 'jwks/private-key', command: 'rm keys' })
    }
  })

  test('the keys of others stay as they are', () => {
    const [finding] = judged([ours.jwk, { ...other.jwk, alg: 'ES256' }])
    expect(finding?.command).toBeUndefined()
  })

  test('nothing is made up for a place that is somebody else’s', () => {
    for (const keys of [[], [{}], [null], 'x', [{ ...other.jwk, kid: '' }]]) {
      for (const { command, fix } of judged(keys, { place: ELSEWHERE, signers: undefined })) {
        expect(command).toBeUndefined()
        expect(fix).toMatch(/\.$/)
      }
    }
  })
})

test.each([
  ['{"d":"AyM1SysPpbyDfgZld3umj1qz"}', true],
  ['-----BEGIN RSA PRIVATE KEY-----', true],
  ['{"keys":[{"kty":"RSA","n":"AyM1SysPpbyDfgZld3umj1qz","kid":"d"}]}', false],
])('%s may expose a key: %s', (body, expected) => {
  expect(mayExpose(body)).toBe(expected)
})

test('algorithms are those that the keys sign with', () => {
  const keys = [
    ours.jwk,
    { ...p384.jwk, alg: undefined },
    { ...other.jwk, use: 'enc' },
    { ...p256.jwk, alg: 'RS256' },
    { kty: 'oct', kid: 'x' },
    7,
  ]
  expect(algsOfKeys(keysIn({ keys }) ?? [])).toEqual(['RS256', 'ES384'])
})

test('whatever stands in a key set, nothing is thrown and nothing secret is said', () => {
  const odd = [null, 0, '', [], {}, true, 'x', -1, { a: 1 }, ['sig'], '\u0000', '__proto__']
  for (const member of ['kid', 'kty', 'use', 'alg', 'n', 'e', 'key_ops', 'x5c', 'crv', 'x', 'y']) {
    for (const value of odd) {
      for (const key of [ours.jwk, p256.jwk]) {
        const findings = judged([{ ...key, [member]: value, d: 'c2VjcmV0IG1lbWJlcg' }])
        expect(JSON.stringify(findings)).not.toMatch(/c2VjcmV0|undefined|\[object/)
      }
    }
  }
})
