import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyBucket } from '../../src/sandbox/s3/buckets.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import { changingNothing, expectProblem, expectRefusal, listing } from '../support/problems.ts'
import { configText, publicPem, putSigner, rsa, wholeSigner } from '../support/signers.ts'

const key = rsa()
const NEW = ['init', '--name', 'blue', '--yes', '--public-key', 'sa.pub']
const PUBLISH = ['publish-jwks', '--public-key', 'sa.pub']
const STRANGER = '999988887777'
const BLOCKED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}
const OPEN = { ...BLOCKED, BlockPublicPolicy: false, RestrictPublicBuckets: false }

async function placeWithKey(options: Parameters<typeof workplace>[0] = {}): Promise<Workplace> {
  const place = await workplace(options)
  await writeFile(join(place.cwd, 'sa.pub'), publicPem(key))
  return place
}

function bucketOf({ aws }: Workplace, region = aws.region, name = 'oidc-acme') {
  const bucket = emptyBucket({ name, owner: aws.account, region, created: new Date() })
  aws.state.buckets.set(name, bucket)
  return bucket
}

/** S3 keeps no policy that it cannot read; what stands in for S3, or in front of it, may answer so. */
const unreadablePolicy: Parameters<Workplace['aws']['intercept']>[0] = ({ operation }) =>
  operation === 'GetBucketPolicy'
    ? { kind: 'error', status: 200, code: 'Sorry', message: 'Under maintenance' }
    : undefined

describe.each([[NEW], [PUBLISH]])('irsa %j', (args) => {
  test.each([
    ['ab', '3 characters'],
    ['a'.repeat(64), '63 characters'],
    ['Oidc-Acme', 'upper-case'],
    ['oidc_acme', 'digits and hyphens'],
    ['-oidc', 'starts and ends'],
    ['oidc-', 'starts and ends'],
    ['oidc..acme', 'two dots'],
    ['192.168.5.4', 'IP address'],
    ['xn--oidc', 'xn--'],
    ['oidc-s3alias', '-s3alias'],
    ['oidc-an', 'account-regional'],
    ['oidc acme', 'digits and hyphens'],
  ])('refuses the bucket name %j', async (name, rule) => {
    await using place = await placeWithKey()
    const says = [rule, '--bucket']
    const expected = { code: 'bucket/invalid-name', exit: 2, says } as const
    await expectRefusal(place, [...args, `--bucket=${name}`], expected)
  })

  test('refuses a dotted bucket name, which breaks TLS', async () => {
    await using place = await placeWithKey()
    const says = ['wildcard certificate', '--bucket oidc-acme-org']
    const expected = { code: 'bucket/dotted-name', exit: 2, says } as const
    await expectRefusal(place, [...args, '--bucket', 'oidc.acme.org'], expected)
  })

  test('finds out that a bucket belongs to another account before anything is made', async () => {
    const taken = { name: 'oidc-acme', account: STRANGER, region: 'eu-west-3' }
    await using place = await placeWithKey({ takenBuckets: [taken] })
    const says = ['another account', '--profile', '--bucket']
    const expected = { code: 'bucket/out-of-reach', exit: 4, says } as const
    await expectRefusal(place, [...args, '--bucket', 'oidc-acme'], expected)
  })

  test('says so when another account takes the name between the look and the creation', async () => {
    await using place = await placeWithKey()
    place.aws.intercept(({ operation }) =>
      operation === 'CreateBucket'
        ? {
            kind: 'error',
            status: 409,
            code: 'BucketAlreadyExists',
            message:
              'The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
          }
        : undefined,
    )
    const ended = await place.run([...args, '--bucket', 'oidc-acme', '--output', 'json'])
    expectProblem(ended, { code: 'bucket/taken', exit: 4, says: ['--bucket', '--profile'] })
    expect(place.aws.state.providers.size).toBe(0)
  })

  test('finds a bucket of this account in another region', async () => {
    const bucket = { name: 'oidc-acme', account: '111122223333', region: 'us-west-2' }
    await using place = await placeWithKey({ takenBuckets: [bucket] })
    const says = ['--region us-west-2', 'eu-west-3']
    const expected = { code: 'bucket/other-region', exit: 2, says } as const
    await expectRefusal(place, [...args, '--bucket', 'oidc-acme'], expected)
  })

  test('finds a bucket of another account in another region', async () => {
    const bucket = { name: 'oidc-acme', account: STRANGER, region: 'us-west-2' }
    await using place = await placeWithKey({ takenBuckets: [bucket] })
    const run = () => place.run(['-o', 'json', ...args, '--bucket', 'oidc-acme'])
    const { code } = (await changingNothing(place, run)).problem()
    expect(['bucket/other-region', 'bucket/out-of-reach']).toContain(code)
  })

  test('leaves a bucket policy that cannot be read', async () => {
    await using place = await placeWithKey()
    bucketOf(place)
    place.aws.intercept(unreadablePolicy)
    const says = ['aws s3api get-bucket-policy --bucket oidc-acme']
    const expected = { code: 'bucket/policy-unparsable', exit: 1, says } as const
    await expectRefusal(place, [...args, '--bucket', 'oidc-acme'], expected)
  })

  test('leaves a bucket policy that would grow too large', async () => {
    await using place = await placeWithKey()
    const bucket = bucketOf(place)
    const Resource = [...Array(600)].map((_, n) => `arn:aws:s3:::oidc-acme/folder-${n}/*`)
    const statement = { Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource }
    bucket.policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
    const expected = { code: 'bucket/policy-too-large', exit: 1, says: ['20 KB'] } as const
    await expectRefusal(place, [...args, '--bucket', 'oidc-acme'], expected)
  })

  test.each([
    ['the account', { accountBlock: BLOCKED }],
    ['the account, by one switch', { accountBlock: { ...OPEN, BlockPublicPolicy: true } }],
    ['the account, by the other', { accountBlock: { ...OPEN, RestrictPublicBuckets: true } }],
    ['the organization', { organizationEnforced: true }],
  ])('finds out before anything is made that %s blocks public buckets', async (_, options) => {
    await using place = await placeWithKey(options)
    const says = ['111122223333', '--host directory', /organization/, /ask /i]
    const expected = { code: 'bucket/blocked-by-account', exit: 4, says } as const
    await expectRefusal(place, [...args, '--bucket', 'oidc-acme'], expected)
    expect(place.aws.state.buckets.size).toBe(0)
    expect(place.aws.state.providers.size).toBe(0)
  })

  test('finds the same for a bucket that is there but closed', async () => {
    await using place = await placeWithKey({ organizationEnforced: true })
    bucketOf(place).block = BLOCKED
    const expected = { code: 'bucket/blocked-by-account', exit: 4 } as const
    await expectRefusal(place, [...args, '--bucket', 'oidc-acme'], expected)
  })
})

