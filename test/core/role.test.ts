import { describe, expect, test } from 'vitest'
import { checkPolicyArn } from '../../src/core/managed-policy.ts'
import { parseRoleArn } from '../../src/core/role-arn.ts'
import { checkWish, nameOf, type RoleWish } from '../../src/core/role-wish.ts'
import { isRoleName, isRolePath, roleNameFor } from '../../src/core/role.ts'
import { serviceAccountManifest } from '../../src/core/service-account-manifest.ts'
import { covers, parseSubject, remarksOnSubjects } from '../../src/core/subject.ts'
import { codeThrown } from '../support/problems.ts'

const PLACE = { account: '111122223333', partition: 'aws' }
const subject = (text: string) => parseSubject(text, true)

describe('the name of a role', () => {
  test.each([
    ['production', 'shop/checkout', 'production-shop-checkout'],
    [undefined, 'shop/checkout', 'shop-checkout'],
    [undefined, 'shop/check.out', 'shop-check.out'],
  ])('%s, %s: %s', (issuer, account, name) => {
    expect(roleNameFor(issuer, subject(account))).toBe(name)
  })

  test('of 64 characters stays, a longer one ends in a hash of the whole', () => {
    const account = (length: number) => subject(`n/${'a'.repeat(length)}`)
    expect(roleNameFor(undefined, account(62))).toBe(`n-${'a'.repeat(62)}`)
    const long = roleNameFor(undefined, account(63))
    // printf %s n-aaa… | sha256sum
    expect(long).toMatch(/^n-a{51}-[0-9a-f]{10}$/)
    expect(long).toHaveLength(64)
    expect(roleNameFor(undefined, account(64))).not.toBe(long)
  })

  test('does not end in punctuation before its hash', () => {
    const name = roleNameFor(undefined, subject(`shop/${'a'.repeat(47)}.${'b'.repeat(40)}`))
    expect(name).toMatch(/^shop-a{47}-[0-9a-f]{10}$/)
  })

  test.each(['a', 'A+=,.@-_9', 'a'.repeat(64)])('%s is one', (name) => {
    expect(isRoleName(name)).toBe(true)
  })

  test.each(['', 'a b', 'a/b', 'é', 'a'.repeat(65)])('"%s" is none', (name) => {
    expect(isRoleName(name)).toBe(false)
  })

  test('has to be chosen for several service accounts, and for a wildcard', () => {
    const needed = expect.objectContaining({ code: 'role/name-needed' })
    for (const accounts of [['shop/a', 'shop/b'], ['apps/*'], []]) {
      expect(() => nameOf(undefined, 'blue', accounts.map(subject))).toThrow(needed)
      expect(nameOf('shop', 'blue', accounts.map(subject))).toBe('shop')
    }
  })
})

test.each([
  ['/', true],
  ['/irsa/', true],
  ['/a/b-c/', true],
  [`/${'a'.repeat(510)}/`, true],
  [`/${'a'.repeat(511)}/`, false],
  ['', false],
  ['irsa', false],
  ['/irsa', false],
  ['irsa/', false],
  ['/a b/', false],
  ['/é/', false],
])('the path %s: %s', (path, good) => {
  expect(isRolePath(path)).toBe(good)
})

describe('the ARN of a role', () => {
  test.each([
    ['arn:aws:iam::111122223333:role/app', 'aws', '/', 'app'],
    ['arn:aws-cn:iam::111122223333:role/irsa/app', 'aws-cn', '/irsa/', 'app'],
    ['arn:aws-us-gov:iam::111122223333:role/a/b/app@x', 'aws-us-gov', '/a/b/', 'app@x'],
  ])('%s', (arn, partition, path, name) => {
    expect(parseRoleArn(arn)).toEqual({ arn, partition, account: '111122223333', path, name })
  })

  test.each([
    'app',
    'arn:aws:iam::1111:role/app',
    'arn:aws:iam::111122223333:user/app',
    'arn:aws:iam::111122223333:role/',
    'arn:aws:iam::111122223333:role/a b',
    'arn:aws:sts::111122223333:assumed-role/app/x',
    'arn:gcp:iam::111122223333:role/app',
  ])('%s is refused', (arn) => {
    expect(() => parseRoleArn(arn)).toThrow(expect.objectContaining({ code: 'role/arn-invalid' }))
  })
})

