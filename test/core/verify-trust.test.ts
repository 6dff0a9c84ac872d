import { describe, expect, test } from 'vitest'
import type { PolicyDocument } from '../../src/sandbox/policy/document.ts'
import { evaluate } from '../../src/sandbox/policy/evaluate.ts'
import { judgeTrust } from '../../src/core/verify/trust.ts'
import { trustFaults } from '../../src/core/verify/trust-faults.ts'
import type { TrustQuestion } from '../../src/core/verify/trust-test.ts'

const CLAIMS = 'oidc.example.com/blue'
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${CLAIMS}`
const SUBJECT = 'system:serviceaccount:shop:checkout'
const TOKEN: TrustQuestion = {
  providerArn: PROVIDER,
  claims: CLAIMS,
  subject: SUBJECT,
  audiences: ['sts.amazonaws.com'],
}

const AUD = { [`${CLAIMS}:aud`]: 'sts.amazonaws.com' }
const SUB = { [`${CLAIMS}:sub`]: SUBJECT }
const OURS = {
  Effect: 'Allow',
  Principal: { Federated: PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { ...AUD, ...SUB } },
}
const EC2 = {
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
}

const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const when = (Condition: object) => ({ ...OURS, Condition })
const equals = (tests: object) => when({ StringEquals: tests })

type Row = readonly [by: string, trust: unknown, id?: string]

const LETS_IN: readonly Row[] = [
  ['the statement of irsa', policy(OURS)],
  ['a lone statement without a list', { Version: '2012-10-17', Statement: OURS }],
  ['one of several statements', policy(EC2, { ...OURS, Condition: { Bool: { a: 'b' } } }, OURS)],
  ['one of several values', policy(equals({ ...AUD, [`${CLAIMS}:sub`]: ['other', SUBJECT] }))],
  ['one of several providers', policy({ ...OURS, Principal: { Federated: ['x', PROVIDER] } })],
  [
    'a wildcard in StringLike',
    policy(
      when({
        StringEquals: AUD,
        StringLike: { [`${CLAIMS}:sub`]: 'system:serviceaccount:shop:*' },
      }),
    ),
  ],
  ['no wildcard in StringLike', policy(when({ StringLike: { ...AUD, ...SUB } }))],
  [
    'a question mark in StringLike',
    policy(
      when({
        StringEquals: AUD,
        StringLike: { [`${CLAIMS}:sub`]: 'system:serviceaccount:shop:checkou?' },
      }),
    ),
  ],
  [
    'operators and keys in another case',
    policy(
      when({ stringequals: { [`${CLAIMS.toUpperCase()}:AUD`]: 'sts.amazonaws.com', ...SUB } }),
    ),
  ],
  ['an action in another case', policy({ ...OURS, Action: 'STS:assumerolewithwebidentity' })],
  ['an action with a wildcard', policy({ ...OURS, Action: ['sts:TagSession', 'sts:AssumeRole*'] })],
  ['all actions but some', policy({ ...OURS, Action: undefined, NotAction: 'sts:AssumeRole' })],
  [
    'ForAnyValue on a lone audience',
    policy(when({ 'ForAnyValue:StringEquals': AUD, StringEquals: SUB })),
  ],
  ['ForAllValues', policy(when({ 'ForAllValues:StringEquals': AUD, StringEquals: SUB }))],
  ['IfExists', policy(when({ StringEqualsIfExists: AUD, StringEquals: SUB }))],
  [
    'ignored case',
    policy(when({ StringEqualsIgnoreCase: { ...AUD, [`${CLAIMS}:sub`]: SUBJECT.toUpperCase() } })),
  ],
  [
    'a key that has to be there',
    policy(when({ StringEquals: { ...AUD, ...SUB }, Null: { [`${CLAIMS}:sub`]: 'false' } })),
  ],
  [
    'a Deny of others',
    policy(OURS, {
      ...OURS,
      Effect: 'Deny',
      Condition: { StringEquals: { [`${CLAIMS}:sub`]: 'other' } },
    }),
  ],
  [
    'a Deny of another action',
    policy(OURS, { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
  ],
  [
    'a Deny but for us',
    policy(OURS, { ...OURS, Effect: 'Deny', Condition: { StringNotEquals: AUD } }),
  ],
]

describe('a token is let in', () => {
  test.each(LETS_IN)('by %s', (_, trust) => {
    expect(judgeTrust(trust, TOKEN).answer).toBe('lets-in')
    expect(trustFaults(trust, TOKEN).faults).toEqual([])
  })

  test('in any partition, and with any audience', () => {
    const providerArn = `arn:aws-cn:iam::111122223333:oidc-provider/${CLAIMS}`
    const trust = policy({
      ...OURS,
      Principal: { Federated: providerArn },
      Condition: { StringEquals: { ...SUB, [`${CLAIMS}:aud`]: 'amazonaws.com' } },
    })
    const token = { ...TOKEN, providerArn, audiences: ['amazonaws.com'] }
    expect(trustFaults(trust, token)).toMatchObject({ judged: { answer: 'lets-in' }, faults: [] })
  })

  test('as far as is known before there is a token', () => {
    const open = { ...TOKEN, subject: undefined, audiences: undefined }
    expect(trustFaults(policy(OURS), open)).toMatchObject({
      judged: { answer: 'unsure' },
      faults: [],
    })
  })
})

const other = (from: string, to: string) =>
  JSON.parse(JSON.stringify(policy(OURS)).replaceAll(from, to))
const PLAIN_NOT = 'ForAllValues:StringNotEquals'

const KEEPS_OUT: readonly Row[] = [
  ['no policy', undefined, 'none'],
  ['no statement', policy(), 'none'],
  ['statements of others alone', policy(EC2), 'none'],
  [
    'NotPrincipal with the provider',
    policy({ ...OURS, Principal: undefined, NotPrincipal: { Federated: PROVIDER } }),
    'none',
  ],
  ['the provider of another account', other('111122223333', '444455556666'), 'other-account'],
  ['the provider of another partition', other('arn:aws:', 'arn:aws-cn:'), 'other-partition'],
  [
    'the provider in another case',
    policy({ ...OURS, Principal: { Federated: PROVIDER.replace('blue', 'Blue') } }),
    'provider-spelling',
  ],
  [
    'the provider with a slash',
    policy({ ...OURS, Principal: { Federated: `${PROVIDER}/` } }),
    'provider-spelling',
  ],
  [
    'the provider with its scheme',
    policy({ ...OURS, Principal: { Federated: PROVIDER.replace('r/', 'r/https://') } }),
    'provider-spelling',
  ],
  ['another provider', other('oidc.example.com/blue', 'oidc.example.com/green'), 'other-provider'],
  ['another action', policy({ ...OURS, Action: 'sts:AssumeRole' }), 'action'],
  [
    'NotAction with the action',
    policy({ ...OURS, Action: undefined, NotAction: 'sts:*' }),
    'action',
  ],
  [
    'the scheme in a key',
    policy(equals({ ...AUD, [`https://${CLAIMS}:sub`]: SUBJECT })),
    'key-scheme',
  ],
  ['a slash in a key', policy(equals({ ...AUD, [`${CLAIMS}/:sub`]: SUBJECT })), 'key-slash'],
  [
    'a key of another issuer',
    policy(equals({ ...AUD, 'oidc.example.com/green:sub': SUBJECT })),
    'key-other-issuer',
  ],
  [
    'a key without the path',
    policy(equals({ ...AUD, 'oidc.example.com:sub': SUBJECT })),
    'key-other-issuer',
  ],
  [
    'a claim that no token has',
    policy(equals({ ...AUD, ...SUB, [`${CLAIMS}:email`]: 'a@b.c' })),
    'absent-key',
  ],
  [
    'a claim that IAM does not know',
    policy(equals({ ...AUD, ...SUB, [`${CLAIMS}:azp`]: 'x' })),
    'absent-key',
  ],
  ['an external id', policy(equals({ ...AUD, ...SUB, 'sts:ExternalId': 'x' })), 'absent-key'],
  [
    'Null for a claim that no token has',
    policy(when({ StringEquals: { ...AUD, ...SUB }, Null: { [`${CLAIMS}:amr`]: 'false' } })),
    'absent-key',
  ],
  [
    'ForAnyValue on a claim that no token has',
    policy(
      when({
        StringEquals: { ...AUD, ...SUB },
        'ForAnyValue:StringLike': { [`${CLAIMS}:amr`]: '*' },
      }),
    ),
    'absent-key',
  ],
  [
    'a wildcard in StringEquals',
    policy(equals({ ...AUD, [`${CLAIMS}:sub`]: 'system:serviceaccount:shop:*' })),
    'equals-wildcard',
  ],
  [
    'a wildcard for the audience in StringEquals',
    policy(equals({ ...SUB, [`${CLAIMS}:aud`]: '*' })),
    'equals-wildcard',
  ],
  [
    'another namespace',
    policy(equals({ ...AUD, [`${CLAIMS}:sub`]: 'system:serviceaccount:shops:checkout' })),
    'namespace',
  ],
  [
    'another name',
    policy(equals({ ...AUD, [`${CLAIMS}:sub`]: 'system:serviceaccount:shop:check-out' })),
    'name',
  ],
  [
    'another service account',
    policy(equals({ ...AUD, [`${CLAIMS}:sub`]: 'system:serviceaccount:pay:refund' })),
    'subject',
  ],
  [
    'upper case',
    policy(equals({ ...AUD, [`${CLAIMS}:sub`]: 'system:serviceaccount:Shop:checkout' })),
    'subject-case',
  ],
  [
    'a subject of no service account',
    policy(equals({ ...AUD, [`${CLAIMS}:sub`]: 'shop/checkout' })),
    'subject-form',
  ],
  [
    'a pattern of another namespace',
    policy(
      when({
        StringEquals: AUD,
        StringLike: { [`${CLAIMS}:sub`]: 'system:serviceaccount:pay:*' },
      }),
    ),
    'subject',
  ],
  ['another audience', policy(equals({ ...SUB, [`${CLAIMS}:aud`]: 'amazonaws.com' })), 'audience'],
  [
    'StringNotEquals with its subject',
    policy(when({ StringEquals: AUD, StringNotEquals: SUB })),
    'excluded',
  ],
  [
    'ForAllValues:StringNotEquals with its audience',
    policy(when({ StringEquals: SUB, [PLAIN_NOT]: AUD })),
    'excluded',
  ],
  [
    'a Deny of everybody',
    policy(OURS, { Effect: 'Deny', Principal: '*', Action: 'sts:*' }),
    'denied',
  ],
  [
    'a Deny of all but another subject',
    policy(OURS, {
      ...OURS,
      Effect: 'Deny',
      Condition: { StringNotLike: { [`${CLAIMS}:sub`]: 'system:serviceaccount:pay:*' } },
    }),
    'denied',
  ],
]

