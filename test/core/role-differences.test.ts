import { describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { providerArn } from '../../src/core/provider-arn.ts'
import { describeMissing, missingOf } from '../../src/core/role-differences.ts'
import { remarksOn } from '../../src/core/role-remarks.ts'
import { assertOurs } from '../../src/core/role-standing.ts'
import { type RoleWish, trustLength } from '../../src/core/role-wish.ts'
import type { Role } from '../../src/core/role.ts'
import { parseSubject } from '../../src/core/subject.ts'
import {
  trustPolicy,
  trustStatements,
  withoutTrust,
  withTrust,
} from '../../src/core/trust-policy.ts'
import { codeThrown } from '../support/problems.ts'

const issuer = parseIssuer('https://oidc.example.com/blue')
const arn = providerArn(issuer, '111122223333', 'aws')
const OWNER = { name: 'blue', issuer, providerArn: arn }
const TAGS = {
  'managed-by': 'irsa',
  'irsa:name': 'blue',
  'irsa:issuer': 'oidc.example.com/blue',
}
const READ = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const subjects = (...texts: string[]) => texts.map((text) => parseSubject(text, true))

const WISH: RoleWish = {
  name: 'app',
  named: false,
  path: undefined,
  subjects: subjects('shop/a'),
  audiences: ['sts.amazonaws.com'],
  policyArns: [READ],
  policies: { 'irsa-s3': { Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] } },
  boundary: undefined,
  adopt: false,
}
const RIGHT: Role = {
  arn: 'arn:aws:iam::111122223333:role/irsa/app',
  name: 'app',
  path: '/irsa/',
  trust: trustPolicy({ ...OWNER, ...WISH }),
  boundary: undefined,
  tags: TAGS,
  attached: [READ],
  inline: { 'irsa-s3': WISH.policies?.['irsa-s3'] },
}
const theirs = {
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
}
const [ours] = trustStatements({ ...OWNER, ...WISH })
const trust = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement })

const ofGreen = { ...ours, Principal: { Federated: arn.replace('blue', 'green') } }
const green = trust(ofGreen)
const both = trust(ours, ofGreen)

const saying = (role: Partial<Role>, wish: Partial<RoleWish> = {}) =>
  describeMissing(missingOf({ ...RIGHT, ...role }, { ...WISH, ...wish }, OWNER))

describe('what a role lacks', () => {
  test.each<[string, Partial<Role>, Partial<RoleWish>]>([
    ['', {}, {}],
    ['sets whom it trusts', { trust: trust(theirs) }, {}],
    ['sets whom it trusts', {}, { subjects: subjects('shop/a', 'shop/b') }],
    [`attaches ${READ}`, { attached: [] }, {}],
    ['writes the inline policy irsa-s3', { inline: {} }, {}],
    ['removes the inline policy irsa-old', { inline: { ...RIGHT.inline, 'irsa-old': {} } }, {}],
    ['', { inline: { ...RIGHT.inline, 'irsa-old': {} } }, { policies: undefined }],
    ['', { inline: { ...RIGHT.inline, 'by-hand': {} } }, {}],
    [`sets the permissions boundary ${READ}`, {}, { boundary: READ }],
    ['', { boundary: READ }, {}],
    ['adds the tags of irsa', { tags: { 'managed-by': 'irsa' } }, {}],
    ['adopts it; adds the tags of irsa', { tags: {} }, { adopt: true }],
    ['', { tags: { ...TAGS, 'irsa:issuer': 'oidc.example.com/green' } }, { adopt: true }],
  ])('%s', (said, role, wish) => {
    expect(saying(role, wish)).toBe(said)
  })

  test('more policies than any quota allows are refused, those of others counted', () => {
    const attached = Array.from({ length: 20 }, (_, at) => `${READ}${at}`)
    expect(() => saying({ attached })).toThrow(expect.objectContaining({ code: 'policy/too-many' }))
    const inline = { theirs: { Sid: 'x'.repeat(10_240) } }
    expect(() => saying({ inline })).toThrow(expect.objectContaining({ code: 'policy/too-large' }))
  })
})

