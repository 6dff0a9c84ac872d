import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Ended, workplace, type Workplace } from '../support/cli.ts'
import { changingNothing, expectRefusal, writes } from '../support/problems.ts'
import {
  allowing,
  CLAIMS,
  describedRole,
  ISSUER,
  placeWithProvider,
  PROVIDER,
  putPolicy,
  putRole,
  READ_S3,
  TRUST_BY_HAND,
  trusting,
} from '../support/roles.ts'
import { configText } from '../support/signers.ts'

const CHECKOUT = 'system:serviceaccount:shop:checkout'
const TAGS = { 'managed-by': 'irsa', 'irsa:issuer': CLAIMS }
const create = (...args: string[]) => ['create-role', '--issuer', ISSUER, ...args]

/** What changed, as the contract says it. */
const changed = (ended: Ended): string[] =>
  ended
    .json<{ changes: { action: string; resource: string; id: string }[] }>()
    .changes.map(({ action, resource, id }) => `${action} ${resource} ${id}`)

const noWrites = (place: Workplace, args: readonly string[]) =>
  changingNothing(place, () => place.run(args))

describe('create-role, with flags alone', () => {
  test('makes a role for one service account, and prints what the cluster needs', async () => {
    await using place = await placeWithProvider()
    const ended = await place.run(create('shop/checkout'))
    expect(ended.code).toBe(0)
    const roleArn = 'arn:aws:iam::111122223333:role/irsa/shop-checkout'
    expect(parse(ended.stdout)).toEqual({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: {
        name: 'checkout',
        namespace: 'shop',
        annotations: { 'eks.amazonaws.com/role-arn': roleArn },
      },
    })
    expect(ended.stderr).toContain(roleArn)
    expect(describedRole(place, 'shop-checkout')).toEqual({
      path: '/irsa/',
      trust: { Version: '2012-10-17', Statement: [trusting(CHECKOUT)] },
      boundary: undefined,
      tags: TAGS,
      attached: [],
      inline: {},
    })
  })

  test('keeps the contract of -o json', async () => {
    await using place = await placeWithProvider()
    const one = await place.run([...create('shop/checkout'), '-o', 'json'])
    expect(one.stderr).toBe('')
    expect(one.json()).toMatchObject({
      kind: 'Applied',
      issuer: ISSUER,
      region: 'eu-west-3',
      bucket: null,
      providerArn: PROVIDER,
      audiences: ['sts.amazonaws.com'],
      thumbprints: [],
      keys: [],
      changes: [{ action: 'create', resource: 'role', id: 'shop-checkout' }],
      roleArn: 'arn:aws:iam::111122223333:role/irsa/shop-checkout',
      trustPolicy: { Statement: [trusting(CHECKOUT)] },
      serviceAccount: { kind: 'ServiceAccount', metadata: { name: 'checkout' } },
    })
    expect(one.json()).not.toHaveProperty('serviceAccounts')
    const two = await place.run([
      ...create('shop/checkout', 'shop/refund', '--role-name', 'shop'),
      '-o',
      'json',
    ])
    const subjects = [CHECKOUT, 'system:serviceaccount:shop:refund']
    expect(two.json()).toMatchObject({
      trustPolicy: { Statement: [trusting(subjects)] },
      serviceAccount: { metadata: { name: 'checkout' } },
      serviceAccounts: [{ metadata: { name: 'checkout' } }, { metadata: { name: 'refund' } }],
    })
  })

  test('brings everything along, and writes nothing again', async () => {
    await using place = await placeWithProvider(['sts.amazonaws.com', 'vault'])
    await putPolicy(place, 's3.json')
    await putPolicy(place, 'queue.json', allowing(['sqs:SendMessage', 'sqs:GetQueueUrl']))
    const args = create(
      'shop/checkout',
      '--path',
      '/teams/shop/',
      '--policy-arn',
      READ_S3,
      '--policy-file',
      's3.json',
      '--policy-file',
      'queue.json',
      '--audience',
      'vault',
      '--permissions-boundary',
      'arn:aws:iam::aws:policy/PowerUserAccess',
    )
    const first = await place.run(args)
    expect(first.code).toBe(0)
    expect(parse(first.stdout).metadata.annotations).toEqual({
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::111122223333:role/teams/shop/shop-checkout',
      'eks.amazonaws.com/audience': 'vault',
    })
    expect(describedRole(place, 'shop-checkout')).toEqual({
      path: '/teams/shop/',
      trust: { Version: '2012-10-17', Statement: [trusting(CHECKOUT, 'vault')] },
      boundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
      tags: TAGS,
      attached: [READ_S3],
      inline: {
        'irsa-s3': allowing('s3:GetObject'),
        'irsa-queue': allowing(['sqs:SendMessage', 'sqs:GetQueueUrl']),
      },
    })
    const again = await noWrites(place, args)
    expect(again.stderr).toContain('nothing was written')
    expect(again.stdout).toBe(first.stdout)
  })

  test('takes the same policy in other words for the same', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 's3.json', allowing(['s3:PutObject', 's3:GetObject']))
    const args = create('shop/checkout', '--policy-file', 's3.json')
    await place.run(args)
    const role = place.aws.state.roles.get('shop-checkout')!
    const { Condition, Action, Principal } = trusting(CHECKOUT)
    role.trustPolicy = JSON.stringify({
      Statement: {
        Sid: 'Mine',
        Action: [Action.toUpperCase().replace('STS:', 'sts:')],
        Principal: { Federated: [Principal.Federated] },
        Condition: {
          stringEquals: {
            [`${CLAIMS}:SUB`]: [CHECKOUT],
            [`${CLAIMS}:aud`]: Condition.StringEquals[`${CLAIMS}:aud`],
          },
        },
        Effect: 'Allow',
      },
      Version: '2012-10-17',
    })
    role.inline.set(
      'irsa-s3',
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { Resource: ['*'], Action: ['s3:getobject', 's3:PutObject'], Effect: 'Allow' },
      }),
    )
    expect(await noWrites(place, args)).toMatchObject({ code: 0 })
  })

  test('mends what drifted, and only that', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 's3.json')
    const args = create('shop/checkout', '--policy-arn', READ_S3, '--policy-file', 's3.json')
    await place.run(args)
    const right = describedRole(place, 'shop-checkout')
    const role = place.aws.state.roles.get('shop-checkout')!
    role.trustPolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [trusting('system:serviceaccount:shop:thief')],
    })
    role.attached.clear()
    role.inline.set('irsa-s3', JSON.stringify(allowing('*')))
    role.inline.set('irsa-old', JSON.stringify(allowing('s3:*')))
    role.tags = []
    // Without its tags nobody could tell it from a role of somebody else.
    await expectRefusal(place, args, { code: 'role/foreign', exit: 2, says: ['--adopt'] })
    role.tags = [{ key: 'managed-by', value: 'irsa' }]
    const other = await place.run([...args, '--dry-run'])
    expect(other.code).toBe(2)
    const named = [...args, '--role-name', 'shop-checkout']
    await expectRefusal(place, named, { code: 'usage/yes-required', exit: 2, says: ['--yes'] })
    const ended = await place.run([...named, '--yes'])
    expect(ended.stderr).toContain('takes it away from shop/thief')
    expect(describedRole(place, 'shop-checkout')).toEqual(right)
  })

  test('keeps what others put there, and says how to take it away', async () => {
    await using place = await placeWithProvider()
    await place.run(create('shop/checkout', '--policy-arn', READ_S3))
    const role = place.aws.state.roles.get('shop-checkout')!
    role.inline.set('by-hand', JSON.stringify(allowing('s3:*')))
    role.boundary = 'arn:aws:iam::aws:policy/PowerUserAccess'
    const [byHand] = TRUST_BY_HAND.Statement
    role.trustPolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [byHand, ...JSON.parse(role.trustPolicy).Statement],
    })
    const before = describedRole(place, 'shop-checkout')
    const ended = await noWrites(place, create('shop/checkout'))
    expect(describedRole(place, 'shop-checkout')).toEqual(before)
    expect(ended.stderr).toContain(
      `aws iam detach-role-policy --role-name shop-checkout --policy-arn ${READ_S3}`,
    )
    expect(ended.stderr).toContain('--policy-name by-hand')
    expect(ended.stderr).toContain('keeps the permissions boundary')
    const more = await place.run([
      ...create('shop/checkout', 'shop/b', '--role-name', 'shop-checkout'),
    ])
    expect(more.code).toBe(0)
    const subjects = ['system:serviceaccount:shop:b', CHECKOUT]
    expect(describedRole(place, 'shop-checkout')?.trust.Statement).toEqual([
      byHand,
      trusting(subjects),
    ])
  })

  test('removes an inline policy of its own only when it is told which it is to have', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 'one.json')
    await putPolicy(place, 'two.json')
    await place.run(create('shop/checkout', '--policy-file', 'one.json'))
    await noWrites(place, create('shop/checkout'))
    const ended = await place.run(create('shop/checkout', '--policy-file', 'two.json'))
    expect(ended.stderr).toContain('removes the inline policy irsa-one')
    expect(Object.keys(describedRole(place, 'shop-checkout')!.inline)).toEqual(['irsa-two'])
  })

  test('says nothing of the inline policy that it wrote itself, and names an account once', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 's3.json')
    const args = create('shop/checkout', 'shop/checkout')
    expect(await place.run([...args, '--policy-file', 's3.json'])).toMatchObject({ code: 0 })
    const ended = await noWrites(place, args)
    expect(ended.stderr).not.toContain('delete-role-policy')
    expect(ended.stdout.match(/kind: ServiceAccount/g)).toHaveLength(1)
  })

  test('shows the plan with --dry-run, and changes nothing', async () => {
    await using place = await placeWithProvider()
    const ended = await noWrites(place, [...create('shop/checkout'), '--dry-run', '-o', 'json'])
    expect(ended.json()).toMatchObject({
      kind: 'Plan',
      changes: [{ action: 'create', resource: 'role', id: 'shop-checkout' }],
      trustPolicy: { Statement: [trusting(CHECKOUT)] },
    })
    const shown = await noWrites(place, [...create('shop/checkout'), '--dry-run'])
    expect(shown.stdout).toContain('+ role  shop-checkout  for shop/checkout')
  })
})