describe('a token is kept out', () => {
  test.each(KEEPS_OUT)('by %s', (_, trust, id) => {
    const { judged, faults } = trustFaults(trust, TOKEN)
    expect(judged.answer).toBe('refuses')
    expect(faults[0]).toMatchObject({ id: `role/trust-${id}`, severity: 'high' })
  })

  test('a Deny is named by what it is, and is what has to go', () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sts:*', Sid: 'Nobody' }
    expect(trustFaults(policy(OURS, deny), TOKEN).faults).toMatchObject([
      { id: 'role/trust-denied', mend: { kind: 'drop', indexes: [1] } },
    ])
    const but = when({ StringEquals: AUD, StringNotEquals: SUB })
    expect(trustFaults(policy(but), TOKEN).faults[0]?.id).toBe('role/trust-excluded')
  })

  test('and every reason is said once, for the statement that comes closest', () => {
    const wrong = equals({ [`https://${CLAIMS}:aud`]: 'x', [`https://${CLAIMS}:sub`]: SUBJECT })
    const { faults } = trustFaults(
      policy(EC2, { ...OURS, Action: 'sts:AssumeRole', Condition: {} }, wrong),
      TOKEN,
    )
    expect(faults.map(({ id }) => id)).toEqual(['role/trust-key-scheme'])
  })

  test('with the difference marked', () => {
    const trust = policy(
      equals({ ...AUD, [`${CLAIMS}:sub`]: 'system:serviceaccount:shpo:checkout' }),
    )
    const [fault] = trustFaults(trust, TOKEN).faults
    expect(fault?.why.split('\n').slice(1)).toEqual([
      'needed        system:serviceaccount:shop:checkout',
      'trust policy  system:serviceaccount:shpo:checkout',
      '                                      ^^',
    ])
  })
})