describe('service accounts and wildcards', () => {
  test.each([
    ['shop/checkout', 'shop:checkout', true],
    ['shop/checkout', 'shop:checkout2', false],
    ['shop/check.out', 'shop:checkXout', false],
    ['apps/*', 'apps:anything.at-all', true],
    ['apps/*', 'apps2:x', false],
    ['*/reader', 'any:reader', true],
    ['team-?/a*', 'team-b:abc', true],
    ['team-?/a*', 'team-bb:abc', false],
    ['team-?/a.*', 'team-b:a.bc', true],
    ['team-?/a.*', 'team-b:abc', false],
  ])('%s covers %s: %s', (text, account, expected) => {
    expect(covers(subject(text), `system:serviceaccount:${account}`)).toBe(expected)
  })

  test.each(['', 'a', '*', '/b', 'a/', 'a/b/c', 'A/b', 'a b/*', 'a/B*', '../*'])(
    '"%s" is none',
    (text) => {
      expect(() => subject(text)).toThrow(
        expect.objectContaining({ code: 'service-account/invalid' }),
      )
    },
  )

  test('a wildcard is only taken when allowed, and remarked on', () => {
    const refused = expect.objectContaining({ code: 'role/wildcard' })
    expect(() => parseSubject('apps/*', false)).toThrow(refused)
    expect(remarksOnSubjects([subject('apps/*'), subject('shop/a')])).toEqual([
      expect.stringContaining('apps/*'),
    ])
    const long = subject(`${'n'.repeat(63)}/${'a'.repeat(200)}`)
    expect(remarksOnSubjects([long])).toEqual([expect.stringContaining('255')])
  })
})

describe('a managed policy', () => {
  test.each([
    ['arn:aws:iam::aws:policy/ReadOnlyAccess', undefined],
    ['arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy', undefined],
    ['arn:aws:iam::111122223333:policy/team/Orders', undefined],
    ['arn:aws:iam::210987654321:policy/Orders', 'policy/elsewhere'],
    ['arn:aws-cn:iam::aws:policy/ReadOnlyAccess', 'policy/elsewhere'],
    ['ReadOnlyAccess', 'policy/arn-invalid'],
    ['arn:aws:iam::111122223333:role/app', 'policy/arn-invalid'],
  ])('%s: %s', (arn, code) => {
    expect(codeThrown(() => checkPolicyArn(arn, PLACE))).toBe(code)
  })

  test('of China belongs to a role of China', () => {
    const arn = 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess'
    expect(() => checkPolicyArn(arn, { ...PLACE, partition: 'aws-cn' })).not.toThrow()
  })
})

const WISH: RoleWish = {
  name: 'app',
  named: true,
  path: undefined,
  subjects: [subject('shop/a')],
  audiences: ['sts.amazonaws.com'],
  policyArns: [],
  policies: undefined,
  boundary: undefined,
  adopt: false,
}
const arns = (count: number) =>
  Array.from({ length: count }, (_, at) => `arn:aws:iam::aws:policy/P${at}`)
const policyOf = (size: number) => ({ Statement: { Sid: 'x'.repeat(size - 24) } })

test.each<[string, Partial<RoleWish>, string | undefined]>([
  ['a fitting one', {}, undefined],
  ['a name that is none', { name: 'a b' }, 'role/name-invalid'],
  ['a path that is none', { path: 'a' }, 'role/path-invalid'],
  ['a boundary that is none', { boundary: 'x' }, 'policy/arn-invalid'],
  ['20 policies', { policyArns: arns(20) }, undefined],
  ['21 policies', { policyArns: arns(21) }, 'policy/too-many'],
  [
    'inline policies that just fit',
    { policies: { a: policyOf(5000), b: policyOf(5240) } },
    undefined,
  ],
  [
    'inline policies that do not',
    { policies: { a: policyOf(5000), b: policyOf(5241) } },
    'policy/too-large',
  ],
])('a wish with %s', (_what, wish, code) => {
  expect(codeThrown(() => checkWish({ ...WISH, ...wish }, PLACE))).toBe(code)
})

describe('the service account', () => {
  const roleArn = 'arn:aws:iam::111122223333:role/irsa/app'
  const annotations = (options: object) => {
    const manifest = serviceAccountManifest(subject('shop/a'), { roleArn, ...options })
    return (manifest['metadata'] as { annotations: object }).annotations
  }

  test('names its role, and nothing that the webhook takes for granted', () => {
    expect(serviceAccountManifest(subject('shop/a'), { roleArn })).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'a',
        namespace: 'shop',
        annotations: { 'eks.amazonaws.com/role-arn': roleArn },
      },
    })
    expect(annotations({ audience: 'sts.amazonaws.com' })).toEqual({
      'eks.amazonaws.com/role-arn': roleArn,
    })
  })

  test('says the rest as texts', () => {
    expect(annotations({ audience: 'vault', tokenExpiration: 3600, regionalSts: true })).toEqual({
      'eks.amazonaws.com/role-arn': roleArn,
      'eks.amazonaws.com/audience': 'vault',
      'eks.amazonaws.com/token-expiration': '3600',
      'eks.amazonaws.com/sts-regional-endpoints': 'true',
    })
  })
})
