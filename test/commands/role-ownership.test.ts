import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Workplace } from '../support/cli.ts'
import { changingNothing, expectRefusal, writes } from '../support/problems.ts'
import {
  allowing,
  describedRole,
  ISSUER,
  placeWithProvider,
  PROVIDER,
  putPolicy,
  putProvider,
  putRole,
  READ_S3,
  TRUST_BY_HAND,
  trusting,
  trustOf,
} from '../support/roles.ts'
import { configText } from '../support/signers.ts'

const CHECKOUT = 'system:serviceaccount:shop:checkout'
const REFUND = 'system:serviceaccount:shop:refund'
const GREEN = 'https://green.example.com'
const FROM = ['--issuer', ISSUER]
const FROM_GREEN = ['--issuer', GREEN]
const MADE = [{ key: 'managed-by', value: 'irsa' }]
const [EC2] = TRUST_BY_HAND.Statement as [object]
const GREENS = trusting(CHECKOUT, 'sts.amazonaws.com', GREEN)

/** A place with two issuers, as two clusters of one account have them. */
async function twoIssuers(): Promise<Workplace> {
  const place = await placeWithProvider()
  putProvider(place, ['sts.amazonaws.com'], GREEN)
  return place
}

const idle = (place: Workplace, args: readonly string[]) =>
  changingNothing(place, () => place.run(args))

const statements = (place: Workplace, name: string) => describedRole(place, name)?.trust.Statement

/** Something that somebody else does to the account just before a call is carried out. */
function before({ aws }: Workplace, operation: string, happens: () => void): void {
  let done = false
  aws.intercept((call) => {
    if (call.operation === operation && !done) {
      done = true
      happens()
    }
    return undefined
  })
}

describe('two clusters, both by flags', () => {
  test('neither gets the role of the other without asking, or takes it away', async () => {
    await using place = await twoIssuers()
    expect(await place.run(['create-role', 'shop/checkout', ...FROM])).toMatchObject({ code: 0 })
    const args = ['create-role', 'shop/checkout', ...FROM_GREEN]
    await expectRefusal(place, args, {
      code: 'role/foreign',
      exit: 2,
      says: ['oidc.example.com', '--adopt'],
    })
    const gone = await idle(place, ['delete-role', 'shop/checkout', ...FROM_GREEN, '--yes'])
    expect(gone.stdout).toContain('kept     role  shop-checkout')
  })

  test('one that shares it takes only itself out again, and so does the one that made it', async () => {
    await using place = await twoIssuers()
    await place.run(['create-role', 'shop/checkout', ...FROM])
    await putPolicy(place, 'queue.json')
    const share = ['create-role', 'shop/checkout', ...FROM_GREEN, '--adopt']
    expect(await place.run([...share, '--policy-file', 'queue.json'])).toMatchObject({ code: 0 })
    expect(statements(place, 'shop-checkout')).toEqual([trusting(CHECKOUT), GREENS])
    const both = describedRole(place, 'shop-checkout')

    const maker = ['delete-role', 'shop/checkout', ...FROM]
    const shown = await idle(place, [...maker, '--dry-run'])
    expect(shown.stdout).toContain('also trusts arn:aws:iam::111122223333:oidc-provider/green')
    expect(await place.run([...maker, '--yes'])).toMatchObject({ code: 0 })
    expect(describedRole(place, 'shop-checkout')).toMatchObject({
      trust: { Statement: [GREENS] },
      tags: { 'irsa:inline:irsa-queue': 'green.example.com' },
      inline: both?.inline,
    })
    await idle(place, [...maker, '--yes'])

    await place.run(['delete-role', 'shop/checkout', ...FROM_GREEN, '--yes'])
    expect(describedRole(place, 'shop-checkout')).toMatchObject({ tags: {}, inline: {} })
  })

  test('a role that never trusted the issuer stays, whoever of irsa made it', async () => {
    await using place = await twoIssuers()
    const tags = [...MADE, { key: 'irsa:name', value: 'green' }]
    putRole(place, { name: 'shared', tags, trustPolicy: trustOf(GREENS) })
    const gone = await idle(place, ['delete-role', '--role-name', 'shared', ...FROM, '--yes'])
    expect(gone.stdout).toContain('kept     role  shared')
  })

  test('an irsa.yaml does not take over what flags made for another issuer', async () => {
    await using place = await twoIssuers()
    await place.run(['create-role', 'shop/checkout', ...FROM_GREEN, '--role-name', 'app'])
    const roles = [{ name: 'app', serviceAccounts: ['shop/checkout'] }]
    await writeFile(join(place.cwd, 'irsa.yaml'), configText({ roles }))
    await expectRefusal(place, ['create-role', 'shop/checkout'], { code: 'role/foreign', exit: 2 })
    const gone = await idle(place, ['destroy', '--confirm', 'blue', '--dry-run'])
    expect(gone.stdout).toContain('stays, since irsa did not make it')
  })

  test('roles of before the tag for the issuer go on being ours', async () => {
    await using place = await placeWithProvider()
    putRole(place, { name: 'shop-checkout', tags: MADE, trustPolicy: trustOf(trusting(CHECKOUT)) })
    expect(await place.run(['create-role', 'shop/checkout', ...FROM])).toMatchObject({ code: 0 })
    expect(describedRole(place, 'shop-checkout')?.tags['irsa:issuer']).toBe('oidc.example.com')
    await place.run(['delete-role', 'shop/checkout', ...FROM, '--yes'])
    expect(place.aws.state.roles.size).toBe(0)
  })
})