test('in another partition the ARNs are of that one, and the audience is the same', async () => {
  await using place = await workplace({ region: 'cn-north-1' })
  const thumbprint = ['--thumbprint', 'a'.repeat(40)]
  expect(await place.run(['create-provider', '--issuer', ISSUER, ...thumbprint])).toMatchObject({
    code: 0,
  })
  const policy = ['--policy-arn', 'arn:aws-cn:iam::aws:policy/AmazonS3ReadOnlyAccess']
  const ended = await place.run([...create('shop/checkout', ...policy), '-o', 'json'])
  expect(ended.json()).toMatchObject({
    roleArn: 'arn:aws-cn:iam::111122223333:role/irsa/shop-checkout',
    trustPolicy: {
      Statement: [
        {
          Principal: { Federated: `arn:aws-cn:iam::111122223333:oidc-provider/${CLAIMS}` },
          Condition: { StringEquals: { [`${CLAIMS}:aud`]: 'sts.amazonaws.com' } },
        },
      ],
    },
  })
})

describe('whose role it is', () => {
  test('a role of somebody else is adopted only when asked, and keeps what it has', async () => {
    await using place = await placeWithProvider()
    putRole(place, { name: 'app', path: '/team/', attached: new Set([READ_S3]) })
    const args = create('shop/checkout', '--role-name', 'app')
    await expectRefusal(place, args, { code: 'role/foreign', exit: 2, says: ['app', '--adopt'] })
    const ended = await place.run([...args, '--adopt', '-o', 'json'])
    expect(ended.json()).toMatchObject({
      roleArn: 'arn:aws:iam::111122223333:role/team/app',
      trustPolicy: { Statement: [...TRUST_BY_HAND.Statement, trusting(CHECKOUT)] },
      changes: [{ action: 'update', resource: 'role', id: 'app' }],
    })
    expect(describedRole(place, 'app')).toMatchObject({
      path: '/team/',
      tags: { 'managed-by': 'irsa', 'irsa:adopted': 'true' },
      attached: [READ_S3],
      trust: { Statement: [...TRUST_BY_HAND.Statement, trusting(CHECKOUT)] },
    })
    await noWrites(place, args)
  })

  test('a role of another issuer of irsa is shared, not taken over', async () => {
    await using place = await placeWithProvider()
    await writeFile(join(place.cwd, 'irsa.yaml'), configText())
    const tags = [
      { key: 'managed-by', value: 'irsa' },
      { key: 'irsa:name', value: 'green' },
    ]
    const inline = new Map([['irsa-s3', JSON.stringify(allowing('s3:*'))]])
    putRole(place, { name: 'app', tags, inline })
    await putPolicy(place, 'queue.json')
    const args = [
      'create-role',
      'shop/checkout',
      '--role-name',
      'app',
      '--policy-file',
      'queue.json',
    ]
    await expectRefusal(place, args, { code: 'role/foreign', exit: 2 })
    expect(await place.run([...args, '--adopt'])).toMatchObject({ code: 0 })
    const role = describedRole(place, 'app')
    expect(role?.tags).toEqual({
      'managed-by': 'irsa',
      'irsa:name': 'green',
      'irsa:inline:irsa-queue': CLAIMS,
    })
    expect(Object.keys(role?.inline ?? {})).toEqual(['irsa-s3', 'irsa-queue'])
  })

  test('two service accounts that come to one name do not take it from each other', async () => {
    await using place = await placeWithProvider()
    await place.run(create('shop/check-out'))
    await expectRefusal(place, create('shop-check/out'), {
      code: 'role/other-accounts',
      exit: 2,
      says: ['shop/check-out', '--role-name'],
    })
  })

  test('a role cannot move to another path', async () => {
    await using place = await placeWithProvider()
    await place.run(create('shop/checkout', '--path', '/team/'))
    const again = await noWrites(place, create('shop/checkout'))
    expect(again.stdout).toContain('role/team/shop-checkout')
    await expectRefusal(place, create('shop/checkout', '--path', '/irsa/'), {
      code: 'role/path-differs',
      exit: 2,
      says: ['/team/'],
    })
  })

  test('names over 64 characters end in a hash of the whole', async () => {
    await using place = await placeWithProvider()
    const long = 'checkout-'.repeat(8)
    for (const end of ['a', 'b'])
      expect((await place.run(create(`shop/${long}${end}`))).code).toBe(0)
    const names = [...place.aws.state.roles.values()].map(({ name }) => name)
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^shop-checkout-.{30,}-[0-9a-f]{10}$/)
    await noWrites(place, create(`shop/${long}a`))
  })
})

