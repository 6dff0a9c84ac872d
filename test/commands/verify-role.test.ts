import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Workplace } from '../support/cli.ts'
import { standInKubectl } from '../support/kubectl.ts'
import {
  ACCOUNT_NAME,
  BY_HAND,
  type Statement,
  type TrustingRole,
  trustingRole,
  placeWithIssuer,
} from '../support/trusting-role.ts'
import { expectFault, recordFault, runPrinted, verify } from '../support/verified.ts'

/** One account with an issuer, in which every test puts the role as it needs it. */
let place: Workplace
let role: TrustingRole
const SIGNED = ['--sign', '--service-account', ACCOUNT_NAME]
const args = (): string[] => [...SIGNED, '--role-arn', role.arn]

beforeAll(async () => {
  place = await placeWithIssuer()
  role = trustingRole(place)
})

afterAll(() => place[Symbol.asyncDispose]())

const anew = (): TrustingRole => {
  place.aws.state.roles.clear()
  return (role = trustingRole(place))
}

/** Trust policies that keep the token out, each for a reason of its own. */
const KEPT_OUT: readonly (readonly [
  fault: string,
  finding: string,
  trust: (role: TrustingRole) => readonly Statement[],
])[] = [
  ['a trust policy for machines alone', 'trust-none', () => [BY_HAND]],
  [
    'the provider of another account',
    'trust-other-account',
    ({ provider, ...one }) => [
      one.with({ Principal: { Federated: provider.replace('111122223333', '444455556666') } }),
    ],
  ],
  [
    'the provider in another case',
    'trust-provider-spelling',
    ({ provider, ...one }) => [
      one.with({ Principal: { Federated: provider.replace('localhost', 'LocalHost') } }),
    ],
  ],
  [
    'the provider with a slash at its end',
    'trust-provider-spelling',
    ({ provider, ...one }) => [one.with({ Principal: { Federated: `${provider}/` } })],
  ],
  [
    'the provider of another issuer',
    'trust-other-provider',
    ({ provider, ...one }) => [
      one.with({ Principal: { Federated: provider.replace('-blue-', '-green-') } }),
    ],
  ],
  [
    'sts:AssumeRole instead of sts:AssumeRoleWithWebIdentity',
    'trust-action',
    (one) => [one.with({ Action: 'sts:AssumeRole' })],
  ],
  [
    'https:// in both condition keys',
    'trust-key-scheme',
    ({ claims, sub, aud, testing }) => [
      testing({ [`https://${claims}:aud`]: aud, [`https://${claims}:sub`]: sub }),
    ],
  ],
  [
    'a slash in a condition key',
    'trust-key-slash',
    ({ claims, sub, aud, testing }) => [
      testing({ [`${claims}/:aud`]: aud, [`${claims}/:sub`]: sub }),
    ],
  ],
  [
    'condition keys of another issuer',
    'trust-key-other-issuer',
    ({ sub, aud, testing }) => [
      testing({ 'oidc.example.com:aud': aud, 'oidc.example.com:sub': sub }),
    ],
  ],
  [
    'an external id, which no token brings',
    'trust-absent-key',
    ({ claims, sub, aud, testing }) => [
      testing({ [`${claims}:aud`]: aud, [`${claims}:sub`]: sub, 'sts:ExternalId': 'shop' }),
    ],
  ],
  [
    'StringEquals with a wildcard',
    'trust-equals-wildcard',
    ({ claims, aud, testing }) => [
      testing({ [`${claims}:aud`]: aud, [`${claims}:sub`]: 'system:serviceaccount:shop:*' }),
    ],
  ],
  [
    'another namespace',
    'trust-namespace',
    ({ claims, aud, testing }) => [
      testing({
        [`${claims}:aud`]: aud,
        [`${claims}:sub`]: 'system:serviceaccount:shop-eu:checkout',
      }),
    ],
  ],
  [
    'another name',
    'trust-name',
    ({ claims, aud, testing }) => [
      testing({
        [`${claims}:aud`]: aud,
        [`${claims}:sub`]: 'system:serviceaccount:shop:checkout-sa',
      }),
    ],
  ],
  [
    'another service account',
    'trust-subject',
    ({ claims, aud, testing }) => [
      testing({ [`${claims}:aud`]: aud, [`${claims}:sub`]: 'system:serviceaccount:pay:refund' }),
    ],
  ],
  [
    'upper case in the subject',
    'trust-subject-case',
    ({ claims, aud, testing }) => [
      testing({ [`${claims}:aud`]: aud, [`${claims}:sub`]: 'system:serviceaccount:shop:Checkout' }),
    ],
  ],
  [
    'a subject without its prefix',
    'trust-subject-form',
    ({ claims, aud, testing }) => [
      testing({ [`${claims}:aud`]: aud, [`${claims}:sub`]: 'shop:checkout' }),
    ],
  ],
  [
    'another audience',
    'trust-audience',
    ({ claims, sub, testing }) => [
      testing({ [`${claims}:aud`]: 'amazonaws.com', [`${claims}:sub`]: sub }),
    ],
  ],
]