/** The embedded AWS refuses to keep operators in another case, and has no words for no policy. */
const NOT_COMPARED = new Set(['operators and keys in another case', 'no policy', 'no statement'])

test('the embedded AWS decides the same', () => {
  const claims = CLAIMS.toLowerCase()
  const question = {
    asker: { type: 'Federated', names: [PROVIDER] },
    action: 'sts:AssumeRoleWithWebIdentity',
    context: { [`${claims}:sub`]: [SUBJECT], [`${claims}:aud`]: ['sts.amazonaws.com'] },
  } as const
  const compared = [...LETS_IN, ...KEEPS_OUT].filter(([by]) => !NOT_COMPARED.has(by))
  expect(
    compared.map(([by, trust]) => [by, evaluate([trust as PolicyDocument], question) === 'allow']),
  ).toEqual(compared.map(([by, trust]) => [by, judgeTrust(trust, TOKEN).answer === 'lets-in']))
})

describe('a statement that lets in too many', () => {
  test.each([
    ['without sub', equals(AUD), ['role/trust-no-subject']],
    ['without aud', equals(SUB), ['role/trust-no-audience']],
    [
      'without conditions',
      { ...OURS, Condition: undefined },
      ['role/trust-no-subject', 'role/trust-no-audience'],
    ],
    [
      'with all but a few',
      when({ StringEquals: AUD, StringNotEquals: { [`${CLAIMS}:sub`]: 'other' } }),
      ['role/trust-no-subject'],
    ],
    [
      'with a key that no token has behind ForAllValues',
      when({ StringEquals: AUD, 'ForAllValues:StringEquals': { [`https://${CLAIMS}:sub`]: 'x' } }),
      ['role/trust-no-subject'],
    ],
    [
      'with Null alone',
      when({ StringEquals: AUD, Null: { [`${CLAIMS}:sub`]: 'false' } }),
      ['role/trust-no-subject'],
    ],
    [
      'for everybody',
      { ...OURS, Principal: '*', Condition: undefined },
      ['role/trust-no-subject', 'role/trust-no-audience'],
    ],
  ])('%s is named, though the token is let in', (_, statement, ids) => {
    const { judged, faults } = trustFaults(policy(statement), TOKEN)
    expect(judged.answer).toBe('lets-in')
    expect(faults.map(({ id }) => id)).toEqual(ids)
  })

  test('is named beside one that is right, and where the token is another one', () => {
    const { faults } = trustFaults(policy(OURS, { ...equals(AUD), Sid: 'Old' }), TOKEN)
    expect(faults).toMatchObject([
      { id: 'role/trust-no-subject', mend: { index: 1, claim: 'sub' } },
    ])
    expect(faults[0]?.summary).toContain('statement Old')
  })

  test('is not meant by one that lets nobody in', () => {
    const nobody = equals({ [`https://${CLAIMS}:aud`]: 'x' })
    expect(trustFaults(policy(nobody), TOKEN).faults.map(({ id }) => id)).toEqual([
      'role/trust-key-scheme',
    ])
  })
})

