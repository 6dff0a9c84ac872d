import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  algsOf,
  assertNoPrivateMembers,
  type KeySet,
  mergeKeySets,
  parseKeySet,
  pruneKeySet,
  serialiseKeySet,
} from '../../src/core/key-set.ts'
import { type PublicKey, publicKeyOf } from '../../src/core/public-key.ts'

const pairs = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  generateKeyPairSync('ec', { namedCurve: 'P-521' }),
]
const keys: PublicKey[] = await Promise.all(
  pairs.map(({ publicKey }) => publicKeyOf(publicKey, 'here')),
)
const [rsa, p256] = keys as [PublicKey, PublicKey, PublicKey]

const problem = (code: string) => expect.objectContaining({ code: `documents/${code}` })
const keySetOf = (...ours: PublicKey[]): KeySet => mergeKeySets(undefined, ours).keySet
const parsed = (value: unknown) => parseKeySet(JSON.stringify(value), 's3://b/keys.json')
const foreign = (kid: string, more: object = {}) => ({
  kid,
  kty: 'RSA',
  n: kid,
  e: 'AQAB',
  ...more,
})

describe('a key set is written', () => {
  test('sorted by kid, members in order, two spaces, final newline', () => {
    const text = serialiseKeySet(
      parsed({ keys: [foreign('b', { x5t: 'x' }), { e: 'AQAB', n: 'n', kid: 'B', kty: 'RSA' }] }),
    )
    expect(text).toBe(`{
  "keys": [
    {
      "kty": "RSA",
      "kid": "B",
      "n": "n",
      "e": "AQAB"
    },
    {
      "kty": "RSA",
      "kid": "b",
      "n": "b",
      "e": "AQAB",
      "x5t": "x"
    }
  ]
}
`)
  })

  test('the same for the same keys in any order, and again after it was read', () => {
    const text = serialiseKeySet(keySetOf(...keys))
    expect(serialiseKeySet(keySetOf(...keys.toReversed(), rsa))).toBe(text)
    expect(serialiseKeySet(parseKeySet(text, 'it'))).toBe(text)
    expect(text).toMatch(/}\n$/)
  })

  test('so that jose finds every key by its kid', async () => {
    const set = JSON.parse(serialiseKeySet(keySetOf(...keys))) as JSONWebKeySet
    const find = createLocalJWKSet(set)
    for (const { kid, alg } of keys) expect(await find({ alg, kid })).toBeDefined()
    // The kid of kube-apiserver is not the thumbprint of RFC 7638.
    expect(await calculateJwkThumbprint(set.keys[0]!)).not.toBe(set.keys[0]!.kid)
    expect(createPublicKey({ key: { ...rsa.jwk }, format: 'jwk' })).toBeDefined()
  })
})

describe('merging', () => {
  test('drops nothing, and keeps what it does not know', () => {
    const other = foreign('zz', { x5c: ['AA'], ext: { deep: [1, null, 'ü'] }, use: 'sig' })
    const { keySet } = mergeKeySets(parsed({ keys: [other], note: 'theirs' }), [rsa])
    expect(keySet['note']).toBe('theirs')
    expect(keySet.keys).toContainEqual(other)
    expect(keySet.keys).toContainEqual(rsa.jwk)
  })

  test('changes nothing when the keys are there already, in whatever order of members', () => {
    const turned = Object.fromEntries(Object.entries(rsa.jwk).toReversed())
    const before = parsed({ keys: [p256.jwk, turned] })
    const { keySet } = mergeKeySets(before, [rsa])
    expect(serialiseKeySet(keySet)).toBe(serialiseKeySet(before))
  })

  test('puts our key in the place of another entry of its kid', () => {
    const stale = { kid: rsa.kid, kty: 'RSA', n: 'old', e: 'AQAB' }
    expect(mergeKeySets(parsed({ keys: [stale] }), [rsa]).keySet.keys).toEqual([rsa.jwk])
  })

  test('keeps two foreign keys of one kid, and a repeated one once', () => {
    const ec = { kid: 'k', kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }
    const before = parsed({ keys: [foreign('k'), ec, foreign('k')] })
    expect(mergeKeySets(before, []).keySet.keys).toHaveLength(2)
  })

  test('stops at more than 100 keys of a type, and counts each type for itself', () => {
    const full = Array.from({ length: 100 }, (_, index) => foreign(`k${index}`))
    expect(mergeKeySets(parsed({ keys: full }), [p256]).keySet.keys).toHaveLength(101)
    expect(() => mergeKeySets(parsed({ keys: full }), [rsa])).toThrow(
      expect.objectContaining({
        code: 'documents/too-many-keys',
        what: 'The key set would hold 101 RSA keys.',
        fix: expect.stringContaining('--prune'),
      }),
    )
  })
})

test('pruning leaves the keys that are named, and says which ones went', () => {
  const { keySet, removed } = pruneKeySet(parsed({ keys: [foreign('b'), foreign('a'), rsa.jwk] }), [
    rsa.kid,
  ])
  expect(keySet.keys).toEqual([rsa.jwk])
  expect(removed).toEqual(['a', 'b'])
})

describe('a published key set is refused', () => {
  test.each([
    ['that is not JSON', '<html>', 'key-set-unparsable'],
    ['that is empty', '', 'key-set-unparsable'],
    ['that is a list', '[]', 'key-set-unparsable'],
    ['without keys', '{}', 'key-set-unparsable'],
    ['with a key that is text', '{"keys":["k"]}', 'key-set-unparsable'],
    ['with a key without kid', '{"keys":[{"kty":"RSA"}]}', 'key-incomplete'],
    ['with a key without kty', '{"keys":[{"kid":"k"}]}', 'key-incomplete'],
  ])('%s', (_, text, code) => expect(() => parseKeySet(text, 'it')).toThrow(problem(code)))

  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])(
    'with the private member %s',
    (member) => {
      const text = JSON.stringify({ keys: [foreign('kid-1', { [member]: 'secret-value' })] })
      expect(() => parseKeySet(text, 'it')).toThrow(
        expect.objectContaining({
          code: 'documents/private-member',
          what: `The key "kid-1" in it carries its private half (${member}).`,
          fix: expect.not.stringContaining('secret-value'),
        }),
      )
    },
  )
})

describe('the last look before a document is written', () => {
  test.each([
    ['a private member', { keys: [{ kty: 'RSA', d: 'x' }] }],
    ['a private member deep inside', { a: [{ b: { kty: 'oct', k: 'x' } }] }],
    ['a private key in PEM', { note: '-----BEGIN RSA PRIVATE KEY-----' }],
  ])('finds %s', (_, value) => {
    expect(() => assertNoPrivateMembers(JSON.stringify(value), 'it')).toThrow(
      problem('private-member'),
    )
  })

  test('lets our own key sets pass', () => {
    expect(() => assertNoPrivateMembers(serialiseKeySet(keySetOf(...keys)), 'it')).not.toThrow()
  })
})

test('the algorithms of a key set are sorted, each once, also where nobody wrote them down', () => {
  expect(algsOf(keySetOf(...keys))).toEqual(['ES256', 'ES512', 'RS256'])
  const other = parsed({
    keys: [
      foreign('a'),
      foreign('b', { alg: 'RS512' }),
      { kid: 'c', kty: 'EC', crv: 'P-384' },
      { kid: 'd', kty: 'OKP' },
    ],
  })
  expect(algsOf(other)).toEqual(['ES384', 'RS256', 'RS512'])
})