describe('a trust policy that keeps the token out', () => {
  test.each(KEPT_OUT)(
    'with %s is named, and mended by the command',
    async (fault, finding, trust) => {
      anew()
      const broken = await expectFault(place, {
        fault: `a role with ${fault}`,
        link: 'role',
        finding: `role/${finding}`,
        args: args(),
        inject: () => role.trust(...trust(role)),
      })
      // STS says the same, and the link says why.
      expect(broken.link('sts')).toMatchObject({
        status: 'fail',
        findings: [{ id: 'sts/access-denied' }],
      })
      expect(broken.link('sts').why).toContain(`That is because the link role is broken`)
      expect(broken.link('sts').fix).toBe(broken.link('role').fix)
      expect((await verify(place, args())).ok).toBe(true)
    },
  )

  test.each<readonly [string, string, () => readonly Statement[]]>([
    [
      'a Deny for the token',
      'denied',
      () => [role.statement, role.with({ Effect: 'Deny', Sid: 'Freeze' })],
    ],
    [
      'the provider of another partition',
      'other-partition',
      () => [
        role.with({ Principal: { Federated: role.provider.replace('arn:aws:', 'arn:aws-cn:') } }),
      ],
    ],
    [
      'StringNotEquals in the place of StringEquals',
      'excluded',
      () => [
        role.with({
          Condition: {
            StringEquals: { [`${role.claims}:aud`]: role.aud },
            StringNotEquals: { [`${role.claims}:sub`]: role.sub },
          },
        }),
      ],
    ],
  ])('with %s is named, with the policy that mends it', async (fault, finding, trust) => {
    anew()
    const broken = await expectFault(place, {
      fault: `a role with ${fault}`,
      link: 'role',
      finding: `role/trust-${finding}`,
      args: args(),
      inject: () => role.trust(...trust()),
      byHand: 'the command is for aws-cli; the policy in it was put, and mends it',
    })
    await putPrinted(broken.link('role').fix)
    const mended = await verify(place, args())
    expect(mended.link('role')).toMatchObject({ status: 'pass', findings: [] })
    expect(mended.link('sts').status).toBe('pass')
  })
})

/** Does what the printed command of aws-cli does. */
async function putPrinted(fix: string): Promise<void> {
  const [, name, document] =
    /update-assume-role-policy --role-name (\S+) --policy-document '(.*)'/.exec(fix) ?? []
  const statements = (JSON.parse(document ?? '{}') as { Statement: object[] }).Statement
  expect(name).toBe('app')
  role.trust(...statements)
}

describe('a trust policy that lets in too many', () => {
  test('without sub is a broken link, though STS takes the token', async () => {
    anew()
    const { claims, aud } = role
    const broken = await expectFault(place, {
      fault: 'a trust policy without sub',
      link: 'role',
      finding: 'role/trust-no-subject',
      args: args(),
      inject: () => role.trust(role.testing({ [`${claims}:aud`]: aud })),
    })
    expect(broken.link('sts').status).toBe('pass')
    expect((await verify(place, args())).ok).toBe(true)
  })

  test('without aud is a warning, and mended by the command', async () => {
    anew()
    role.trust(role.testing({ [`${role.claims}:sub`]: role.sub }))
    const found = await verify(place, args())
    expect(found.ok).toBe(true)
    expect(found.link('role')).toMatchObject({
      status: 'warn',
      findings: [{ id: 'role/trust-no-audience', severity: 'medium' }],
    })
    expect(
      await runPrinted(place, found.link('role').findings[0]?.command ?? 'false'),
    ).toMatchObject({ code: 0 })
    expect((await verify(place, args())).link('role').status).toBe('pass')
    await recordFault({
      fault: 'a trust policy without aud',
      link: 'role',
      finding: 'role/trust-no-audience',
      mended: true,
    })
  })

  test('in a statement of others is mended by the policy that is printed', async () => {
    anew()
    const { claims, aud } = role
    const broken = await expectFault(place, {
      fault: 'a statement of others without sub',
      link: 'role',
      finding: 'role/trust-no-subject',
      args: args(),
      inject: () =>
        role.trust(
          role.statement,
          role.with({
            Condition: {
              StringEquals: { [`${claims}:aud`]: aud },
              Bool: { 'aws:SecureTransport': 'true' },
            },
          }),
        ),
      byHand: 'the command is for aws-cli; the policy in it was put, and mends it',
    })
    await putPrinted(broken.link('role').fix)
    expect((await verify(place, args())).link('role').status).toBe('pass')
  })
})