describe('a role that others are in', () => {
  test('stays when irsa goes, without what irsa put there, and says who they are', async () => {
    await using place = await placeWithProvider()
    await putPolicy(place, 's3.json')
    const flags = ['--policy-arn', READ_S3, '--policy-file', 's3.json']
    await place.run(['create-role', 'shop/checkout', ...FROM, ...flags])
    const role = place.aws.state.roles.get('shop-checkout')!
    role.trustPolicy = trustOf(EC2, trusting(CHECKOUT))
    const ended = await place.run(['delete-role', 'shop/checkout', ...FROM, '--yes'])
    expect(ended.stdout).toContain('stays, since it also trusts ec2.amazonaws.com')
    expect(ended.stderr).toContain(
      `aws iam detach-role-policy --role-name shop-checkout --policy-arn ${READ_S3}`,
    )
    expect(describedRole(place, 'shop-checkout')).toMatchObject({
      trust: TRUST_BY_HAND,
      tags: {},
      inline: {},
      attached: [READ_S3],
    })
    await idle(place, ['delete-role', 'shop/checkout', ...FROM, '--yes'])
  })

  test('is not taken from service accounts that were not named', async () => {
    await using place = await placeWithProvider()
    const name = ['--role-name', 'shop', ...FROM]
    await place.run(['create-role', 'shop/checkout', 'shop/refund', ...name])
    for (const accounts of [['shop/checkout'], ['shop/other']]) {
      await expectRefusal(place, ['delete-role', ...accounts, ...name, '--yes'], {
        code: 'role/more-accounts',
        exit: 2,
        says: ['shop/refund', 'irsa create-role'],
      })
    }
    const all = ['delete-role', 'shop/refund', 'shop/checkout', ...name, '--yes']
    expect(await place.run(all)).toMatchObject({ code: 0 })
    expect(place.aws.state.roles.size).toBe(0)
  })

  test('is noted in every plan, everybody first', async () => {
    await using place = await placeWithProvider()
    await place.run(['create-role', 'shop/checkout', ...FROM])
    const role = place.aws.state.roles.get('shop-checkout')!
    const world = { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }
    role.trustPolicy = trustOf(EC2, trusting(CHECKOUT), world)
    const { stderr } = await idle(place, ['create-role', 'shop/checkout', ...FROM])
    expect(stderr).toMatch(/also trusts EVERYBODY[^]+also trusts ec2\.amazonaws\.com/)
  })
})

