import { describe, expect, test } from 'vitest'
import type { Config } from '../../src/core/config.ts'
import { parseIssuer } from '../../src/core/issuer.ts'
import { parseRoleArn } from '../../src/core/role-arn.ts'
import { audiencesToJudgeBy } from '../../src/core/verify/role-audience.ts'
import { arnDiffers, notAnArn, otherAccount } from '../../src/core/verify/role.ts'
import { makingRole, mendingTrust, type RoleBackground } from '../../src/core/verify/role-remedy.ts'
import { keptAccounts } from '../../src/core/verify/role-trust.ts'

const CLAIMS = 'oidc.example.com'
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${CLAIMS}`
const ABOUT: RoleBackground = {
  role: parseRoleArn('arn:aws:iam::111122223333:role/irsa/app'),
  mine: { providerArn: PROVIDER, issuer: parseIssuer(`https://${CLAIMS}`) },
  file: undefined,
  serviceAccount: { namespace: 'shop', name: 'checkout' },
  audience: 'sts.amazonaws.com',
  listed: ['sts.amazonaws.com'],
  options: '',
  apply: 'irsa apply',
  awsOptions: '',
}

const CONFIG: Config = {
  apiVersion: 'irsa/v1',
  name: 'blue',
  issuer: `https://${CLAIMS}`,
  region: 'eu-west-3',
  host: { type: 's3', bucket: 'blue' },
  audiences: ['sts.amazonaws.com', 'amazonaws.com'],
  keys: [],
  providers: [{ account: '111122223333', thumbprint: 'none' }],
}
const withRole = (entry: Partial<NonNullable<Config['roles']>[number]>) => ({
  shown: 'irsa.yaml',
  config: { ...CONFIG, roles: [{ name: 'app', serviceAccounts: ['shop/checkout'], ...entry }] },
})

