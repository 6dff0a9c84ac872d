import { describe, expect, test } from 'vitest'

import { readClaims } from '../../src/core/token-claims.ts'

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

const CLAIMS = {
  iss: 'https://oidc.acme.dev',
  sub: 'system:serviceaccount:shop:checkout',
  aud: ['sts.amazonaws.com'],
  exp: 1_700_000_000,
}

const token = (claims: unknown, header: unknown = { alg: 'RS256', kid: 'one' }): string =>
  [part(header), part(claims), 'signature'].join('.')

test('a token says who, for whom, until when and signed by which key', () => {
  expect(readClaims(token(CLAIMS))).toEqual({
    issuer: CLAIMS.iss,
    subject: CLAIMS.sub,
    audiences: CLAIMS.aud,
    expires: CLAIMS.exp,
    kid: 'one',
  })
})

// RFC 7519 section 4.1.3 and RFC 7515 section 4.1.4
test('one audience may stand without a list, and the kid may be missing', () => {
  const claims = readClaims(token({ ...CLAIMS, aud: 'sts.amazonaws.com' }, { alg: 'RS256' }))
  expect(claims).toMatchObject({ audiences: ['sts.amazonaws.com'], kid: undefined })
})

test.each([[undefined], [[]], [[7, null]], [{ a: 1 }]])('an audience of %j is none', (aud) => {
  expect(readClaims(token({ ...CLAIMS, aud }))?.audiences).toEqual([])
})

describe('what is no token', () => {
  test.each([
    ['a word', 'error'],
    ['two parts', token(CLAIMS).split('.').slice(0, 2).join('.')],
    ['four parts', `${token(CLAIMS)}.more`],
    ['a payload that is no JSON', token('{')],
    ['a payload that is no object', token([])],
    ['no subject', token({ ...CLAIMS, sub: undefined })],
    ['an expiry that is no number', token({ ...CLAIMS, exp: 'soon' })],
  ])('%s', (_, text) => {
    expect(readClaims(text)).toBeUndefined()
  })
})
