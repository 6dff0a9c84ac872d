import { describe, expect, test } from 'vitest'
import {
  type JudgedChain,
  parseThumbprint,
  parseThumbprintChoice,
  presentsLeafOnly,
  thumbprintOf,
  thumbprintsOfOwnCa,
} from '../../src/core/thumbprint.ts'

const AWS = '9e99a48a9960b14926bb7f3b02e22da2b0ab7280'
const COLONS = '9E:99:A4:8A:99:60:B1:49:26:BB:7F:3B:02:E2:2D:A2:B0:AB:72:80'
const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String(index).repeat(40))

describe('a thumbprint is read', () => {
  test.each([
    ['as IAM shows it', AWS],
    ['in upper case', AWS.toUpperCase()],
    ['as openssl prints it', COLONS],
    ['behind the label of OpenSSL 1.1', `SHA1 Fingerprint=${COLONS}\n`],
    ['behind the label of OpenSSL 3', `sha1 Fingerprint=${COLONS}\n`],
  ])('%s', (_, text) => expect(parseThumbprint(text)).toBe(AWS))

  test.each([
    ['empty', ''],
    ['a digit short', AWS.slice(1)],
    ['a digit too long', `${AWS}0`],
    ['no hex', `${AWS.slice(1)}g`],
    ['a SHA-256 fingerprint', AWS + AWS.slice(0, 24)],
    ['colons at odd places', `9:${AWS.slice(1)}`],
    ['a digit lost between colons', COLONS.replace('9E:', '9:')],
    ['a word in the wrong case', 'Auto'],
    ['very long', 'a'.repeat(10_000)],
  ])('not when it is %s', (_, text) => {
    expect(() => parseThumbprint(text)).toThrow(
      expect.objectContaining({ code: 'thumbprint/invalid', exit: 2 }),
    )
  })
})

describe('a choice of thumbprints', () => {
  test.each([
    ['is auto without any', [], { kind: 'auto' }],
    ['can say auto', ['auto'], { kind: 'auto' }],
    ['can say auto twice', ['auto', 'auto'], { kind: 'auto' }],
    ['can say none', ['none'], { kind: 'none' }],
    ['can name one', [COLONS], { kind: 'given', thumbprints: [AWS] }],
    ['counts the same once', [COLONS, AWS], { kind: 'given', thumbprints: [AWS] }],
    ['can name five', numbered(5), { kind: 'given', thumbprints: numbered(5) }],
  ])('%s', (_, values, choice) => expect(parseThumbprintChoice(values)).toEqual(choice))

  test.each([
    ['names six', numbered(6), 'thumbprint/too-many'],
    ['mixes auto with another', [AWS, 'auto'], 'thumbprint/mixed'],
    ['mixes none with another', ['none', AWS], 'thumbprint/mixed'],
    ['mixes both words', ['none', 'auto'], 'thumbprint/mixed'],
    ['holds nonsense', [AWS, 'nonsense'], 'thumbprint/invalid'],
  ])('is refused when it %s', (_, values, code) => {
    expect(() => parseThumbprintChoice(values)).toThrow(expect.objectContaining({ code, exit: 2 }))
  })
})

describe('the thumbprint of a chain', () => {
  const leaf = { subject: 'CN=oidc.example.com', issuer: 'CN=Corp Proxy', sha1: '1'.repeat(40) }
  const last = { subject: 'CN=Corp Proxy', issuer: 'CN=Corp Root', sha1: '2'.repeat(40) }

  test.each([
    { kind: 'public' },
    { kind: 'added-root', root: 'CN=Corp Root', sha1: 'c'.repeat(40) },
  ] as const)('is that of the last certificate presented, trust $kind', (trust) =>
    expect(thumbprintOf({ chain: [leaf, last], trust })).toBe(last.sha1),
  )

  test('is not taken from a chain that does not verify', () => {
    const trust = { kind: 'untrusted', reason: 'The certificate has expired' } as const
    expect(() => thumbprintOf({ chain: [leaf, last], trust })).toThrow(
      expect.objectContaining({
        code: 'thumbprint/untrusted-chain',
        exit: 1,
        what: expect.stringContaining('CN=oidc.example.com, issued by CN=Corp Proxy'),
        why: expect.stringMatching(/^The certificate has expired\. .*proxy/),
        fix: expect.stringMatching(/NODE_EXTRA_CA_CERTS.*--thumbprint HEX.*--thumbprint none/),
      }),
    )
  })

  test('is not taken from nothing', () => {
    expect(() => thumbprintOf({ chain: [], trust: { kind: 'public' } })).toThrow(
      expect.objectContaining({ code: 'thumbprint/empty-chain' }),
    )
  })
})

describe('the thumbprints of an issuer with a CA of its own', () => {
  const [leaf, intermediate, ca] = ['1', '2', '3'].map((digit) => ({
    subject: `CN=${digit}`,
    issuer: 'CN=any',
    sha1: digit.repeat(40),
  })) as [JudgedChain['chain'][0], JudgedChain['chain'][0], JudgedChain['chain'][0]]
  const trust = { kind: 'added-root', root: 'CN=kubernetes', sha1: ca.sha1 } as const

  test.each([
    ['the leaf alone', [leaf], [leaf.sha1, ca.sha1], true],
    ['leaf and intermediate', [leaf, intermediate], [intermediate.sha1, ca.sha1], false],
    ['the CA as well', [leaf, ca], [ca.sha1], false],
    ['a leaf that is its own CA', [ca], [ca.sha1], false],
  ])('where it presents %s', (_, chain, thumbprints, leafOnly) => {
    expect(thumbprintsOfOwnCa({ chain, trust })).toEqual(thumbprints)
    expect(presentsLeafOnly({ chain, trust })).toBe(leafOnly)
  })

  test('are one with a public CA, whatever is presented', () => {
    const presented = { chain: [leaf], trust: { kind: 'public' } } as const
    expect(thumbprintsOfOwnCa(presented)).toEqual([leaf.sha1])
    expect(presentsLeafOnly(presented)).toBe(false)
  })
})