const allow = (Condition?: object) => ({
  Effect: 'Allow',
  Principal: { Federated: PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(Condition === undefined ? {} : { Condition }),
})
const policy = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const sub = (value: string | readonly string[]) => ({ [`${CLAIMS}:sub`]: value })
const aud = (value: string | readonly string[]) => ({ [`${CLAIMS}:aud`]: value })

describe('a role that is not there', () => {
  test.each<readonly [string, Partial<RoleBackground>, string | undefined]>([
    ['is made', {}, `irsa create-role shop/checkout --role-name app --issuer https://${CLAIMS}`],
    [
      'is made where it was named',
      { role: parseRoleArn('arn:aws:iam::111122223333:role/a/b/app') },
      `irsa create-role shop/checkout --role-name app --path /a/b/ --issuer https://${CLAIMS}`,
    ],
    [
      'is made for the audience of the tokens',
      { audience: 'amazonaws.com', listed: ['amazonaws.com'] },
      `irsa create-role shop/checkout --role-name app --audience amazonaws.com --issuer https://${CLAIMS}`,
    ],
    [
      'is made with the options of this run',
      { options: ' --profile dev' },
      `irsa create-role shop/checkout --role-name app --issuer https://${CLAIMS} --profile dev`,
    ],
    [
      'is made beside irsa.yaml',
      { file: { shown: 'irsa.yaml', config: CONFIG } },
      'irsa create-role shop/checkout --role-name app',
    ],
    [
      'is made for nothing that the provider does not take',
      { audience: 'https://kubernetes.default.svc' },
      `irsa create-role shop/checkout --role-name app --issuer https://${CLAIMS}`,
    ],
    [
      'is made for what the provider takes, where nobody says',
      { audience: undefined, listed: ['amazonaws.com'] },
      `irsa create-role shop/checkout --role-name app --audience amazonaws.com --issuer https://${CLAIMS}`,
    ],
    ['is made as irsa.yaml has it', { file: withRole({}) }, 'irsa apply'],
    ['is for nobody known', { serviceAccount: undefined }, undefined],
  ])('%s', (_, about, command) => {
    expect(makingRole({ ...ABOUT, ...about }).command).toBe(command)
  })
})

test.each<readonly [string, Parameters<typeof audiencesToJudgeBy>[0], string[] | undefined]>([
  ['those of the token', known(['a'], ['b'], ['a', 'b']), ['a']],
  ['those of the token that the provider takes', known(['a', 'c'], ['b'], ['a', 'b']), ['a']],
  ['what is said, where the provider takes none of them', known(['c'], ['b'], ['a', 'b']), ['b']],
  ['what is said, where the token has none', known([], ['b'], ['b']), ['b']],
  ['what is said, where there is no token', known(undefined, ['b'], undefined), ['b']],
  ['nothing, where the provider takes neither', known(['c'], ['d'], ['a']), undefined],
  ['those of the token, where nobody knows the provider', known(['c'], ['b'], undefined), ['c']],
  [
    'what is said, where the token is for the API server',
    known(['https://kubernetes.default.svc'], ['b'], undefined),
    ['b'],
  ],
])('a trust policy is asked about %s', (_, about, audiences) => {
  expect(audiencesToJudgeBy(about)).toEqual(audiences)
})

function known(token: string[] | undefined, said: string[], listed: string[] | undefined) {
  const issuer = `https://${CLAIMS}`
  return { token: token && { issuer, audiences: token }, said, listed }
}

describe('a trust policy that does not let a token in', () => {
  const mended = (about: Partial<RoleBackground>, trust: unknown) =>
    mendingTrust({ ...ABOUT, ...about }, trust, { kind: 'let-in' })

  test.each<readonly [string, Partial<RoleBackground>, unknown, string | undefined]>([
    [
      'is set',
      {},
      policy(),
      `irsa create-role shop/checkout --role-name app --adopt --issuer https://${CLAIMS}`,
    ],
    [
      'is set for all who have it, and for their audiences as far as the provider takes them',
      { listed: ['sts.amazonaws.com', 'amazonaws.com'] },
      policy(
        allow({
          StringEquals: {
            ...aud(['amazonaws.com', 'gone']),
            ...sub('system:serviceaccount:pay:refund'),
          },
        }),
      ),
      `irsa create-role shop/checkout pay/refund --role-name app --adopt --audience sts.amazonaws.com --audience amazonaws.com --issuer https://${CLAIMS}`,
    ],
    [
      'keeps a wildcard that already covers the service account',
      {},
      policy(
        allow({
          StringEquals: aud('sts.amazonaws.com'),
          StringLike: sub('system:serviceaccount:shop:*'),
        }),
      ),
      `irsa create-role 'shop/*' --role-name app --adopt --allow-wildcard --issuer https://${CLAIMS}`,
    ],
    ['is set as irsa.yaml has it', { file: withRole({}) }, policy(), 'irsa apply'],
    [
      'is not in irsa.yaml like that',
      { file: withRole({ serviceAccounts: ['a/b'] }) },
      policy(),
      undefined,
    ],
    [
      'is for another audience in irsa.yaml',
      { file: withRole({ audience: 'amazonaws.com' }) },
      policy(),
      undefined,
    ],
    ['is for nobody known', { serviceAccount: undefined }, policy(), undefined],
  ])('%s', (_, about, trust, command) => {
    const remedy = mended(about, trust)
    expect(remedy.command).toBe(command)
    expect(remedy.fix).not.toBe('')
  })
})

test('what lets nobody in has nobody who could lose it', () => {
  const trust = policy(
    allow({
      StringEquals: sub(['system:serviceaccount:shop:*', 'system:serviceaccount:a:b', 'x']),
    }),
    allow({ StringLike: sub(['system:serviceaccount:*:*', 'system:serviceaccount:apps:web-?']) }),
    allow(),
    {
      ...allow({ StringEquals: sub('system:serviceaccount:c:d') }),
      Principal: { Federated: 'other' },
    },
  )
  expect(keptAccounts(trust, ABOUT.mine)).toEqual(['a/b', 'apps/web-?'])
})

describe('a statement of others', () => {
  const written = (trust: unknown, mend: Parameters<typeof mendingTrust>[2]) => {
    const { command = '' } = mendingTrust({ ...ABOUT, awsOptions: ' --profile dev' }, trust, mend)
    const [, document, rest] = /^aws iam .* --policy-document '(.*)'(.*)$/.exec(command) ?? []
    expect(rest).toBe(' --profile dev')
    return JSON.parse(document ?? '') as { Statement: readonly object[]; Version: string }
  }
  const theirs = { ...allow({ Bool: { 'aws:SecureTransport': 'true' } }), Sid: 'Theirs' }

  test('that lacks a test gets that one, and keeps its own', () => {
    expect(written(policy(theirs), { kind: 'bound', index: 0, claim: 'sub' }).Statement).toEqual([
      {
        ...theirs,
        Condition: {
          Bool: { 'aws:SecureTransport': 'true' },
          StringEquals: sub('system:serviceaccount:shop:checkout'),
        },
      },
    ])
  })

  test('that is in the way is left out, and something has to remain', () => {
    const deny = { ...theirs, Effect: 'Deny' }
    expect(written(policy(theirs, deny), { kind: 'drop', indexes: [1] }).Statement).toEqual([
      theirs,
    ])
    expect(written(policy(deny), { kind: 'drop', indexes: [0] }).Statement).toMatchObject([
      { Effect: 'Allow', Condition: { StringEquals: sub('system:serviceaccount:shop:checkout') } },
    ])
  })

  test('that is of no use is replaced', () => {
    const replaced = written(policy(allow(), theirs), { kind: 'replace', index: 1 })
    expect(replaced.Statement).toMatchObject([
      allow(),
      { Condition: { StringEquals: aud('sts.amazonaws.com') } },
    ])
  })
})

describe('the name of a role', () => {
  const place = {
    from: 'the annotation of shop/checkout',
    renaming: () => ({ fix: 'Correct it.' }),
  }

  test('that is no ARN is shown as it is', () => {
    expect(notAnArn('app', place).summary).toContain('"app"')
  })

  test('differs from that in IAM by a path, which is marked', () => {
    const finding = arnDiffers('arn:aws:iam::111122223333:role/app', ABOUT.role, place)
    expect(finding.why).toMatch(/in IAM .*role\/app\nas named .*role\/irsa\/app\n +\^+$/)
  })

  test.each([
    ['assumed', 'info'],
    ['refused', 'high'],
    ['unknown', 'medium'],
  ] as const)('of another account is as bad as what STS said: %s', (proof, severity) => {
    expect(otherAccount(ABOUT.role, '444455556666', proof).severity).toBe(severity)
  })
})