describe('inline policies of others', () => {
  const BY_HAND = JSON.stringify(allowing('s3:*'))

  test('stay on a role that is adopted, whatever they are called', async () => {
    await using place = await placeWithProvider()
    putRole(place, { name: 'app', inline: new Map([['irsa-old', BY_HAND]]) })
    await putPolicy(place, 'one.json')
    await putPolicy(place, 'two.json')
    const create = ['create-role', 'shop/checkout', '--role-name', 'app', ...FROM]
    await place.run([...create, '--adopt', '--policy-file', 'one.json'])
    expect(Object.keys(describedRole(place, 'app')!.inline)).toEqual(['irsa-old', 'irsa-one'])
    const other = await place.run([...create, '--policy-file', 'two.json'])
    expect(other.stderr).toContain('removes the inline policy irsa-one')
    expect(describedRole(place, 'app')).toMatchObject({
      inline: { 'irsa-old': allowing('s3:*'), 'irsa-two': allowing('s3:GetObject') },
      tags: { 'irsa:inline:irsa-two': 'oidc.example.com' },
    })
    const ended = await place.run(['delete-role', '--role-name', 'app', ...FROM, '--yes'])
    expect(ended.stderr).toContain('--policy-name irsa-old')
    expect(describedRole(place, 'app')).toMatchObject({
      inline: { 'irsa-old': allowing('s3:*') },
      tags: {},
    })
  })

  test('are not written over, even on request to adopt', async () => {
    await using place = await placeWithProvider()
    putRole(place, { name: 'app', inline: new Map([['irsa-one', BY_HAND]]) })
    await putPolicy(place, 'one.json')
    const create = ['create-role', 'shop/checkout', '--role-name', 'app', '--adopt', ...FROM]
    await expectRefusal(place, [...create, '--policy-file', 'one.json'], {
      code: 'policy/name-taken',
      exit: 2,
      says: ['irsa-one', 'Rename'],
    })
  })
})

test('inline policies that grow and shrink fit at every step', async () => {
  await using place = await placeWithProvider()
  const sized = (length: number) => allowing('s3:GetObject', `arn:aws:s3:::${'x'.repeat(length)}`)
  const args = ['create-role', 'shop/checkout', ...FROM]
  const files = ['--policy-file', 'a.json', '--policy-file', 'b.json']
  await putPolicy(place, 'a.json', sized(100))
  await putPolicy(place, 'b.json', sized(8000))
  await place.run([...args, ...files])
  await putPolicy(place, 'a.json', sized(8000))
  await putPolicy(place, 'b.json', sized(100))
  expect(await place.run([...args, ...files])).toMatchObject({ code: 0 })
  await idle(place, [...args, ...files])
})

describe('a trust policy that changes while the plan is looked at', () => {
  const ADD = ['create-role', 'shop/checkout', 'shop/refund', '--role-name', 'app', ...FROM]

  /** A role for one account, which is to be for two; something is done to it first. */
  async function changing(policy: string) {
    const place = await placeWithProvider()
    // Without its tag it gets one first, which is when the others strike.
    const role = putRole(place, {
      name: 'app',
      tags: MADE,
      trustPolicy: trustOf(trusting(CHECKOUT)),
    })
    before(place, 'TagRole', () => (role.trustPolicy = policy))
    return place
  }

  test('keeps what others added', async () => {
    await using place = await changing(trustOf(EC2, trusting(CHECKOUT)))
    expect(await place.run(ADD)).toMatchObject({ code: 0 })
    expect(statements(place, 'app')).toEqual([EC2, trusting([CHECKOUT, REFUND])])
  })

  test('is looked at again where our part of it changed', async () => {
    await using place = await changing(trustOf(trusting(REFUND)))
    expect(await place.run(ADD)).toMatchObject({ code: 0 })
    expect(statements(place, 'app')).toEqual([trusting([CHECKOUT, REFUND])])
  })

  test('is not taken from somebody whom the plan did not name', async () => {
    await using place = await changing(trustOf(trusting('system:serviceaccount:shop:new')))
    const ended = await place.run([...ADD, '-o', 'json'])
    expect(ended.code).toBe(1)
    expect(JSON.parse(ended.stderr)).toMatchObject({
      code: 'role/changed-meanwhile',
      why: expect.stringContaining('shop/new'),
    })
    expect(statements(place, 'app')).toEqual([trusting('system:serviceaccount:shop:new')])
  })

  test('keeps the role from going where others came in', async () => {
    await using place = await placeWithProvider()
    await place.run(['create-role', 'shop/checkout', ...FROM])
    const role = place.aws.state.roles.get('shop-checkout')!
    before(place, 'ListInstanceProfilesForRole', () => {
      role.trustPolicy = trustOf(EC2, trusting(CHECKOUT))
    })
    const args = ['delete-role', 'shop/checkout', ...FROM, '--yes']
    expect(await place.run(args)).toMatchObject({ code: 0 })
    expect(statements(place, 'shop-checkout')).toEqual([EC2])
  })
})