test('nobody who has the role loses it by the command', async () => {
  anew()
  const { claims, aud } = role
  const like = role.with({
    Condition: {
      StringEquals: { [`${claims}:aud`]: aud },
      StringLike: { [`${claims}:sub`]: 'system:serviceaccount:apps:*' },
    },
  })
  role.trust(
    BY_HAND,
    role.testing({
      [`${claims}:aud`]: aud,
      [`${claims}:sub`]: ['system:serviceaccount:pay:refund', 'system:serviceaccount:Shop:*'],
    }),
    like,
  )
  const broken = await verify(place, args())
  const [finding] = broken.link('role').findings
  expect(finding?.command).toContain(
    `irsa create-role shop/checkout pay/refund 'apps/*' --role-name app --adopt --allow-wildcard`,
  )
  expect(finding?.fix).toContain('pay/refund, apps/* keep it')
  expect(await runPrinted(place, finding?.command ?? 'false')).toMatchObject({ code: 0 })
  for (const account of ['shop/checkout', 'pay/refund', 'apps/any']) {
    const found = await verify(place, [
      '--sign',
      '--service-account',
      account,
      '--role-arn',
      role.arn,
    ])
    expect(found.ok).toBe(true)
  }
  expect(place.aws.state.roles.get('app')?.trustPolicy).toContain('ec2.amazonaws.com')
})

describe('a role that is not there', () => {
  test.each(['/', '/irsa/', '/teams/shop/'])('under %s is made by the command', async (path) => {
    anew()
    const arn = `arn:aws:iam::111122223333:role${path}app`
    await expectFault(place, {
      fault: `a role that is not there, under ${path}`,
      link: 'role',
      finding: 'role/missing',
      args: [...SIGNED, '--role-arn', arn],
      inject: () => place.aws.state.roles.clear(),
    })
  })

  test('as it was named, since its path differs, is shown with the difference marked', async () => {
    place.aws.state.roles.clear()
    role = trustingRole(place, { path: '/irsa/' })
    const wrong = role.arn.replace('/irsa/', '/')
    const broken = await verify(place, [...SIGNED, '--role-arn', wrong])
    const [finding] = broken.link('role').findings
    expect(broken.brokenLink).toBe('role')
    expect(finding?.id).toBe('role/arn-differs')
    expect(finding?.why).toMatch(/in IAM .*role\/irsa\/app\nas named .*role\/app\n +\^/)
    expect(broken.link('sts').findings[0]?.id).toBe('sts/access-denied')
    expect(await runPrinted(place, finding?.command ?? 'false')).toMatchObject({ code: 0 })
    await recordFault({
      fault: 'an ARN without the path of the role',
      link: 'role',
      finding: 'role/arn-differs',
      mended: true,
    })
  })

  test('in this partition', async () => {
    anew()
    const wrong = role.arn.replace('arn:aws:', 'arn:aws-cn:')
    const broken = await verify(place, [...SIGNED, '--role-arn', wrong])
    expect(broken.brokenLink).toBe('role')
    expect(broken.link('role').findings[0]?.id).toBe('role/other-partition')
    expect(broken.link('sts').findings[0]?.id).toBe('sts/role-arn')
    expect(
      await runPrinted(place, broken.link('role').findings[0]?.command ?? 'false'),
    ).toMatchObject({ code: 0 })
    await recordFault({
      fault: 'an ARN of another partition',
      link: 'role',
      finding: 'role/other-partition',
      mended: true,
    })
  })

  test('in the account of the provider', async () => {
    anew()
    const arn = role.arn.replace('111122223333', '444455556666')
    const broken = await verify(place, [...SIGNED, '--role-arn', arn])
    expect(broken.link('role')).toMatchObject({
      status: 'fail',
      findings: [{ id: 'role/other-account', severity: 'high' }],
    })
    expect(broken.link('sts').findings[0]?.id).toBe('sts/no-provider')
    await recordFault({
      fault: 'a role of another account than the provider',
      link: 'role',
      finding: 'role/other-account',
      mended: 'which account is meant is for a person to say',
    })
  })
})