describe('wildcards', () => {
  test('only when allowed, with StringLike for the subject and StringEquals for the audience', async () => {
    await using place = await placeWithProvider()
    const args = create('apps/*', 'shop/checkout', '--role-name', 'apps')
    await expectRefusal(place, args, {
      code: 'role/wildcard',
      exit: 2,
      says: ['apps/*', '--allow-wildcard'],
    })
    const ended = await place.run([...args, '--allow-wildcard', '-o', 'json'])
    expect(ended.code).toBe(0)
    expect(describedRole(place, 'apps')?.trust.Statement).toEqual([
      trusting(CHECKOUT),
      {
        ...trusting(''),
        Condition: {
          StringEquals: { [`${CLAIMS}:aud`]: 'sts.amazonaws.com' },
          StringLike: { [`${CLAIMS}:sub`]: 'system:serviceaccount:apps:*' },
        },
      },
    ])
    expect(ended.json().serviceAccount).toMatchObject({ metadata: { name: 'checkout' } })
    await noWrites(place, [...args, '--allow-wildcard'])
  })

  test('a wildcard alone has no service account to print, and no name of its own', async () => {
    await using place = await placeWithProvider()
    const args = create('apps/*', '--allow-wildcard')
    await expectRefusal(place, args, { code: 'role/name-needed', exit: 2, says: ['--role-name'] })
    const ended = await place.run([...args, '--role-name', 'apps'])
    expect(ended).toMatchObject({ code: 0, stdout: '' })
    expect(ended.stderr).toContain(
      'eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/irsa/apps',
    )
    expect(ended.stderr).toContain('whoever may make one gets in')
    const json = await place.run([...args, '--role-name', 'apps', '-o', 'json'])
    expect(json.json().serviceAccount).toBeNull()
  })
})