test('an account that blocks only ACLs is no obstacle', async () => {
  await using place = await placeWithKey({ accountBlock: OPEN })
  const ended = await place.run([...NEW, '-o', 'json'])
  expect(ended).toMatchObject({ code: 0 })
})

test('the default bucket name that grows too long names the room that is left', async () => {
  await using place = await placeWithKey({ region: 'ap-southeast-1' })
  const args = ['init', '--yes', '--public-key', 'sa.pub', '--name', 'a'.repeat(32)]
  const expected = { code: 'bucket/name-too-long', exit: 2, says: ['--name', '--bucket'] } as const
  await expectRefusal(place, args, expected)
})

test.each(['Blue', 'blue_green', '-blue', 'a'.repeat(33), 'böse', ''])(
  'the name %j does not fit',
  async (name) => {
    await using place = await placeWithKey()
    const args = ['init', '--yes', '--public-key', 'sa.pub', `--name=${name}`]
    await expectRefusal(place, args, { code: 'usage/name-invalid', exit: 2, says: ['--name'] })
  },
)

test.each(['/blue', 'blue/', 'a//b', 'a b', 'a/../b', 'a*'])(
  'the prefix %j does not fit',
  async (prefix) => {
    await using place = await placeWithKey()
    const expected = { code: 'bucket/invalid-prefix', exit: 2, says: ['--prefix'] } as const
    await expectRefusal(place, [...NEW, `--prefix=${prefix}`], expected)
    const publish = [...PUBLISH, '--bucket', 'oidc-acme', `--prefix=${prefix}`]
    await expectRefusal(place, publish, expected)
  },
)

test('destroy leaves a policy that it cannot read, and says so', async () => {
  await using place = await workplace()
  await putSigner(place.cwd, wholeSigner(key))
  const issuer = `${place.aws.url}/oidc-acme`
  await writeFile(join(place.cwd, 'irsa.yaml'), configText({ issuer }))
  expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
  const { policy } = place.aws.state.buckets.get('oidc-acme')!
  place.aws.intercept(unreadablePolicy)
  const before = await listing(place.cwd)
  const ended = await place.run(['destroy', '--confirm', 'blue', '-o', 'json'])
  expect(ended.code).toBe(1)
  const { left } = ended.json<{ left: { resource: string; why: string }[] }>()
  expect(left).toContainEqual(
    expect.objectContaining({
      resource: 'bucket-policy',
      why: expect.stringMatching(/cannot be read/),
    }),
  )
  expect(place.aws.state.buckets.get('oidc-acme')?.policy).toBe(policy)
  expect(place.aws.state.providers.size).toBe(0)
  expect(await listing(place.cwd)).toEqual(before)
})
