import { expect, test } from 'vitest'
import { issuerDifference } from '../../src/core/verify/issuer-difference.ts'

const ISSUER = 'https://oidc.example.com/Blue'

test.each([
  ['https://oidc.example.com/Blue/', 'a slash at its end'],
  ['https://oidc.example.com/Blue//', 'a slash at its end'],
  ['https://oidc.example.com/blue', 'upper and lower case'],
  ['HTTPS://OIDC.example.com/Blue', 'upper and lower case'],
  ['http://oidc.example.com/Blue', 'the scheme'],
  ['oidc.example.com/Blue', 'its missing scheme'],
  ['https://oidc.example.com:443/Blue', 'the port'],
  ['https://oidc.example.com/Blue ', 'white space'],
  ['\uFEFFhttps://oidc.example.com/Blue', 'white space'],
  ['https://oidc.example.com/Bl\u200Bue', 'white space'],
  ['https://oidc.example.com/%42lue', 'percent-encoding'],
  ['https://oidc.example.org/Blue', 'the host'],
  ['https://oidc.example.com/green', 'the path'],
  ['https://oidc.example.com', 'the path'],
  ['https://oidc.example.com//Blue', 'a doubled slash'],
  ['https://oidc.example.com/Blue?x', 'a query or a fragment'],
  [
    'http://oidc.example.com:80/blue/',
    'the scheme, the port, a slash at its end and upper and lower case',
  ],
  ['kubernetes', 'its missing scheme, the host and the path'],
  ['', 'its missing scheme, the host and the path'],
])('%j differs by %s', (found, by) => {
  expect(issuerDifference(ISSUER, found).by).toBe(by)
})

test('a host has another form in DNS', () => {
  const { by } = issuerDifference('https://xn--bcher-kva.example', 'https://bücher.example')
  expect(by).toBe('the encoding of the host')
})

test.each([
  [
    'https://a.example',
    'https://a.example/',
    'expected  https://a.example\nfound     https://a.example/\n                           ^',
  ],
  [
    'https://a.example/x',
    'https://a.example',
    'expected  https://a.example/x\nfound     https://a.example\n                           ^',
  ],
  [
    'https://a.example/x',
    'http://a.example/x',
    'expected  https://a.example/x\nfound     http://a.example/x\n              ^',
  ],
  [
    'https://a.example',
    'https://a.example \n',
    'expected  https://a.example\nfound     https://a.example\\u0020\\u000a\n                           ^^^^^^^^^^^^',
  ],
])('between %j and %j it is marked', (wanted, found, marked) => {
  expect(issuerDifference(wanted, found).marked).toBe(marked)
})
