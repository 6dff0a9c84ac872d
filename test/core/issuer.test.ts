import { describe, expect, test } from 'vitest'
import { keySetUrl, parseIssuer, withoutScheme } from '../../src/core/issuer.ts'
import { providerArn } from '../../src/core/provider-arn.ts'

describe('an issuer is taken as it is', () => {
  test.each([
    'https://oidc.example.com',
    'https://b.s3.eu-west-3.amazonaws.com',
    'https://my_bucket.s3.amazonaws.com',
    'https://[2001:db8::1]/x',
    "https://example.com/a~!$&'()*+,;=:@%41-._z",
    'https://example.com/%ff',
    'https://b.s3.eu-west-3.amazonaws.com/clusters/Blue_1',
    `https://example.com/${'a'.repeat(255 - 'https://example.com/'.length)}`,
  ])('%s', (text) => expect(parseIssuer(text)).toBe(text))
})

describe('an issuer that could not match byte for byte is refused', () => {
  test.each([
    ['', 'not-a-url', undefined],
    ['oidc.example.com', 'not-a-url', undefined],
    ['http://oidc.example.com', 'not-https', undefined],
    ['https://me:secret@example.com/x', 'has-user-name', 'https://example.com/x'],
    ['https://example.com/x?y=1', 'has-query', 'https://example.com/x'],
    ['https://example.com?', 'has-query', 'https://example.com'],
    ['https://example.com/x#y', 'has-fragment', 'https://example.com/x'],
    ['https://example.com:8443/x', 'has-port', 'https://example.com/x'],
    ['https://example.com:443', 'has-port', 'https://example.com'],
    ['https://example.com/', 'trailing-slash', 'https://example.com'],
    ['https://example.com/x//', 'trailing-slash', 'https://example.com/x'],
    ['https://Example.com/X', 'upper-case', 'https://example.com/X'],
    ['HTTPS://example.com', 'upper-case', 'https://example.com'],
    [' https://example.com', 'not-canonical', 'https://example.com'],
    ['https:example.com', 'not-canonical', 'https://example.com'],
    ['https://example.com/a/../b', 'not-canonical', 'https://example.com/b'],
    ['https://a;b', 'not-a-url', undefined],
    ['https://$(id).example.com', 'not-a-url', undefined],
    ['https://`id`.example.com/x', 'not-a-url', undefined],
    ["https://a'b.example.com", 'not-a-url', undefined],
    ['https://a&b', 'not-a-url', undefined],
    ['https://example.com/a|b', 'not-canonical', 'https://example.com/a%7Cb'],
    ['https://example.com/a[b]', 'not-canonical', 'https://example.com/a%5Bb%5D'],
    ['https://bücher.example', 'not-canonical', 'https://xn--bcher-kva.example'],
    [`https://example.com/${'a'.repeat(300)}`, 'too-long', undefined],
  ])('%j: %s', (text, what, instead) => {
    const refusal = expect.objectContaining({ code: `issuer/${what}`, exit: 2 })
    expect(() => parseIssuer(text)).toThrow(refusal)
    if (instead === undefined) return
    expect(() => parseIssuer(text)).toThrow(
      expect.objectContaining({ fix: expect.stringMatching(new RegExp(`--issuer ${instead}$`)) }),
    )
    expect(parseIssuer(instead)).toBe(instead)
  })
})

test('what is said to be typed instead is one word for a shell', () => {
  expect(() => parseIssuer('https://example.com/$(id)/')).toThrow(
    expect.objectContaining({
      fix: expect.stringMatching(/--issuer 'https:\/\/example\.com\/\$\(id\)'$/),
    }),
  )
})

test('a port is taken where an emulator needs one', () => {
  const issuer = 'https://127.0.0.1:4566/bucket'
  expect(parseIssuer(issuer, { portAllowed: true })).toBe(issuer)
})

test('the names that follow from an issuer keep its path', () => {
  const issuer = parseIssuer('https://oidc.example.com/blue')
  expect(withoutScheme(issuer)).toBe('oidc.example.com/blue')
  expect(keySetUrl(issuer)).toBe('https://oidc.example.com/blue/keys.json')
  expect(providerArn(issuer, '123456789012', 'aws-cn')).toBe(
    'arn:aws-cn:iam::123456789012:oidc-provider/oidc.example.com/blue',
  )
})