test('what a role must have is said before anything is made', { timeout: 120_000 }, async () => {
  await using place = await placeWithProvider()
  const file = async (name: string, text: string) => writeFile(join(place.cwd, name), text)
  await file('broken.json', '{\n  "Version": "2012-10-17",\n  "Statement": [\n}\n')
  await file('empty.json', '')
  await file('list.json', '[]')
  await file('bare.json', '{"Version": "2012-10-17"}')
  await file('trust.json', JSON.stringify(TRUST_BY_HAND))
  await file('strange.json', JSON.stringify(allowing('s3:GetObject', 'arn:aws:s3:::é€/*')))
  await putPolicy(
    place,
    'large.json',
    allowing('s3:GetObject', `arn:aws:s3:::${'x'.repeat(10_240)}`),
  )
  await putPolicy(place, 's3.json')
  await file('s3', JSON.stringify(allowing('s3:GetObject')))
  const arn = (text: string) => ['--policy-arn', text]
  const policy = (name: string) => ['--policy-file', name]
  const cases: [string[], string, (string | RegExp)[]][] = [
    [['checkout'], 'service-account/invalid', ['NAMESPACE/NAME']],
    [['shop/Checkout'], 'service-account/invalid', []],
    [['shop/a', 'shop/b'], 'role/name-needed', ['shop/a, shop/b']],
    [['shop/a', '--role-name', 'a b'], 'role/name-invalid', []],
    [['shop/a', '--role-name', 'a'.repeat(65)], 'role/name-invalid', []],
    [['shop/a', '--path', 'irsa'], 'role/path-invalid', []],
    [['shop/a', ...arn('ReadOnlyAccess')], 'policy/arn-invalid', ['AmazonS3ReadOnlyAccess']],
    [
      ['shop/a', ...arn('arn:aws-cn:iam::aws:policy/X')],
      'policy/elsewhere',
      ['arn:aws:iam::aws:policy/X'],
    ],
    [
      ['shop/a', ...arn('arn:aws:iam::210987654321:policy/X')],
      'policy/elsewhere',
      ['111122223333'],
    ],
    [['shop/a', '--permissions-boundary', 'x'], 'policy/arn-invalid', []],
    [['shop/a', ...policy('absent.json')], 'files/missing', ['absent.json']],
    [['shop/a', ...policy('broken.json')], 'policy/malformed', [/broken\.json:4:1/]],
    [['shop/a', ...policy('empty.json')], 'policy/malformed', [/empty\.json/]],
    [['shop/a', ...policy('list.json')], 'policy/malformed', ['JSON object']],
    [['shop/a', ...policy('bare.json')], 'policy/malformed', ['no Statement']],
    [['shop/a', ...policy('trust.json')], 'policy/malformed', ['no Resource']],
    [['shop/a', ...policy('strange.json')], 'policy/malformed', [/strange\.json:1:\d+/, '€']],
    [['shop/a', ...policy('large.json')], 'policy/too-large', ['10,240']],
    [['shop/a', ...policy('s3.json'), ...policy('s3')], 'policy/files-alike', ['irsa-s3']],
    [
      ['shop/a', ...Array.from({ length: 21 }, (_, at) => arn(`${READ_S3}${at}`)).flat()],
      'policy/too-many',
      ['21'],
    ],
    [['shop/a', '--audience', 'vault'], 'role/audience-unknown', ['create-provider']],
  ]
  for (const [args, code, says] of cases) {
    await expectRefusal(place, create(...args), { code, exit: 2, says })
  }
  place.aws.state.providers.clear()
  await expectRefusal(place, create('shop/a'), {
    code: 'role/no-provider',
    exit: 1,
    says: [`irsa create-provider --issuer ${ISSUER}`],
  })
  await expectRefusal(place, ['create-role', 'shop/a'], { code: 'usage/flag-missing', exit: 2 })
})