test.each([
  ['an address', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }],
  ['a time', { DateLessThan: { 'aws:CurrentTime': '2031-01-01T00:00:00Z' } }],
  ['the session name', { StringLike: { 'sts:RoleSessionName': 'app-*' } }],
  ['a tag', { StringEquals: { 'aws:RequestTag/team': 'shop' } }],
])('%s cannot be judged from here, and is noted', (_, more) => {
  const trust = policy(
    when({ ...more, StringLike: { ...AUD, ...SUB, ...Object(more)['StringLike'] } }),
  )
  const { judged, faults } = trustFaults(trust, TOKEN)
  expect(judged.answer).toBe('unsure')
  expect(faults).toMatchObject([{ id: 'role/trust-unjudged', severity: 'info' }])
})

test('a Deny that cannot be judged is noted as well', () => {
  const deny = {
    ...OURS,
    Effect: 'Deny',
    Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  }
  const { judged, faults } = trustFaults(policy(OURS, deny), TOKEN)
  expect(judged.answer).toBe('unsure')
  expect(faults).toMatchObject([{ id: 'role/trust-unjudged', severity: 'info' }])
})

test('policy variables stand for what nobody knows here', () => {
  const trust = policy(equals({ ...AUD, [`${CLAIMS}:sub`]: '${aws:PrincipalTag/sub}' }))
  expect(judgeTrust(trust, TOKEN).answer).toBe('unsure')
})
