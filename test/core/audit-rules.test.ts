import { describe, expect, test } from 'vitest'
import type { ClusterFacts, Ground, ProviderFacts } from '../../src/core/audit/ground.ts'
import { judge } from '../../src/core/audit/judge.ts'
import { isConcerned } from '../../src/core/audit/scope.ts'
import type { Role } from '../../src/core/role.ts'
import { trustStatementsOf } from '../../src/core/trust-statement.ts'

const ACCOUNT = '111122223333'
const ISSUER = 'oidc.example.com'
const arnOf = (issuer: string, account = ACCOUNT, partition = 'aws') =>
  `arn:${partition}:iam::${account}:oidc-provider/${issuer}`
const PROVIDER = arnOf(ISSUER)
const ROLE = `arn:aws:iam::${ACCOUNT}:role/shop`
const AUD = `${ISSUER}:aud`
const SUB = `${ISSUER}:sub`
const STS = 'sts.amazonaws.com'
const CHECKOUT = 'system:serviceaccount:shop:checkout'
const REFUND = 'system:serviceaccount:shop:refund'
const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess'

type Statement = Readonly<Record<string, unknown>>

const allow = (Condition: object | undefined, more: Statement = {}): Statement => ({
  Effect: 'Allow',
  Principal: { Federated: PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(Condition === undefined ? {} : { Condition }),
  ...more,
})

const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })

const facts = (about: Partial<ProviderFacts> = {}): ProviderFacts => ({
  audiences: [STS],
  issuer: undefined,
  ...about,
})

const ground = (about: Partial<Ground> = {}): Ground => ({
  scope: { issuers: undefined, known: [ISSUER] },
  account: ACCOUNT,
  partition: 'aws',
  providers: new Map([[PROVIDER, facts()]]),
  cluster: undefined,
  documents: () => undefined,
  clusters: new Set([ISSUER]),
  ...about,
})

const role = (trust: unknown, about: Partial<Role> = {}): Role => ({
  arn: ROLE,
  name: 'shop',
  path: '/',
  trust,
  boundary: undefined,
  tags: {},
  attached: [],
  inline: {},
  ...about,
})

const cluster = (accounts: Readonly<Record<string, string | undefined>>): ClusterFacts => ({
  issuer: ISSUER,
  accounts: new Map(Object.entries(accounts)),
})

/** `severity id`, worst first. */
const found = (trust: unknown, on: Partial<Ground> = {}, about: Partial<Role> = {}) =>
  judge(role(trust, about), ground(on)).findings.map(({ severity, id }) => `${severity} ${id}`)

const mendedStatements = (trust: unknown, on: Partial<Ground> = {}, about: Partial<Role> = {}) =>
  (judge(role(trust, about), ground(on)).mended as { Statement: unknown } | undefined)?.Statement

const exact = (sub: string | readonly string[] = CHECKOUT, aud: unknown = STS) =>
  allow({ StringEquals: { [AUD]: aud, [SUB]: sub } })