describe('what IAM refuses', () => {
  test('a trust policy over its quota is explained, before and after', async () => {
    await using place = await placeWithProvider()
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => `shop/a-service-account-${at}`)
    const args = (count: number) => create('--role-name', 'many', ...many(count))
    const shown = await place.run([...args(50), '--dry-run'])
    expect(shown.stdout).toMatch(/its trust policy has 2\d{3} characters/)
    const says = ['2,048', 'L-C07B4B0D', '--allow-wildcard']
    await expectRefusal(place, args(50), { code: 'role/trust-too-long', exit: 2, says })
    await expectRefusal(place, args(100), { code: 'role/trust-too-long', exit: 2, says })
  })

  test('a policy that does not exist is named, and mending it goes on', async () => {
    await using place = await placeWithProvider()
    const missing = 'arn:aws:iam::111122223333:policy/Orders'
    const args = create('shop/checkout', '--policy-arn', missing)
    const ended = await place.run([...args, '-o', 'json'])
    expect(ended.problem()).toMatchObject({ code: 'policy/missing', exit: 2 })
    expect(ended.problem().why).toContain(missing)
    place.aws.state.managedPolicies.set(missing, allowing('s3:*') as never)
    const again = await place.run([...args, '-o', 'json'])
    expect(changed(again)).toEqual(['update role shop-checkout'])
    expect(describedRole(place, 'shop-checkout')?.attached).toEqual([missing])
  })

  test.each([
    [
      'UnmodifiableEntity',
      400,
      'role/protected',
      "Cannot perform the operation on the protected role 'x'",
    ],
    ['MalformedPolicyDocument', 400, 'role/document-refused', 'Syntax errors in policy.'],
    ['LimitExceeded', 409, 'role/limit', 'Cannot exceed quota for RolesPerAccount: 1000'],
  ])('%s is said in words', async (code, status, problem, message) => {
    await using place = await placeWithProvider()
    place.aws.intercept(({ operation }) =>
      operation === 'CreateRole' ? { kind: 'error', status, code, message } : undefined,
    )
    const ended = await place.run([...create('shop/checkout'), '-o', 'json'])
    expect(ended.problem().code).toBe(problem)
    expect(ended.problem().why).toContain(message)
  })

  test('two that make the same role at once both end well', async () => {
    await using place = await placeWithProvider()
    const args = create('shop/checkout', '--policy-arn', READ_S3)
    const both = await Promise.all([place.run(args), place.run(args)])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(describedRole(place, 'shop-checkout')?.attached).toEqual([READ_S3])
    expect(writes(place.aws.requests).filter((one) => one === 'CreateRole')).toHaveLength(1)
  })
})