describe('whose role it is', () => {
  test.each<[string | undefined, Partial<Role>, Partial<RoleWish>]>([
    [undefined, {}, {}],
    [undefined, { tags: { 'managed-by': 'irsa' } }, {}],
    ['role/foreign', { tags: {} }, {}],
    ['role/foreign', { tags: { ...TAGS, 'irsa:issuer': 'oidc.example.com/green' } }, {}],
    ['role/foreign', { tags: { 'managed-by': 'irsa', 'irsa:name': 'green' } }, {}],
    [undefined, { tags: { 'managed-by': 'irsa', 'irsa:name': 'blue' }, trust: trust(theirs) }, {}],
    ['role/foreign', { tags: { 'managed-by': 'irsa', 'irsa:name': 'blue' }, trust: green }, {}],
    ['role/foreign', { tags: { 'managed-by': 'irsa' }, trust: green }, {}],
    ['role/foreign', { tags: { 'managed-by': 'irsa' }, trust: trust(theirs) }, {}],
    ['role/foreign', { tags: { 'managed-by': 'irsa' }, trust: both }, {}],
    [undefined, { tags: {} }, { adopt: true }],
    ['role/other-accounts', {}, { subjects: subjects('shop/other') }],
    [undefined, {}, { subjects: subjects('shop/other'), named: true }],
    [undefined, { trust: trust(theirs) }, { subjects: subjects('shop/other') }],
    ['role/path-differs', {}, { path: '/team/' }],
    [undefined, { path: '/team/' }, {}],
  ])('%s', (code, role, wish) => {
    expect(codeThrown(() => assertOurs({ ...RIGHT, ...role }, { ...WISH, ...wish }, OWNER))).toBe(
      code,
    )
  })
})

describe('the trust policy of a role', () => {
  test('keeps the statements of others, in their order', () => {
    const deny = { Effect: 'Deny', Principal: { Federated: arn }, Action: '*' }
    const shared = { ...ours, Principal: { Federated: [arn, `${arn}/other`] } }
    const stale = trustStatements({ ...OWNER, ...WISH, subjects: subjects('shop/old') })
    const now = { Id: 'theirs', ...trust(theirs, ...stale, deny, ...stale, shared) }
    expect(withTrust(now, OWNER, ours ? [ours] : [])).toEqual({
      Id: 'theirs',
      ...trust(theirs, ours, deny, shared),
    })
    expect(withTrust(trust(theirs), OWNER, ours ? [ours] : [])).toEqual(trust(theirs, ours))
  })

  test('is no other for a label, an order or a list', () => {
    const two = trustStatements({ ...OWNER, ...WISH, subjects: subjects('shop/a', 'apps/*') })
    const [exact, like] = two
    expect(withTrust(trust({ Sid: 'x', ...like }, exact), OWNER, two)).toBeUndefined()
    expect(
      withTrust({ Version: '2012-10-17', Statement: ours }, OWNER, ours ? [ours] : []),
    ).toBeUndefined()
  })

  test('without ours lets in whom it let in before, or nobody', () => {
    expect(withoutTrust(trust(theirs), OWNER)).toBeUndefined()
    expect(withoutTrust(trust(theirs, ours), OWNER)).toEqual({
      policy: trust(theirs),
      nobody: false,
    })
    expect(withoutTrust(trust(ours), OWNER)).toEqual({
      policy: trust({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
      nobody: true,
    })
  })

  test('of several audiences names them all, each once and in one order', () => {
    const [statement] = trustStatements({ ...OWNER, ...WISH, audiences: ['vault', 'a', 'vault'] })
    expect(statement?.['Condition']).toMatchObject({
      StringEquals: { 'oidc.example.com/blue:aud': ['a', 'vault'] },
    })
  })

  test('is too long at 4,097 characters, whatever the quota', () => {
    const filled = (length: number) => ({ x: 'y'.repeat(length - 8) })
    expect(trustLength('app', filled(4096))).toBe(4096)
    expect(() => trustLength('app', filled(4097))).toThrow(
      expect.objectContaining({ code: 'role/trust-too-long' }),
    )
  })
})

describe('remarks', () => {
  const remarks = (role: Partial<Role>, wish: Partial<RoleWish> = {}) =>
    remarksOn({ ...RIGHT, ...role }, { ...WISH, ...wish }, OWNER)

  test('there are none on a role that is as wished', () => {
    expect(remarks({})).toEqual([])
  })

  test('name what stays, and how to take it away', () => {
    const other = 'arn:aws:iam::aws:policy/Other'
    expect(
      remarks({
        attached: [READ, other],
        inline: { ...RIGHT.inline, 'by-hand': {} },
        boundary: READ,
      }),
    ).toEqual([
      `keeps ${other}, which is not in the wish: aws iam detach-role-policy --role-name app --policy-arn ${other}`,
      'keeps the inline policy by-hand: aws iam delete-role-policy --role-name app --policy-name by-hand',
      `keeps the permissions boundary ${READ}, which is not in the wish`,
    ])
  })

  test('name who loses the role, and what only fits with a raised quota', () => {
    expect(remarks({}, { subjects: subjects('shop/b') })).toEqual(['takes it away from shop/a'])
    const many = Array.from({ length: 50 }, (_, at) => `shop/account-${at}`)
    expect(remarks({ trust: undefined }, { subjects: subjects(...many) })).toEqual([
      expect.stringContaining('more than 2048'),
    ])
    const policyArns = Array.from({ length: 11 }, (_, at) => `${READ}${at}`)
    expect(remarks({ attached: [] }, { policyArns })).toEqual([expect.stringContaining('11')])
  })
})