describe('healthy trust', () => {
  const EKS = 'oidc.eks.eu-west-3.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE'
  const IN_CHINA = arnOf('oidc.example.com', ACCOUNT, 'aws-cn')
  test.each<[string, unknown, Partial<Ground>, Partial<Role>]>([
    ['aud and sub, as irsa makes it', policy(exact()), {}, { tags: { 'managed-by': 'irsa' } }],
    [
      'the same in a statement without a list',
      { Version: '2012-10-17', Statement: exact() },
      {},
      {},
    ],
    ['several service accounts', policy(exact([CHECKOUT, REFUND])), {}, {}],
    [
      'keys and operators in another case',
      policy(allow({ stringequals: { [AUD.toUpperCase()]: STS, [SUB]: CHECKOUT } })),
      {},
      {},
    ],
    [
      'StringLike without a wildcard',
      policy(allow({ StringEquals: { [AUD]: STS }, StringLike: { [SUB]: CHECKOUT } })),
      {},
      {},
    ],
    [
      'ForAnyValue',
      policy(allow({ 'ForAnyValue:StringEquals': { [AUD]: STS, [SUB]: CHECKOUT } })),
      {},
      {},
    ],
    [
      'ForAllValues with a test that the key is there',
      policy(
        allow({
          StringEquals: { [AUD]: STS },
          'ForAllValues:StringEquals': { [SUB]: CHECKOUT },
          Null: { [SUB]: 'false' },
        }),
      ),
      {},
      {},
    ],
    [
      'a wildcard that another test bounds',
      policy(allow({ StringEquals: { [AUD]: STS, [SUB]: CHECKOUT }, StringLike: { [SUB]: '*' } })),
      {},
      {},
    ],
    [
      'a refusal of all others',
      policy(allow({ StringEquals: { [AUD]: STS } }), {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringNotEquals: { [SUB]: CHECKOUT } },
      }),
      {},
      {},
    ],
    [
      'an audience of kops',
      policy(exact(CHECKOUT, 'amazonaws.com')),
      { providers: new Map([[PROVIDER, facts({ audiences: ['amazonaws.com'] })]]) },
      {},
    ],
    ['several audiences', policy(exact(CHECKOUT, [STS, 'vault'])), {}, {}],
    [
      'a companion for session tags',
      policy(exact(), allow(undefined, { Action: 'sts:TagSession' })),
      {},
      {},
    ],
    [
      'statements of others beside it',
      policy(exact(), {
        Effect: 'Allow',
        Principal: { Service: 'ec2.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
      {},
      {},
    ],
    [
      'an organization by its own condition',
      policy(exact(), {
        Effect: 'Allow',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
      {},
      {},
    ],
    [
      'a session name beside it',
      policy(
        allow({
          StringEquals: { [AUD]: STS, [SUB]: CHECKOUT },
          StringLike: { 'sts:RoleSessionName': 'botocore-*' },
        }),
      ),
      {},
      {},
    ],
    ['one administrator', policy(exact()), {}, { attached: [ADMIN] }],
    [
      'a service account that the cluster has',
      policy(exact()),
      { cluster: cluster({ [CHECKOUT]: undefined }) },
      {},
    ],
    [
      'a service account of another cluster',
      policy(exact()),
      { cluster: { ...cluster({}), issuer: 'other.example.com' } },
      {},
    ],
    [
      'providers that may not be listed',
      policy(exact(CHECKOUT, 'vault')),
      { providers: undefined },
      {},
    ],
    [
      'one that Amazon EKS made',
      policy({
        Effect: 'Allow',
        Principal: { Federated: arnOf(EKS) },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [`${EKS}:sub`]: CHECKOUT, [`${EKS}:aud`]: STS } },
      }),
      { providers: new Map([[arnOf(EKS), facts()]]) },
      {},
    ],
    [
      'another partition',
      policy({ ...exact(), Principal: { Federated: IN_CHINA } }),
      { partition: 'aws-cn', providers: new Map([[IN_CHINA, facts()]]) },
      { arn: ROLE.replace('aws', 'aws-cn') },
    ],
    [
      'an issuer with a path and a port',
      policy({
        Effect: 'Allow',
        Principal: { Federated: arnOf('localhost:4566/b/c') },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { 'localhost:4566/b/c:sub': CHECKOUT, 'localhost:4566/b/c:aud': STS },
        },
      }),
      { providers: new Map([[arnOf('localhost:4566/b/c'), facts()]]) },
      {},
    ],
  ])('%s', (_, trust, on, about) => {
    expect(found(trust, on, about)).toEqual([])
  })
})

const like = (sub: string | readonly string[]) =>
  policy(allow({ StringEquals: { [AUD]: STS }, StringLike: { [SUB]: sub } }))

const onlySub = (operator: string, sub: string | readonly string[] = CHECKOUT) =>
  policy(allow({ StringEquals: { [AUD]: STS }, [operator]: { [SUB]: sub } }))

describe('what is wrong, and how bad it is', () => {
  test.each<[string, unknown, readonly string[], Partial<Ground>?, Partial<Role>?]>([
    [
      'no conditions at all',
      policy(allow(undefined)),
      ['high trust/no-subject', 'medium trust/no-audience'],
    ],
    ['no sub', policy(allow({ StringEquals: { [AUD]: STS } })), ['high trust/no-subject']],
    ['no aud', policy(allow({ StringEquals: { [SUB]: CHECKOUT } })), ['medium trust/no-audience']],
    [
      'an aud of anything',
      policy(allow({ StringEquals: { [SUB]: CHECKOUT }, StringLike: { [AUD]: '*' } })),
      ['medium trust/no-audience'],
    ],
    ['sub *', like('*'), ['high trust/subject-wildcard']],
    ['any namespace', like('system:serviceaccount:*:checkout'), ['high trust/subject-wildcard']],
    [
      'some namespaces',
      like('system:serviceaccount:team-*:checkout'),
      ['medium trust/subject-wildcard'],
    ],
    ['a whole namespace', like('system:serviceaccount:shop:*'), ['medium trust/subject-wildcard']],
    ['part of a name', like('system:serviceaccount:shop:check*'), ['low trust/subject-wildcard']],
    [
      'a wildcard among names',
      like([CHECKOUT, 'system:serviceaccount:shop:*']),
      ['medium trust/subject-wildcard'],
    ],
    [
      'a namespace asked of irsa',
      like('system:serviceaccount:shop:*'),
      ['info trust/subject-wildcard'],
      {},
      { tags: { 'managed-by': 'irsa' } },
    ],
    [
      'any namespace, of irsa or not',
      like('system:serviceaccount:*:a'),
      ['high trust/subject-wildcard'],
      {},
      { tags: { 'managed-by': 'irsa' } },
    ],
    [
      'StringEquals with *',
      onlySub('StringEqualsIgnoreCase', 'system:serviceaccount:shop:*'),
      ['medium trust/equals-wildcard'],
    ],
    [
      'StringEquals with ? among others',
      policy(exact([CHECKOUT, 'system:serviceaccount:shop:refun?'])),
      ['medium trust/equals-wildcard'],
    ],
    ['ForAllValues', onlySub('ForAllValues:StringEquals'), ['high trust/for-all-values']],
    [
      'ForAllValues with a wildcard',
      onlySub('ForAllValues:StringLike', '*'),
      ['high trust/subject-wildcard', 'high trust/for-all-values'],
    ],
    [
      'ForAllValues beside a firm test',
      policy(
        allow({
          StringEquals: { [AUD]: STS, [SUB]: CHECKOUT },
          'ForAllValues:StringLike': { [SUB]: CHECKOUT },
        }),
      ),
      ['low trust/for-all-values'],
    ],
    [
      'ForAllValues on the audience',
      policy(
        allow({ StringEquals: { [SUB]: CHECKOUT }, 'ForAllValues:StringEquals': { [AUD]: STS } }),
      ),
      ['medium trust/for-all-values'],
    ],
    ['IfExists', onlySub('StringEqualsIfExists'), ['high trust/if-exists']],
    [
      'ForAllValues and IfExists',
      onlySub('ForAllValues:StringEqualsIfExists'),
      ['high trust/for-all-values'],
    ],
    ['StringNotEquals alone', onlySub('StringNotEquals'), ['high trust/subject-negated']],
    [
      'StringNotLike alone',
      onlySub('StringNotLike', 'system:serviceaccount:kube-system:*'),
      ['high trust/subject-negated'],
    ],
    [
      'StringNotEquals beside a name',
      policy(
        allow({
          StringEquals: { [AUD]: STS, [SUB]: CHECKOUT },
          StringNotEquals: { [SUB]: REFUND },
        }),
      ),
      [],
    ],
    [
      'https:// in a key',
      policy(allow({ StringEquals: { [AUD]: STS, [`https://${SUB}`]: CHECKOUT } })),
      ['medium trust/key-scheme'],
    ],
    [
      'https:// in a negated key',
      policy(
        allow({ StringEquals: { [AUD]: STS }, StringNotEquals: { [`https://${SUB}`]: CHECKOUT } }),
      ),
      ['high trust/no-subject', 'medium trust/key-scheme'],
    ],
    [
      'the key of another issuer',
      policy(allow({ StringEquals: { [AUD]: STS, 'oidc.example.com/:sub': CHECKOUT } })),
      ['medium trust/key-unknown'],
    ],
    [
      'a claim that STS does not pass on',
      policy(allow({ StringEquals: { [AUD]: STS, [SUB]: CHECKOUT, [`${ISSUER}:groups`]: 'a' } })),
      ['medium trust/key-unknown'],
    ],
    [
      'a slash for a colon',
      policy(exact('system:serviceaccount:shop/checkout')),
      ['medium trust/subject-shape'],
    ],
    ['a subject of GitHub', policy(exact('repo:acme/shop:*')), ['medium trust/equals-wildcard']],
    ['a subject of GitLab', like('project_path:acme/*'), ['medium trust/subject-shape']],
    [
      'a subject of GitLab, at an issuer that may be one',
      like('project_path:acme/*'),
      ['info trust/subject-shape'],
      { clusters: new Set() },
    ],
    [
      'one of two subjects',
      policy(exact([CHECKOUT, 'shop/refund'])),
      ['medium trust/subject-shape'],
    ],
    [
      'an audience that the provider does not take',
      policy(exact(CHECKOUT, 'vault')),
      ['medium trust/audience-unknown'],
    ],
    [
      'sts:AssumeRole for a provider',
      policy({ ...exact(), Action: 'sts:AssumeRole' }),
      ['medium trust/action'],
    ],
    [
      'a provider that is gone',
      policy(allow(undefined)),
      ['medium trust/provider-gone'],
      { providers: new Map() },
    ],
    [
      'a provider of another account',
      policy(allow(undefined, { Principal: { Federated: arnOf(ISSUER, '999999999999') } })),
      ['medium trust/provider-elsewhere'],
    ],
    [
      'a provider of another partition',
      policy(allow(undefined, { Principal: { Federated: arnOf(ISSUER, ACCOUNT, 'aws-cn') } })),
      ['medium trust/provider-elsewhere'],
    ],
    [
      'a bucket that is gone',
      policy(exact()),
      ['high trust/issuer-bucket-gone'],
      {
        providers: new Map([
          [PROVIDER, facts({ issuer: { kind: 'bucket-gone', bucket: 'acme-oidc' } })],
        ]),
      },
    ],
    [
      'a bucket that nobody else can have',
      policy(exact()),
      ['medium trust/issuer-bucket-gone'],
      {
        providers: new Map([
          [
            PROVIDER,
            facts({
              issuer: { kind: 'bucket-gone', bucket: 'irsa-a-111122223333-us-gov-west-1-an' },
            }),
          ],
        ]),
      },
    ],
    [
      'a host name that is gone',
      policy(exact()),
      ['medium trust/issuer-unresolved'],
      { providers: new Map([[PROVIDER, facts({ issuer: { kind: 'unresolved', host: ISSUER } })]]) },
    ],
    ['everybody', policy(allow(undefined, { Principal: '*' })), ['high trust/everybody']],
    [
      'everybody, by type',
      policy(allow(undefined, { Principal: { Federated: '*' } })),
      ['high trust/everybody'],
    ],
    [
      'everybody whose token is ours',
      policy({ ...exact(), Principal: '*' }),
      ['high trust/everybody'],
    ],
    [
      'everybody of any account',
      policy(exact(), { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
      ['high trust/everybody'],
    ],
    [
      'NotPrincipal',
      policy({
        Effect: 'Allow',
        NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [SUB]: CHECKOUT, [AUD]: STS } },
      }),
      ['high trust/not-principal'],
    ],
    [
      'a service account that is gone',
      policy(exact([CHECKOUT, REFUND])),
      ['medium trust/service-account-gone'],
      { cluster: cluster({ [CHECKOUT]: undefined }) },
    ],
    [
      'one that is still to come, of irsa',
      policy(exact()),
      ['info trust/service-account-gone'],
      { cluster: cluster({}) },
      { tags: { 'managed-by': 'irsa' } },
    ],
    [
      'an administrator behind a wildcard',
      like('system:serviceaccount:shop:check*'),
      ['high trust/power-wildcard', 'low trust/subject-wildcard'],
      {},
      { attached: [ADMIN] },
    ],
    [
      'an administrator behind nothing',
      policy(allow({ StringEquals: { [AUD]: STS } })),
      ['high trust/no-subject', 'high trust/power-wildcard'],
      {},
      { attached: [ADMIN] },
    ],
    [
      'administrators that share',
      policy(exact([CHECKOUT, REFUND])),
      ['medium trust/power-shared'],
      {},
      { attached: [ADMIN] },
    ],
    [
      'administrators by two statements',
      policy(exact(), exact(REFUND)),
      ['medium trust/power-shared'],
      {},
      { inline: { all: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } } },
    ],
    [
      'two providers, one of them gone',
      policy(
        allow({ StringEquals: { [AUD]: STS, [SUB]: CHECKOUT } }),
        allow(undefined, { Principal: { Federated: arnOf('gone.example.com') } }),
      ),
      ['medium trust/provider-gone'],
    ],
  ])(
    '%s',
    (_: string, trust: unknown, expected: unknown, on?: Partial<Ground>, about?: Partial<Role>) => {
      expect(found(trust, on, about)).toEqual(expected)
    },
  )
})

