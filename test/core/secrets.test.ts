import { describe, expect, test } from 'vitest'
import { assertNoSecrets, valueWithoutSecrets, withoutSecrets } from '../../src/core/secrets.ts'
import { issuerDifference } from '../../src/core/verify/issuer-difference.ts'
import { visibleLine } from '../../src/core/visible.ts'

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const HEADER = base64url('{"alg":"RS256"}')
const REST = `${base64url('{"iss":"https://a"}')}.${'c2ln'.repeat(20)}`
const TOKEN = `${HEADER}.${REST}`
const LEFT_OUT = '[a token, left out]'
const MEMBER = 'X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH'

describe('a token is left out', () => {
  test.each([
    ['with a blank in its header', `${base64url('{ "alg":"RS256"}')}.${REST}`, LEFT_OUT],
    ['with a header in lines', `${base64url('{\n  "alg": "RS256"\n}')}.${REST}`, LEFT_OUT],
    ['with the lines of Windows', `${base64url('{\r\n  "alg": "RS256"\r\n}')}.${REST}`, LEFT_OUT],
    ['with tabs', `${base64url('{\t"alg":"RS256"}')}.${REST}`, LEFT_OUT],
    ['after an escaped line feed', `a\\n${TOKEN}`, `a\\n${LEFT_OUT}`],
    ['after a hyphen', `-${TOKEN}`, `-${LEFT_OUT}`],
    ['after a label', `label.${TOKEN} b`, `label.${LEFT_OUT} b`],
    ['without an encrypted key', `${HEADER}..aXY.Y2lwaGVy.dGFn`, LEFT_OUT],
    ['twice in a row', `${TOKEN} ${TOKEN}`, `${LEFT_OUT} ${LEFT_OUT}`],
  ])('%s', (_, text, left) => {
    expect(withoutSecrets(text)).toBe(left)
  })
})

describe('a private member is left out', () => {
  test.each([
    ['of JSON within JSON', `{\\"d\\":\\"${MEMBER}\\"}`, '{\\"d\\":\\"[left out]\\"}'],
    ['once more within', `\\\\\\"d\\\\\\":\\\\\\"${MEMBER}`, '\\\\\\"d\\\\\\":\\\\\\"[left out]'],
    ['in single quotes', `{'d': '${MEMBER}'}`, "{'d': '[left out]'}"],
    [
      'of another prime',
      `{"r":"${MEMBER}","t":"${MEMBER}"}`,
      '{"r":"[left out]","t":"[left out]"}',
    ],
  ])('%s', (_, text, left) => {
    expect(withoutSecrets(text)).toBe(left)
    expect(() => assertNoSecrets(text, 'chain.html')).toThrow('about to be')
  })
})

test.each([
  'https://monkeyJungleBook.keyAuthority.example.com/x.y.z',
  'eyJafjallajokull.example.com',
  'arn:aws:iam::111122223333:oidc-provider/s3.eu-west-3.amazonaws.com/a',
  `kid ${HEADER} alone`,
])('what is public stays: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text)
})

test('texts of a value are looked at one by one, and the rest stays', () => {
  const value = { claims: [{ a: TOKEN, n: 1, none: null }], begun: '-----BEGIN PRIVATE KEY-----' }
  expect(valueWithoutSecrets(value)).toEqual({
    claims: [{ a: LEFT_OUT, n: 1, none: null }],
    begun: '[a private key, left out]',
  })
})

describe('a megabyte of a hostile server takes no time', () => {
  const filled = (piece: string): string => piece.repeat(Math.ceil(2 ** 20 / piece.length))

  test.each([
    '-eyJ',
    '-eyJhbGciOiJ',
    'eyJhbGci',
    'eyJhbGci.',
    'a.',
    '.',
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY',
    '-----END ',
    '"d"',
    '"d" ',
    '"d":"',
    '\\',
    ' ',
    '/',
    ' \n',
    '\u0000',
  ])('%j', (piece) => {
    const text = filled(piece)
    const begun = performance.now()
    for (const hostile of [text, `-----BEGIN PRIVATE KEY-----${text}`, `"d"${text}`, `${text}a`]) {
      withoutSecrets(hostile)
      visibleLine(hostile)
    }
    const { by, marked } = issuerDifference('https://a.example', `https://a.example/${text}x`)
    expect(performance.now() - begun).toBeLessThan(2_000)
    expect(by.length + marked.length).toBeLessThan(5_000)
  })
})

test('of two long texts the lines show where they begin to differ', () => {
  const long = `https://a.example/${'a'.repeat(1_000)}`
  const [one = '', other = '', mark = ''] = issuerDifference(
    `${long}/x${'b'.repeat(1_000)}`,
    `${long}/y`,
  ).marked.split('\n')
  expect(one).toContain('…')
  expect(one.length).toBeLessThan(320)
  expect(other.at(mark.indexOf('^'))).toBe('y')
  expect(one.at(mark.indexOf('^'))).toBe('x')
})