describe('where irsa.yaml has the role', () => {
  const file = (): string => join(place.cwd, 'irsa.yaml')
  let before = ''
  beforeAll(async () => {
    before = await readFile(file(), 'utf8')
    await writeFile(
      file(),
      `${before}roles:\n  - serviceAccounts: [shop/checkout, shop/refund]\n    name: shop\n`,
    )
    place.aws.state.roles.clear()
    await place.run(['apply', '--yes'])
  })
  afterAll(() => writeFile(file(), before))

  test.each([
    ['is not there', 'role/missing', () => place.aws.state.roles.clear()],
    [
      'trusts another namespace',
      'role/trust-namespace',
      () => retrust((text) => text.replaceAll(':shop:', ':shop-eu:')),
    ],
    [
      'trusts every service account',
      'role/trust-no-subject',
      () => retrust((text) => text.replace(/,"[^"]*:sub":\[[^\]]*\]/, '')),
    ],
  ] as const)('and it %s, irsa apply mends it', async (fault, finding, inject) => {
    const broken = await expectFault(place, {
      fault: `the role of irsa.yaml ${fault}`,
      link: 'role',
      finding,
      args: ['--sign'],
      inject,
    })
    expect(broken.link('role').findings[0]?.command).toBe('irsa apply')
  })

  test('but not for the service account, it says where to put that', async () => {
    const found = await verify(place, [
      '--sign',
      '--service-account',
      'pay/refund',
      '--role-arn',
      'arn:aws:iam::111122223333:role/irsa/shop',
    ])
    expect(found.brokenLink).toBe('role')
    expect(found.link('role').fix).toBe(
      'Put pay/refund under the role shop in irsa.yaml, then run irsa apply.',
    )
  })

  test('each of its service accounts gets it', async () => {
    for (const account of ['shop/checkout', 'shop/refund']) {
      const found = await verify(place, ['--sign', '--service-account', account])
      expect(found.link('role')).toMatchObject({ status: 'pass', findings: [] })
      expect(found.link('sts').status).toBe('pass')
    }
  })
})

function retrust(change: (text: string) => string): void {
  const shop = place.aws.state.roles.get('shop')!
  const changed = change(shop.trustPolicy)
  expect(changed).not.toBe(shop.trustPolicy)
  shop.trustPolicy = changed
}

describe('with an annotated service account', () => {
  const annotated = async (roleArn: string) =>
    standInKubectl(place.cwd, {
      '-n shop get serviceaccount checkout --ignore-not-found -o json': {
        metadata: {
          name: 'checkout',
          namespace: 'shop',
          annotations: { 'eks.amazonaws.com/role-arn': roleArn },
        },
      },
    })
  const ASKED = ['--service-account', ACCOUNT_NAME]
  const ANNOTATE =
    'kubectl annotate serviceaccount checkout -n shop --overwrite eks.amazonaws.com/role-arn'

  test('the role is the one of the annotation', async () => {
    anew()
    const found = await verify(place, ASKED, await annotated(role.arn))
    expect(found.link('role')).toMatchObject({ status: 'pass', findings: [] })
    expect(found.link('role').summary).toContain('app lets in shop/checkout')
  })

  test.each([
    ['a name instead of an ARN', () => 'app', 'role/arn-invalid', false],
    [
      'an ARN with a path that the role has not',
      () => role.arn.replace('/app', '/irsa/app'),
      'role/arn-differs',
      true,
    ],
    [
      'an ARN of another partition',
      () => role.arn.replace('arn:aws:', 'arn:aws-us-gov:'),
      'role/other-partition',
      true,
    ],
  ])(
    '%s is named, with the annotation that it should have',
    async (fault, wrong, finding, known) => {
      anew()
      const found = await verify(place, ASKED, await annotated(wrong()))
      const [worst] = found.link('role').findings
      expect(worst?.id).toBe(finding)
      expect(worst?.command).toBe(known ? `${ANNOTATE}=${role.arn}` : undefined)
      await recordFault({
        fault: `annotated with ${fault}`,
        link: 'role',
        finding,
        mended: 'the command is for kubectl',
      })
    },
  )
})

describe('what is in order is not complained about', () => {
  const expectHealthy = async (...statements: readonly object[]): Promise<void> => {
    role.trust(...statements)
    const found = await verify(place, args())
    expect(found.ok).toBe(true)
    expect(found.link('role')).toMatchObject({ status: 'pass', findings: [] })
    expect(found.link('sts').status).toBe('pass')
  }

  test('several statements, for machines and other issuers', async () => {
    anew()
    const green = JSON.parse(
      JSON.stringify(role.statement).replaceAll('-blue-', '-green-'),
    ) as object
    await expectHealthy(BY_HAND, green, role.statement)
  })

  test('several providers and service accounts in one statement', async () => {
    anew()
    const { claims, aud, sub, provider } = role
    const tests = {
      [`${claims}:aud`]: [aud, 'amazonaws.com'],
      [`${claims}:sub`]: ['system:serviceaccount:a:b', sub],
    }
    await expectHealthy({
      ...role.testing(tests),
      Principal: {
        Federated: ['arn:aws:iam::111122223333:oidc-provider/oidc.example.com', provider],
      },
    })
  })

  test('StringLike without a wildcard, and with one', async () => {
    anew()
    const { claims, aud, sub } = role
    await expectHealthy(
      role.with({ Condition: { StringLike: { [`${claims}:aud`]: aud, [`${claims}:sub`]: sub } } }),
    )
    await expectHealthy(
      role.with({
        Condition: {
          StringEquals: { [`${claims}:aud`]: aud },
          StringLike: { [`${claims}:sub`]: 'system:serviceaccount:shop:*' },
        },
      }),
    )
  })

  test('set operators, and another case of keys and actions', async () => {
    anew()
    const { claims, aud, sub } = role
    await expectHealthy(
      role.with({
        Action: ['STS:AssumeRoleWithWebIdentity', 'sts:TagSession'],
        Condition: {
          'ForAnyValue:StringEquals': { [`${claims.toUpperCase()}:AUD`]: aud },
          StringEquals: { [`${claims}:sub`]: sub },
        },
      }),
    )
  })

  test('a condition that only the call decides is noted, and no more', async () => {
    anew()
    role.trust(
      role.with({
        Condition: {
          ...role.statement.Condition,
          DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' },
        },
      }),
    )
    const found = await verify(place, args())
    expect(found.ok).toBe(true)
    expect(found.link('role')).toMatchObject({
      status: 'pass',
      findings: [{ id: 'role/trust-unjudged', severity: 'info' }],
    })
  })

  test('a role with a path', async () => {
    place.aws.state.roles.clear()
    role = trustingRole(place, { path: '/teams/shop/' })
    await expectHealthy(role.statement)
  })

  test.each([
    ['another partition', { region: 'cn-north-1' }, []],
    ['the audience of kops', {}, ['--audience', 'amazonaws.com']],
  ])('%s', async (_, options, flags) => {
    await using elsewhere = await placeWithIssuer(options, flags)
    expect(await elsewhere.run(['create-role', ACCOUNT_NAME, '--yes'])).toMatchObject({ code: 0 })
    const [made] = elsewhere.aws.state.roles.values()
    const found = await verify(elsewhere, [...SIGNED, '--role-arn', made?.arn ?? ''])
    expect(found.ok).toBe(true)
    expect(found.link('role')).toMatchObject({ status: 'pass', findings: [] })
    expect(found.link('sts').status).toBe('pass')
  })
})

test('credentials that may not look at roles leave the link out, and STS proves it all the same', async () => {
  await using limited = await placeWithIssuer({
    credentials: [
      { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) },
      {
        accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
        secretAccessKey: 'y'.repeat(40),
        policy: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'iam:GetOpenIDConnectProvider', Resource: '*' }],
        },
      },
    ],
  })
  const { arn } = trustingRole(limited)
  const found = await verify(limited, [...SIGNED, '--role-arn', arn], {
    AWS_ACCESS_KEY_ID: 'AKIAI44QH8DHBEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'y'.repeat(40),
  })
  expect(found.link('role').status).toBe('skip')
  expect(found.link('role').fix).toContain('iam:GetRole')
  expect(found.link('sts').status).toBe('pass')
})

test('where nobody names a role, both links say what it takes', async () => {
  const found = await verify(place, ['--sign', '--service-account', ACCOUNT_NAME])
  expect(found.link('role').findings[0]?.command).toMatch(/^irsa create-role shop\/checkout /)
  expect(found.link('sts')).toMatchObject({ status: 'skip' })
  expect(found.link('sts').fix).toContain('--role-arn')
})
