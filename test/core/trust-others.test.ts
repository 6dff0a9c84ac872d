import { describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { providerArn } from '../../src/core/provider-arn.ts'
import { othersTrusted } from '../../src/core/trust-others.ts'
import { trustedSubjects, withTrust } from '../../src/core/trust-policy.ts'
import { trusting } from '../support/roles.ts'

const issuer = parseIssuer('https://oidc.example.com')
const MINE = { issuer, providerArn: providerArn(issuer, '111122223333', 'aws') }
const SUB = 'system:serviceaccount:shop:checkout'
const OURS = trusting(SUB)
const of = (...Statement: unknown[]) => ({ Version: '2012-10-17', Statement })
const allow = (Principal: unknown, rest: object = {}) => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  ...rest,
})

describe('who else may have a role', () => {
  test.each<[string, unknown, readonly RegExp[]]>([
    ['nobody', OURS, []],
    ['nobody that is denied', { ...allow('*'), Effect: 'Deny' }, []],
    ['a service', allow({ Service: 'ec2.amazonaws.com' }), [/^ec2.amazonaws.com$/]],
    ['several', allow({ AWS: ['1', '2'], Service: 'x' }), [/^1$/, /^2$/, /^x$/]],
    ['everybody', allow('*'), [/^EVERYBODY, from any AWS account$/]],
    ['everybody, said otherwise', allow({ AWS: '*' }), [/^EVERYBODY/]],
    ['everybody but one', { ...allow(undefined), NotPrincipal: { AWS: '1' } }, [/^EVERYBODY/]],
    [
      'everybody on a condition',
      allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } }),
      [/conditions \(StringEquals aws:PrincipalOrgID\)$/],
    ],
  ])('%s', (_what, statement, expected) => {
    expect(othersTrusted(of(OURS, statement, statement), MINE)).toEqual(
      expected.map((one) => expect.stringMatching(one)),
    )
  })

  test('everybody comes first', () => {
    const others = othersTrusted(of(allow({ AWS: '1' }), allow('*')), MINE)
    expect(others).toEqual([expect.stringMatching(/^EVERYBODY/), '1'])
  })
})

describe('a statement for our provider', () => {
  const { Condition } = OURS
  const [aud] = Object.keys(Condition.StringEquals)

  test.each<[string, object]>([
    ['another action as well', { Action: [OURS.Action, 'sts:TagSession'] }],
    ['another condition', { Condition: { ...Condition, IpAddress: { 'aws:SourceIp': '::/0' } } }],
    ['another key', { Condition: { StringEquals: { ...Condition.StringEquals, 'a:b': 'c' } } }],
    ['another operator', { Condition: { StringNotEquals: { [`${aud}`]: 'x' } } }],
    ['another member', { NotAction: 'x' }],
  ])('with %s is of others, and stays', (_what, more) => {
    const theirs = { ...OURS, ...more }
    expect(trustedSubjects(of(theirs), MINE)).toEqual([])
    expect(withTrust(of(theirs), MINE, [OURS])).toEqual(of(theirs, OURS))
    expect(othersTrusted(of(theirs), MINE)).toEqual([
      expect.stringContaining('service accounts of this issuer'),
    ])
  })

  test.each<[string, object]>([
    ['no condition', { Condition: undefined }],
    ['the audience alone', { Condition: { StringLike: { [`${aud}`]: '*' } } }],
  ])('with %s lets every service account in, and is ours to narrow', (_what, more) => {
    const open = of({ Sid: 'x', ...OURS, ...more })
    expect(trustedSubjects(open, MINE)).toEqual(['system:serviceaccount:*:*'])
    expect(withTrust(open, MINE, [OURS])).toEqual(of(OURS))
  })
})
