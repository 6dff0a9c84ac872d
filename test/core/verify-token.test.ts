import { describe, expect, test } from 'vitest'
import type { TokenAnatomy } from '../../src/core/token-anatomy.ts'
import { judgeToken, type TokenExpectations } from '../../src/core/verify/token-rules.ts'
import { duration, instant } from '../../src/core/times.ts'

const NOW = 1_800_000_000
const ISSUER = 'https://oidc.example.com/blue'

const EXPECTED: TokenExpectations = {
  now: new Date(NOW * 1000),
  issuer: { url: ISSUER, from: 'irsa.yaml' },
  audiences: { accepted: ['sts.amazonaws.com'], from: 'the provider' },
  fresh: { fix: 'Use a new one' },
  spelling: { fix: 'Spell it right' },
}

/** As kube-apiserver makes it (kubernetes pkg/serviceaccount/claims.go). */
const CLAIMS = {
  aud: ['sts.amazonaws.com'],
  exp: NOW + 3000,
  iat: NOW - 600,
  iss: ISSUER,
  jti: '6ea06d62-5f6a-4e92-b3f4-ea9a0a4b8b8a',
  'kubernetes.io': {
    namespace: 'shop',
    pod: { name: 'checkout-6c9f7', uid: 'b1' },
    serviceaccount: { name: 'checkout', uid: 'a1' },
  },
  nbf: NOW - 600,
  sub: 'system:serviceaccount:shop:checkout',
}

const HEADER = { alg: 'RS256', kid: 'abc' }

const tokenOf = (claims: object, header: object = HEADER): TokenAnatomy => ({
  header: { ...header },
  claims: { ...claims },
  signed: Buffer.of(),
  signature: Buffer.of(),
})

/** Severity and id of each finding. */
const judged = (claims: object, header?: object, expected: Partial<TokenExpectations> = {}) =>
  judgeToken(tokenOf({ ...CLAIMS, ...claims }, header), { ...EXPECTED, ...expected }).map(
    ({ severity, id }) => `${severity} ${id.replace('token/', '')}`,
  )

describe('nothing is said of a token', () => {
  test.each<[string, object, object?, Partial<TokenExpectations>?]>([
    ['of kube-apiserver', {}],
    ['with typ', {}, { ...HEADER, typ: 'JWT' }],
    ['with ES256', {}, { alg: 'ES256', kid: 'abc' }],
    ['with ES512', {}, { alg: 'ES512', kid: 'abc' }],
    ['without jti, as before Kubernetes 1.30', { jti: undefined }],
    ['without nbf', { nbf: undefined }],
    ['whose aud is a text', { aud: 'sts.amazonaws.com' }],
    [
      'for the audience of kops',
      { aud: ['amazonaws.com'] },
      HEADER,
      {
        audiences: { accepted: ['amazonaws.com'], from: 'the provider' },
      },
    ],
    [
      'for one of several audiences',
      {},
      HEADER,
      {
        audiences: { accepted: ['a', 'sts.amazonaws.com'], from: 'the provider' },
      },
    ],
    ['of a service account with dots', { sub: 'system:serviceaccount:shop:a.b.c' }],
    ['whose azp is one of its aud', { azp: 'sts.amazonaws.com' }],
    ['that was made half a minute ahead', { iat: NOW + 30, nbf: NOW + 30 }],
    [
      'where nothing is expected',
      { iss: 'https://a.example' },
      HEADER,
      {
        issuer: undefined,
        audiences: undefined,
      },
    ],
    ['that lives for a whole day', { iat: NOW, nbf: NOW, exp: NOW + 86_400 }],
  ])('%s', (_, claims, header, expected) => {
    expect(judged(claims, header, expected)).toEqual([])
  })
})

const LEGACY = {
  iss: 'kubernetes/serviceaccount',
  sub: 'system:serviceaccount:shop:checkout',
  'kubernetes.io/serviceaccount/secret.name': 'checkout-token-x2x2x',
}

test('a legacy token is one finding and not five', () => {
  const findings = judgeToken(tokenOf(LEGACY), EXPECTED)
  expect(findings).toMatchObject([{ id: 'token/legacy', severity: 'high' }])
  expect(findings[0]?.summary).toContain('checkout-token-x2x2x')
})

