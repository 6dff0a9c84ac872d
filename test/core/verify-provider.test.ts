import { describe, expect, test } from 'vitest'
import { closeProvider } from '../../src/core/verify/provider-spelling.ts'
import { expectedAccount, missingProvider } from '../../src/core/verify/provider.ts'

const ISSUER = 'https://oidc.example.com/blue'
const arn = (rest: string): string => `arn:aws:iam::111122223333:oidc-provider/${rest}`

describe('the provider that comes closest', () => {
  test.each([
    ['a slash', 'oidc.example.com/blue/'],
    ['two slashes', 'oidc.example.com/blue//'],
    ['case of the path', 'oidc.example.com/Blue'],
    ['case of the host', 'OIDC.example.com/blue'],
    ['a scheme in the path', 'https://oidc.example.com/blue'],
    ['an encoded scheme', 'https%3A//oidc.example.com/blue'],
    ['http', 'http://oidc.example.com/blue'],
  ])('is the same for people in spite of %s', (_, rest) => {
    expect(closeProvider(ISSUER, [arn('other.example.com'), arn(rest)])).toEqual({
      url: `https://${rest}`,
      same: true,
    })
  })

  test.each([
    ['another path of the host', 'oidc.example.com/green'],
    ['the host alone', 'oidc.example.com'],
    ['a letter less', 'oidc.example.co/blue'],
    ['a letter too much', 'oidcs.example.com/blue'],
  ])('may be %s', (_, rest) => {
    expect(closeProvider(ISSUER, [arn('other.test'), arn(rest)])).toEqual({
      url: `https://${rest}`,
      same: false,
    })
  })

  test.each([[[]], [['other.test']], [['token.actions.githubusercontent.com']]])(
    'is none of %j',
    (rests) => {
      expect(closeProvider(ISSUER, rests.map(arn))).toBeUndefined()
    },
  )

  test('is the nearest of several', () => {
    const there = ['oidc.example.com/purple', 'oidc.example.com/blu', 'oidc.example.com'].map(arn)
    expect(closeProvider(ISSUER, there)?.url).toBe('https://oidc.example.com/blu')
  })
})

test('the account of a role comes before that of irsa.yaml', () => {
  const file = { shown: 'irsa.yaml', account: '111122223333' }
  const role = { account: '444455556666' }
  expect(expectedAccount({ role, file })?.account).toBe('444455556666')
  expect(expectedAccount({ role: undefined, file })).toEqual({
    account: '111122223333',
    says: 'irsa.yaml puts the provider into',
  })
  expect(expectedAccount({ role: undefined, file: undefined })).toBeUndefined()
})

describe('a provider that is missing', () => {
  const missing = {
    issuer: ISSUER,
    account: '111122223333',
    close: undefined,
    elsewhere: undefined,
  }
  const remedy = { fix: 'Make it', command: 'irsa apply' }

  test('is shown beside its other spelling, with what differs marked', () => {
    const close = { url: `${ISSUER}/`, same: true }
    const found = missingProvider({ ...missing, close }, remedy)
    expect(found).toMatchObject({ id: 'provider/other-spelling', severity: 'high', ...remedy })
    expect(found.why.split('\n').slice(1)).toEqual([
      `issuer    ${ISSUER}`,
      `provider  ${ISSUER}/`,
      `          ${' '.repeat(ISSUER.length)}^`,
    ])
  })

  test('is shown beside the one that comes closest', () => {
    const close = { url: 'https://oidc.example.com/green', same: false }
    const found = missingProvider({ ...missing, close }, remedy)
    expect(found.id).toBe('provider/missing')
    expect(found.why).toContain('provider  https://oidc.example.com/green')
  })

  test('may be in the account that irsa.yaml names', () => {
    const elsewhere = { shown: 'irsa.yaml', account: '444455556666' }
    const found = missingProvider({ ...missing, elsewhere }, remedy)
    expect(found.id).toBe('provider/other-account')
    expect(found.summary).toContain('irsa.yaml puts it into account 444455556666')
  })
})