const SECOND = 'second.example.com'
const TWO: Partial<Ground> = {
  scope: { issuers: undefined, known: [ISSUER, SECOND] },
  providers: new Map([ISSUER, SECOND].map((issuer) => [arnOf(issuer), facts()])),
  clusters: new Set([ISSUER, SECOND]),
}

/** One statement for two clusters. */
const ofTwo = (conditions: object) =>
  allow(conditions, { Principal: { Federated: [PROVIDER, arnOf(SECOND)] } })

const ofEach = (sub: string) =>
  Object.fromEntries(
    [ISSUER, SECOND].flatMap((issuer) => [
      [`${issuer}:sub`, sub],
      [`${issuer}:aud`, STS],
    ]),
  )

describe('what --fix makes of it', () => {
  test.each<[string, unknown, unknown, Partial<Ground>?]>([
    [
      'the audiences of the provider',
      policy(allow({ StringEquals: { [SUB]: CHECKOUT } })),
      [allow({ StringEquals: { [SUB]: CHECKOUT, [AUD]: STS } })],
    ],
    [
      'all of them',
      policy(allow({ StringLike: { [SUB]: CHECKOUT } })),
      [allow({ StringLike: { [SUB]: CHECKOUT }, StringEquals: { [AUD]: [STS, 'vault'] } })],
      { providers: new Map([[PROVIDER, facts({ audiences: [STS, 'vault'] })]]) },
    ],
    [
      'in the spelling that is there',
      policy(allow({ stringEquals: { [SUB]: CHECKOUT } })),
      [allow({ stringEquals: { [SUB]: CHECKOUT, [AUD]: STS } })],
    ],
    [
      'ForAllValues taken off',
      onlySub('ForAllValues:StringLike'),
      [allow({ StringEquals: { [AUD]: STS }, StringLike: { [SUB]: CHECKOUT } })],
    ],
    [
      'ForAllValues taken off, beside other keys',
      policy(
        allow({ 'ForAllValues:StringEquals': { [AUD]: STS, [SUB]: CHECKOUT, 'aws:TagKeys': 'a' } }),
      ),
      [
        allow({
          'ForAllValues:StringEquals': { 'aws:TagKeys': 'a' },
          StringEquals: { [SUB]: CHECKOUT, [AUD]: STS },
        }),
      ],
    ],
    [
      'IfExists taken off',
      onlySub('StringEqualsIfExists'),
      [allow({ StringEquals: { [AUD]: STS, [SUB]: CHECKOUT } })],
    ],
    [
      'the statement of a gone provider',
      policy(exact(), allow(undefined, { Principal: { Federated: arnOf('gone.example.com') } })),
      [exact()],
    ],
    [
      'the last statement',
      policy(allow(undefined)),
      [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
      { providers: new Map() },
    ],
    [
      'one gone provider of two',
      policy({ ...exact(), Principal: { Federated: [PROVIDER, arnOf('gone.example.com')] } }),
      [exact()],
    ],
    ['the provider for everybody', policy({ ...exact(), Principal: '*' }), [exact()]],
    [
      'the provider for NotPrincipal',
      policy({
        Effect: 'Allow',
        NotPrincipal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [SUB]: CHECKOUT, [AUD]: STS } },
      }),
      [allow({ StringEquals: { [SUB]: CHECKOUT, [AUD]: STS } })],
    ],
    [
      'subjects that are gone',
      policy(exact([CHECKOUT, REFUND])),
      [exact()],
      { cluster: cluster({ [CHECKOUT]: undefined }) },
    ],
    [
      'several at once',
      policy(allow({ 'ForAllValues:StringLike': { [SUB]: [CHECKOUT, REFUND] } })),
      [allow({ StringLike: { [SUB]: CHECKOUT }, StringEquals: { [AUD]: STS } })],
      { cluster: cluster({ [CHECKOUT]: ROLE }) },
    ],
    [
      'a subject that is gone beside a wildcard',
      like([REFUND, 'system:serviceaccount:shop:c*']),
      [
        allow({
          StringEquals: { [AUD]: STS },
          StringLike: { [SUB]: 'system:serviceaccount:shop:c*' },
        }),
      ],
      { cluster: cluster({ [CHECKOUT]: ROLE }) },
    ],
    [
      'a subject that is gone, in any case',
      policy(
        allow({
          StringEqualsIgnoreCase: { [SUB]: [CHECKOUT, REFUND.toUpperCase()] },
          StringEquals: { [AUD]: STS },
        }),
      ),
      [allow({ StringEqualsIgnoreCase: { [SUB]: CHECKOUT }, StringEquals: { [AUD]: STS } })],
      { cluster: cluster({ [CHECKOUT]: ROLE }) },
    ],
    [
      'two tests of whole values that name the same one',
      policy(
        allow({
          StringEquals: { [AUD]: STS },
          'ForAllValues:StringEquals': { [SUB]: [CHECKOUT, REFUND] },
          StringEqualsIfExists: { [SUB]: [CHECKOUT] },
        }),
      ),
      [exact()],
    ],
  ])('%s', (_: string, trust: unknown, statements: unknown, on?: Partial<Ground>) => {
    expect(mendedStatements(trust, on)).toEqual(statements)
  })

  test.each<[string, unknown, Partial<Ground>?, Partial<Role>?]>([
    ['nothing for healthy trust', policy(exact())],
    ['nothing that is not known', policy(allow({ StringEquals: { [AUD]: STS } }))],
    [
      'no audience where those of the provider are not known',
      policy(allow({ StringEquals: { [SUB]: CHECKOUT } })),
      { providers: undefined },
    ],
    [
      'no audience that would shut another provider out',
      policy(
        allow(
          { StringEquals: { [SUB]: CHECKOUT } },
          { Principal: { Federated: PROVIDER, AWS: `arn:aws:iam::${ACCOUNT}:root` } },
        ),
      ),
    ],
    ['no widening for StringEquals with *', policy(exact('system:serviceaccount:shop:*'))],
    [
      'no widening for https:// in a key',
      policy(allow({ StringEquals: { [`https://${AUD}`]: STS, [`https://${SUB}`]: CHECKOUT } })),
    ],
    [
      'no widening for a provider of another account',
      policy(allow(undefined, { Principal: { Federated: arnOf(ISSUER, '999999999999') } })),
    ],
    [
      'nothing for a provider that is spelt differently',
      policy(allow(undefined, { Principal: { Federated: `${PROVIDER}/` } })),
    ],
    [
      'no provider for NotPrincipal that leaves it out',
      policy({
        Effect: 'Allow',
        NotPrincipal: { Federated: PROVIDER },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { [SUB]: CHECKOUT, [AUD]: STS } },
      }),
    ],
    ['no provider for every AWS account', policy({ ...exact(), Principal: { AWS: '*' } })],
    [
      'nobody by annotations, which whoever gets in can make',
      like('system:serviceaccount:*:*'),
      { cluster: cluster({ 'system:serviceaccount:dev:evil': ROLE }) },
    ],
    [
      'not the last subject',
      policy(exact(), exact(REFUND)),
      { cluster: cluster({ [CHECKOUT]: ROLE }) },
    ],
    [
      'no statement of two clusters, by IfExists',
      policy(ofTwo({ StringEqualsIfExists: ofEach(CHECKOUT) })),
      TWO,
    ],
    [
      'no statement of two clusters, by ForAllValues',
      policy(ofTwo({ 'ForAllValues:StringEquals': ofEach(CHECKOUT) })),
      TWO,
    ],
    [
      'no statement of two clusters, whose service account is gone in one of them',
      policy(ofTwo({ StringEqualsIfExists: ofEach(CHECKOUT) })),
      { ...TWO, cluster: cluster({ [REFUND]: undefined }) },
    ],
    [
      'no subject that another provider would have to have',
      policy(ofTwo({ StringLikeIfExists: ofEach('system:serviceaccount:shop:*') })),
      { ...TWO, cluster: cluster({ [CHECKOUT]: ROLE }) },
    ],
    [
      'nothing that would shut an account out',
      policy(
        allow(
          { StringEqualsIfExists: { [SUB]: CHECKOUT, [AUD]: STS } },
          {
            Principal: { Federated: PROVIDER, AWS: `arn:aws:iam::${ACCOUNT}:root` },
            Action: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'],
          },
        ),
      ),
    ],
    [
      'no provider for everybody, where others may be meant',
      policy({
        Effect: 'Allow',
        Principal: '*',
        Action: 'sts:*',
        Condition: {
          StringEqualsIfExists: { [SUB]: CHECKOUT, [AUD]: STS, 'aws:PrincipalOrgID': 'o-1' },
        },
      }),
    ],
    [
      'no provider that a principal of everybody does not name',
      policy({ ...exact(), Principal: '*' }),
      { scope: { issuers: [ISSUER], known: [] }, providers: new Map() },
    ],
    [
      'no two patterns in the place of one',
      policy(
        allow({
          StringEquals: { [AUD]: STS },
          'ForAllValues:StringLike': { [SUB]: 'system:serviceaccount:shop:*' },
          StringLikeIfExists: { [SUB]: 'system:serviceaccount:shop:checkout*' },
        }),
      ),
    ],
    [
      'no two tests that nobody meets',
      policy(
        allow({
          StringEquals: { [AUD]: STS },
          'ForAllValues:StringEquals': { [SUB]: CHECKOUT },
          StringEqualsIfExists: { [SUB]: REFUND },
        }),
      ),
    ],
    [
      'nothing that irsa was asked for',
      like('system:serviceaccount:shop:*'),
      { cluster: cluster({ [CHECKOUT]: ROLE }) },
      { tags: { 'managed-by': 'irsa' } },
    ],
  ])('%s', (_: string, trust: unknown, on?: Partial<Ground>, about?: Partial<Role>) => {
    expect(mendedStatements(trust, on, about)).toBeUndefined()
    const { findings } = judge(role(trust, about), ground(on))
    expect(findings.filter(({ automatic }) => automatic)).toEqual([])
  })

  test('a policy whose statement stands without a list keeps that form', () => {
    const trust = { Version: '2012-10-17', Statement: allow({ StringEquals: { [SUB]: CHECKOUT } }) }
    expect(judge(role(trust), ground()).mended).toEqual({
      Version: '2012-10-17',
      Statement: allow({ StringEquals: { [SUB]: CHECKOUT, [AUD]: STS } }),
    })
  })

  test('once fixed, nothing is left that could be fixed', () => {
    const trust = policy(allow({ 'ForAllValues:StringLike': { [SUB]: [CHECKOUT, REFUND] } }))
    const on = ground({ cluster: cluster({ [CHECKOUT]: ROLE }) })
    const again = judge(role(judge(role(trust), on).mended), on)
    expect(again.findings).toEqual([])
    expect(again.mended).toBeUndefined()
  })
})