describe('STS would refuse', () => {
  test.each<[string, string, object, object?]>([
    ['alg none', 'high algorithm', {}, { alg: 'none' }],
    ['alg HS256', 'high algorithm', {}, { alg: 'HS256', kid: 'abc' }],
    ['alg PS256', 'high algorithm', {}, { alg: 'PS256', kid: 'abc' }],
    ['alg EdDSA', 'high algorithm', {}, { alg: 'EdDSA', kid: 'abc' }],
    ['no alg', 'high algorithm', {}, { kid: 'abc' }],
    ['no kid', 'high kid-missing', {}, { alg: 'RS256' }],
    ['an empty kid', 'high kid-missing', {}, { alg: 'RS256', kid: '' }],
    ['no iss', 'high issuer-missing', { iss: undefined }],
    ['a slash', 'high issuer-differs', { iss: `${ISSUER}/` }],
    ['upper case', 'high issuer-differs', { iss: 'https://OIDC.example.com/blue' }],
    ['http', 'high issuer-differs', { iss: ISSUER.replace('https', 'http') }],
    ['another issuer', 'high issuer-differs', { iss: 'https://kubernetes.default.svc' }],
    ['no aud', 'high audience-missing', { aud: undefined }],
    ['an empty aud', 'high audience-missing', { aud: [] }],
    ['another aud', 'high audience-differs', { aud: ['amazonaws.com'] }],
    ['an aud with a scheme', 'high audience-differs', { aud: ['https://sts.amazonaws.com'] }],
    [
      'the API server',
      'high api-server-audience',
      { aud: ['https://kubernetes.default.svc.cluster.local', 'k3s'] },
    ],
    ['the issuer itself', 'high api-server-audience', { aud: [ISSUER] }],
    ['another azp', 'high audience-differs', { azp: 'somebody' }],
    ['no sub', 'high subject-missing', { sub: undefined }],
    [
      'a sub of 256',
      'high subject-length',
      { sub: `system:serviceaccount:shop:${'a'.repeat(229)}` },
    ],
    ['a sub of 5', 'high subject-length', { sub: 'abcde' }],
    ['no exp', 'high exp-missing', { exp: undefined }],
    ['no iat', 'high iat-missing', { iat: undefined }],
    ['a fraction', 'high time-not-integer', { exp: NOW + 0.5 }],
    ['a text', 'high time-not-integer', { iat: `${NOW}` }],
    ['exp 5 minutes ago', 'high expired', { exp: NOW - 300 }],
    ['iat in 6 minutes', 'high clock-skew', { iat: NOW + 360, nbf: NOW + 360 }],
    ['nbf in 6 minutes', 'high not-yet-valid', { nbf: NOW + 360 }],
  ])('%s: %s', (_, finding, claims, header) => {
    expect(judged(claims, header).filter((one) => one.startsWith('high'))).toEqual([finding])
  })
})

describe('is remarked and not refused', () => {
  test.each<[string, string, object, Partial<TokenExpectations>?]>([
    ['exp under 5 minutes ago', 'medium expired', { exp: NOW - 299 }],
    ['iat in a minute', 'medium clock-skew', { iat: NOW + 60, nbf: NOW + 60 }],
    ['a slow clock', 'medium clock-skew', { iat: NOW - 90 }, { justMade: true }],
    ['nbf in a minute', 'medium not-yet-valid', { nbf: NOW + 60 }],
    ['a sub of a user', 'medium subject-form', { sub: 'alice@example.com' }],
    ['two audiences', 'low several-audiences', { aud: ['sts.amazonaws.com', 'vault'] }],
    [
      'the API server too',
      'medium api-server-too',
      { aud: ['sts.amazonaws.com', 'https://kubernetes.default.svc'] },
    ],
    ['more than a day old', 'info old', { iat: NOW - 90_000, exp: NOW - 3_700 + 7200 }],
  ])('%s: %s', (_, finding, claims, expected) => {
    expect(judged(claims, HEADER, expected)[0]).toBe(finding)
    expect(judged(claims, HEADER, expected).join()).not.toContain('high')
  })
})

test('an issuer over http is refused, whichever is expected', () => {
  const iss = ISSUER.replace('https', 'http')
  expect(judged({ iss }, HEADER, { issuer: undefined })).toEqual(['high issuer-not-https'])
})

test('a life of more than a day is noted', () => {
  expect(judged({ exp: NOW + 31_536_000 })).toEqual(['info long-lived'])
})

test('the token of another service account is told', () => {
  const serviceAccount = { namespace: 'shop', name: 'cart' }
  expect(judged({}, HEADER, { serviceAccount })).toEqual(['high other-service-account'])
})

test('an audience that the cluster was asked for is the provider that lacks it', () => {
  const accepting = { fix: 'Have the provider list it' }
  const token = tokenOf({ ...CLAIMS, aud: ['amazonaws.com'] })
  expect(judgeToken(token, { ...EXPECTED, accepting })).toMatchObject([
    { id: 'token/audience-differs', ...accepting },
  ])
})

test.each([
  [`${ISSUER}/`, 'Spell it right'],
  ['https://oidc.example.com/green', 'Use a new one'],
])('for the issuer %s: %s', (iss, fix) => {
  const [finding] = judgeToken(tokenOf({ ...CLAIMS, iss }), EXPECTED)
  expect(finding).toMatchObject({ id: 'token/issuer-differs', fix })
  expect(finding?.why).toMatch(/irsa\.yaml +https:.*\ntoken +https:.*\n +\^/)
})

test.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [59, '59 seconds'],
  [90, '90 seconds'],
  [600, '10 minutes'],
  [3600, '1 hour'],
  [5400, '90 minutes'],
  [86_400, '1 day'],
  [31_536_000, '365 days'],
])('%i seconds are %s', (seconds, words) => {
  expect(duration(seconds)).toBe(words)
})

test('an instant is ISO 8601, whatever the number', () => {
  expect(instant(NOW)).toBe('2027-01-15T08:00:00Z')
  expect(instant(1e15)).toBe('1000000000000000 s after 1970')
})
