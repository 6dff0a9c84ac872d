import { describe, expect, test } from 'vitest'
import { guessSubject, widthOf } from '../../src/core/audit/subject-pattern.ts'
import { matchesPattern } from '../../src/core/trust-statement.ts'
import { readProviderArn } from '../../src/core/provider-arn.ts'
import { readTokenKey, isSharedService } from '../../src/core/audit/providers.ts'

describe('how wide a subject is', () => {
  test.each([
    ['system:serviceaccount:shop:checkout', 'exact'],
    ['system:serviceaccount:shop:a.b-c', 'exact'],
    ['*:shop:checkout', 'exact'],
    ['system:*:shop:checkout', 'exact'],
    ['system:serviceaccount:shop:check*', 'part-of-name'],
    ['system:serviceaccount:shop:checkou?', 'part-of-name'],
    ['system:serviceaccount:shop:*', 'namespace'],
    ['system:serviceaccount:shop:?*', 'namespace'],
    ['*:shop:*', 'namespace'],
    ['system:serviceaccount:team-*:checkout', 'some-namespaces'],
    ['system:serviceaccount:team-*', 'some-namespaces'],
    ['system:serviceaccount:*-prod:*', 'some-namespaces'],
    ['system:serviceaccount:shop*', 'some-namespaces'],
    ['*team:checkout', 'some-namespaces'],
    ['system:serviceaccount:*:checkout', 'any-namespace'],
    ['system:serviceaccount:*:check*', 'any-namespace'],
    ['*:checkout', 'any-namespace'],
    ['*checkout', 'any-namespace'],
    ['system:serviceaccount:*checkout', 'any-namespace'],
    ['*', 'everything'],
    ['**', 'everything'],
    ['system:*', 'everything'],
    ['system:serviceaccount*', 'everything'],
    ['system:serviceaccount:*', 'everything'],
    ['system:serviceaccount:*:*', 'everything'],
    ['*:*', 'everything'],
  ])('%s: %s', (pattern, width) => {
    expect(widthOf(pattern)).toBe(width)
  })

  test.each([
    'repo:acme/shop:ref:refs/heads/main',
    'project_path:acme/*',
    'system:serviceaccounts:shop:checkout',
    'system:serviceaccount:shop/checkout',
    'system:serviceaccount:shop:checkout:extra',
    'system:serviceaccount:shop',
    'system:serviceaccount:Shop:checkout',
    'system:serviceaccount:shop:Checkout*',
    'system:serviceaccount::checkout',
    'system:serviceaccount:shop:',
    'system:node:worker-1',
    'shop:checkout',
    '',
  ])('no service account has the subject %j', (pattern) => {
    expect(widthOf(pattern)).toBeUndefined()
  })
})

test.each([
  ['shop/checkout', 'system:serviceaccount:shop:checkout'],
  ['shop:checkout', 'system:serviceaccount:shop:checkout'],
  ['system:serviceaccount:shop/checkout', 'system:serviceaccount:shop:checkout'],
  ['system:serviceaccounts:shop:checkout', 'system:serviceaccount:shop:checkout'],
  ['serviceaccount:shop:checkout', 'system:serviceaccount:shop:checkout'],
  ['system:serviceaccount:Shop:checkout', 'system:serviceaccount:shop:checkout'],
  ['repo:acme/shop:ref:refs/heads/main', undefined],
  ['system:serviceaccount:shop:checkout', undefined],
  ['checkout', undefined],
])('what was meant by %s: %s', (text, guess) => {
  expect(guessSubject(text)).toBe(guess)
})

describe('condition keys', () => {
  test.each([
    [
      'oidc.example.com:sub',
      { scheme: '', issuer: 'oidc.example.com', claim: 'sub', exists: true },
    ],
    [
      'oidc.example.com/a/b:AUD',
      { scheme: '', issuer: 'oidc.example.com/a/b', claim: 'AUD', exists: true },
    ],
    [
      'localhost:4566/b:sub',
      { scheme: '', issuer: 'localhost:4566/b', claim: 'sub', exists: true },
    ],
    ['127.0.0.1:4566:sub', { scheme: '', issuer: '127.0.0.1:4566', claim: 'sub', exists: true }],
    [
      'https://oidc.example.com:sub',
      { scheme: 'https://', issuer: 'oidc.example.com', claim: 'sub', exists: true },
    ],
    [
      'https://oidc.example.com/:sub',
      { scheme: 'https://', issuer: 'oidc.example.com/', claim: 'sub', exists: true },
    ],
    [
      'oidc.example.com:groups',
      { scheme: '', issuer: 'oidc.example.com', claim: 'groups', exists: false },
    ],
  ])('%s', (key, parts) => {
    expect(readTokenKey(key)).toEqual(parts)
  })

  test.each([
    'aws:SourceIp',
    'sts:ExternalId',
    'saml:aud',
    'aws:RequestTag/example.com',
    'aws:PrincipalTag/a:b',
  ])('%s is about something else', (key) => {
    expect(readTokenKey(key)).toBeUndefined()
  })
})

test.each([
  ['token.actions.githubusercontent.com', true],
  ['token.actions.githubusercontent.com/acme', true],
  ['gitlab.com', true],
  ['gitlab.company.com', false],
  ['oidc.vercel.com/acme', true],
  ['api.pulumi.com/oidc', true],
  ['cognito-idp.eu-west-3.amazonaws.com/eu-west-3_abc', true],
  ['oidc.eks.eu-west-3.amazonaws.com/id/EXAMPLE', false],
  ['irsa-a-111122223333-eu-west-3-an.s3.eu-west-3.amazonaws.com', false],
])('%s is a service that many share: %s', (issuer, shared) => {
  expect(isSharedService(issuer)).toBe(shared)
})

test.each([
  ['arn:aws:iam::111122223333:oidc-provider/a.example/b', ['aws', '111122223333', 'a.example/b']],
  ['arn:aws-cn:iam::111122223333:oidc-provider/a.example', ['aws-cn', '111122223333', 'a.example']],
  ['arn:aws:iam::111122223333:saml-provider/a', undefined],
  ['cognito-identity.amazonaws.com', undefined],
])('the provider of %s', (arn, parts) => {
  const name = readProviderArn(arn)
  expect(name && [name.partition, name.account, name.issuer]).toEqual(parts)
})

describe('patterns', () => {
  test.each([
    ['abc', 'abc', true],
    ['abc', 'a?c', true],
    ['abc', '*', true],
    ['', '*', true],
    ['', '', true],
    ['', '?', false],
    ['abc', 'a*c*', true],
    ['aXbXc', 'a*b*d', false],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['a*c', 'a?c', true],
    ['abab', '*ab', true],
    ['a\nb', 'a*b', true],
  ])('%j by %j: %s', (text, pattern, matches) => {
    expect(matchesPattern(text, pattern)).toBe(matches)
  })

  test('a pattern of many stars takes no longer than others', () => {
    expect(matchesPattern('a'.repeat(250), `${'*a'.repeat(120)}*b`)).toBe(false)
  })
})