describe('what is advised instead', () => {
  const advice = (trust: unknown, on: Partial<Ground> = {}) =>
    judge(role(trust), ground(on)).findings.find(({ advised }) => advised !== undefined)
  test.each<[string, unknown, unknown, Partial<Ground>?]>([
    [
      'whom the cluster annotates, for everybody',
      policy(allow({ StringEquals: { [AUD]: STS } })),
      [exact([CHECKOUT, REFUND])],
      {
        cluster: cluster({
          [REFUND]: ROLE,
          [CHECKOUT]: ROLE,
          'system:serviceaccount:shop:other': undefined,
        }),
      },
    ],
    [
      'whom the cluster annotates, for a wildcard',
      like(['system:serviceaccount:shop:*']),
      [allow({ StringEquals: { [AUD]: STS, [SUB]: CHECKOUT } })],
      { cluster: cluster({ [CHECKOUT]: ROLE, 'system:serviceaccount:infra:a': ROLE }) },
    ],
    [
      'a wildcard beside a name',
      like([REFUND, 'system:serviceaccount:shop:c*']),
      [allow({ StringEquals: { [AUD]: STS, [SUB]: [CHECKOUT, REFUND] } })],
      { cluster: cluster({ [CHECKOUT]: ROLE, [REFUND]: undefined }) },
    ],
    [
      'a wildcard beside a name that is gone',
      like([REFUND, 'system:serviceaccount:shop:c*']),
      [allow({ StringEquals: { [AUD]: STS, [SUB]: CHECKOUT } })],
      { cluster: cluster({ [CHECKOUT]: ROLE }) },
    ],
    [
      'the last subject',
      policy(exact(), exact(REFUND)),
      [exact()],
      { cluster: cluster({ [CHECKOUT]: undefined }) },
    ],
    [
      'nobody, where the only subject is gone',
      policy(exact()),
      [{ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
      { cluster: cluster({ [REFUND]: undefined }) },
    ],
    [
      'StringLike',
      onlySub('StringEqualsIgnoreCase', 'system:serviceaccount:shop:*'),
      [
        allow({
          StringEquals: { [AUD]: STS },
          StringLike: { [SUB]: 'system:serviceaccount:shop:*' },
        }),
      ],
    ],
    [
      'the key without its scheme',
      policy(allow({ StringEquals: { [AUD]: STS, [`https://${SUB}`]: CHECKOUT } })),
      [exact()],
    ],
    [
      'the key of the issuer',
      policy(allow({ StringEquals: { [AUD]: STS, 'oidc.example.com/:sub': CHECKOUT } })),
      [exact()],
    ],
    ['the subject in its shape', policy(exact('shop/checkout')), [exact()]],
    ['the action for tokens', policy({ ...exact(), Action: ['sts:AssumeRole'] }), [exact()]],
    [
      'the provider of this account',
      policy({ ...exact(), Principal: { Federated: arnOf(ISSUER, '999999999999') } }),
      [exact()],
    ],
    [
      'the provider in its spelling',
      policy({ ...exact(), Principal: { Federated: `${PROVIDER}/` } }),
      [exact()],
    ],
  ])('%s', (_: string, trust: unknown, statements: unknown, on?: Partial<Ground>) => {
    expect(advice(trust, on)).toMatchObject({
      advised: { Statement: statements },
      automatic: false,
    })
  })
})

describe('permissions', () => {
  const doc = (Action: unknown, Resource: unknown = '*', more: Statement = {}) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource, ...more }],
  })
  const OWN = `arn:aws:iam::${ACCOUNT}:policy/Own`
  const powerful = (about: Partial<Role>, documents: Ground['documents'] = () => undefined) =>
    found(policy(exact([CHECKOUT, REFUND])), { documents }, about).includes(
      'medium trust/power-shared',
    )
  test.each<[string, boolean, Partial<Role>, unknown?]>([
    ['AdministratorAccess', true, { attached: [ADMIN] }],
    [
      'PowerUserAccess of another partition',
      true,
      { attached: ['arn:aws-cn:iam::aws:policy/PowerUserAccess'] },
    ],
    ['IAMFullAccess', true, { attached: ['arn:aws:iam::aws:policy/IAMFullAccess'] }],
    ['AmazonS3FullAccess', false, { attached: ['arn:aws:iam::aws:policy/AmazonS3FullAccess'] }],
    [
      'a policy of that name by somebody else',
      false,
      { attached: [`arn:aws:iam::${ACCOUNT}:policy/AdministratorAccess`] },
    ],
    ['everything, inline', true, { inline: { a: doc('*') } }],
    ['iam:*', true, { inline: { a: doc(['s3:*', 'IAM:*']) } }],
    ['iam:* on roles', true, { inline: { a: doc('iam:*', `arn:aws:iam::${ACCOUNT}:role/*`) } }],
    ['iam:Put*', true, { inline: { a: doc('iam:Put*') } }],
    ['iam:Get*', false, { inline: { a: doc(['iam:Get*', 'iam:List*']) } }],
    ['sts:AssumeRole on everything', true, { inline: { a: doc('sts:AssumeRole') } }],
    [
      'sts:AssumeRole on one role',
      false,
      { inline: { a: doc('sts:AssumeRole', 'arn:aws:iam::999999999999:role/deploy') } },
    ],
    [
      'iam:PutRolePolicy below a path',
      false,
      { inline: { a: doc('iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/team/*`) } },
    ],
    [
      'iam:* under a condition',
      false,
      {
        inline: {
          a: doc('iam:*', '*', { Condition: { StringEquals: { 'iam:PermissionsBoundary': OWN } } }),
        },
      },
    ],
    [
      'all but IAM and more',
      true,
      { inline: { a: { Statement: { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' } } } },
    ],
    [
      'all but IAM and STS',
      false,
      {
        inline: {
          a: { Statement: { Effect: 'Allow', NotAction: ['iam:*', 'sts:*'], Resource: '*' } },
        },
      },
    ],
    [
      'a refusal of everything',
      false,
      { inline: { a: { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } } } },
    ],
    ['a policy of the account', true, { attached: [OWN] }, doc('*')],
    ['a harmless policy of the account', false, { attached: [OWN] }, doc('s3:*')],
    ['a policy that is not known', false, { attached: [OWN] }],
    [
      'everything within a harmless boundary',
      false,
      { attached: [ADMIN], boundary: OWN },
      doc('s3:*'),
    ],
    [
      'everything within a boundary of everything',
      true,
      { attached: [ADMIN], boundary: OWN },
      doc('*'),
    ],
  ])('%s: %s', (_: string, expected: boolean, about: Partial<Role>, document?: unknown) => {
    expect(powerful(about, (arn) => (arn === OWN ? document : undefined))).toBe(expected)
  })
})

describe('which roles are ours to judge', () => {
  const federated = (issuer: string, Condition?: object) =>
    policy(allow(Condition, { Principal: { Federated: arnOf(issuer) } }))
  test.each<[string, boolean, unknown, (readonly string[])?]>([
    ['one of a provider of the account', true, policy(exact())],
    ['one of a provider that is gone', true, federated('gone.example.com')],
    ['GitHub Actions', false, federated('token.actions.githubusercontent.com')],
    [
      'GitHub Actions and ours',
      true,
      policy(
        allow(undefined, {
          Principal: { Federated: arnOf('token.actions.githubusercontent.com') },
        }),
        exact(),
      ),
    ],
    [
      'a machine',
      false,
      policy({
        Effect: 'Allow',
        Principal: { Service: 'ec2.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
    ],
    [
      'a login with Google',
      false,
      policy({
        Effect: 'Allow',
        Principal: { Federated: 'accounts.google.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
      }),
    ],
    [
      'SAML',
      false,
      policy({
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/a` },
        Action: 'sts:AssumeRoleWithSAML',
      }),
    ],
    ['a refusal', false, policy({ ...exact(), Effect: 'Deny' })],
    ['everybody by our condition', true, policy({ ...exact(), Principal: '*' })],
    [
      'everybody by the condition of GitHub',
      false,
      policy(
        allow(
          { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:acme/*' } },
          { Principal: '*' },
        ),
      ),
    ],
    ['everybody with a token', true, policy(allow(undefined, { Principal: { Federated: '*' } }))],
    [
      'everybody of an organization',
      false,
      policy({
        Effect: 'Allow',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
      }),
    ],
    ['another issuer than the one named', false, policy(exact()), ['other.example.com']],
    ['the issuer that is named', true, policy(exact()), [ISSUER]],
    ['a shared service that is named', true, federated('gitlab.com'), ['gitlab.com']],
    ['no policy', false, undefined],
  ])('%s: %s', (_: string, concerned: boolean, trust: unknown, issuers?: readonly string[]) => {
    const scope = { issuers, known: [ISSUER] }
    expect(isConcerned(trustStatementsOf(trust), scope)).toBe(concerned)
  })
})