describe('a statement for this issuer that irsa did not write', () => {
  const NARROW = {
    ...trusting(CHECKOUT),
    Condition: {
      ...trusting(CHECKOUT).Condition,
      IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
    },
  }

  test('stays as it is, and is noted', async () => {
    await using place = await placeWithProvider()
    putRole(place, { name: 'app', trustPolicy: trustOf(NARROW) })
    const create = ['create-role', 'shop/refund', '--role-name', 'app', '--adopt', ...FROM]
    const ended = await place.run(create)
    expect(ended.stderr).toContain('IpAddress aws:SourceIp')
    expect(statements(place, 'app')).toEqual([NARROW, trusting(REFUND)])
    await place.run(['delete-role', '--role-name', 'app', ...FROM, '--yes'])
    expect(statements(place, 'app')).toEqual([NARROW])
  })

  test('of all service accounts is narrowed only after asking', async () => {
    await using place = await placeWithProvider()
    const open = { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: NARROW.Action }
    putRole(place, { name: 'app', trustPolicy: trustOf(open) })
    const create = ['create-role', 'shop/refund', '--role-name', 'app', '--adopt', ...FROM]
    await expectRefusal(place, create, { code: 'usage/yes-required', exit: 2 })
    const ended = await place.run([...create, '--yes'])
    expect(ended.stderr).toContain('takes it away from */*')
    expect(statements(place, 'app')).toEqual([trusting(REFUND)])
  })
})

describe('destroy, where irsa.yaml does not have all roles', () => {
  const DESTROY = ['destroy', '--confirm', 'blue']

  /** An issuer that is up, with a role that only flags know. */
  async function withStray(): Promise<Workplace> {
    const place = await placeWithProvider()
    expect(await place.run(['init', '--name', 'blue', '--yes'])).toMatchObject({ code: 0 })
    expect(await place.run(['create-role', 'shop/stray'])).toMatchObject({ code: 0 })
    await place.run(['create-role', 'shop/other', ...FROM])
    return place
  }

  test('says which are left, and how to take them away', async () => {
    await using place = await withStray()
    const shown = await idle(place, [...DESTROY, '--dry-run'])
    expect(shown.stderr).toContain('irsa delete-role --role-name blue-shop-stray')
    const ended = await place.run([...DESTROY, '-o', 'json'])
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.json()).toMatchObject({
      left: [
        {
          resource: 'role',
          id: 'blue-shop-stray',
          why: expect.stringContaining('irsa delete-role --role-name blue-shop-stray'),
        },
      ],
    })
    const gone = await place.run(['delete-role', '--role-name', 'blue-shop-stray', '--yes'])
    expect(gone).toMatchObject({ code: 0 })
    expect(await place.run(DESTROY)).toMatchObject({ code: 0 })
    expect([...place.aws.state.roles.keys()]).toEqual(['shop-other'])
  })

  test('says once that it may not look, and goes on', async () => {
    await using place = await withStray()
    const message = 'User: x is not authorized to perform: iam:GetAccountAuthorizationDetails'
    place.aws.intercept(({ operation }) =>
      operation === 'GetAccountAuthorizationDetails'
        ? { kind: 'error', status: 403, code: 'AccessDenied', message }
        : undefined,
    )
    const start = place.aws.requests.length
    const ended = await place.run(DESTROY)
    expect(ended).toMatchObject({ code: 0 })
    expect(ended.stderr.match(/were not looked for/g)).toHaveLength(1)
    expect(writes(place.aws.requests.slice(start))).toContain('DeleteOpenIDConnectProvider')
  })
})
