import { DescribeEffectivePolicyCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import {
  CreateBucketCommand,
  GetBucketAclCommand,
  GetBucketEncryptionCommand,
  GetBucketRequestPaymentCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketRequestPaymentCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type ServerSideEncryption,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { agentFor, clientsFor, fetchAs, refusal, sandboxForTests } from './clients.ts'

const sandbox = await sandboxForTests({
  credentials: [
    { accessKeyId: 'AKIAADMINEXAMPLE', secretAccessKey: 'admin' },
    {
      accessKeyId: 'AKIALESSEXAMPLE',
      secretAccessKey: 'less',
      policy: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
    },
  ],
})
const { s3 } = clientsFor(sandbox)
const Key = 'keys.json'
let count = 0

/** A bucket with one document that everybody may read. */
async function publicBucket(): Promise<string> {
  const Bucket = `closed-${(count += 1)}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  const open = { BlockPublicPolicy: false, RestrictPublicBuckets: false }
  await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: open }))
  const Resource = `arn:aws:s3:::${Bucket}/*`
  const Statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource }
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement }) }))
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }))
  return Bucket
}

const stranger = (Bucket: string) => fetchAs(sandbox, `${sandbox.url}/${Bucket}/${Key}`)

describe('encryption', () => {
  const setDefault = (Bucket: string, SSEAlgorithm: ServerSideEncryption) =>
    s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }],
        },
      }),
    )

  test.each(['aws:kms', 'aws:kms:dsse'] as const)(
    'with %s by default keeps strangers out of what is written then',
    async (algorithm) => {
      const Bucket = await publicBucket()
      await setDefault(Bucket, algorithm)
      expect((await stranger(Bucket)).status).toBe(200)
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }))
      expect(await stranger(Bucket)).toMatchObject({
        status: 400,
        body: expect.stringContaining('AWS KMS managed keys'),
      })
      const head = await s3.send(new HeadObjectCommand({ Bucket, Key }))
      expect(head.ServerSideEncryption).toBe(algorithm)
      const own = { ServerSideEncryption: 'AES256' } as const
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}', ...own }))
      expect((await stranger(Bucket)).status).toBe(200)
    },
  )

  test('is AES256 unless somebody says otherwise', async () => {
    const Bucket = await publicBucket()
    const read = async () => {
      const found = await s3.send(new GetBucketEncryptionCommand({ Bucket }))
      const [rule] = found.ServerSideEncryptionConfiguration?.Rules ?? []
      return rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm
    }
    expect(await read()).toBe('AES256')
    await setDefault(Bucket, 'aws:kms')
    expect(await read()).toBe('aws:kms')
    expect(await refusal(setDefault(Bucket, 'rot13' as ServerSideEncryption))).toMatch(/^400 /)
  })
})

test('where the requester pays, strangers are refused, and whoever owns it reads on', async () => {
  const Bucket = await publicBucket()
  const payer = async () => (await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer
  const set = (Payer: 'Requester' | 'BucketOwner') =>
    s3.send(new PutBucketRequestPaymentCommand({ Bucket, RequestPaymentConfiguration: { Payer } }))
  expect(await payer()).toBe('BucketOwner')
  await set('Requester')
  expect(await payer()).toBe('Requester')
  expect((await stranger(Bucket)).status).toBe(403)
  await s3.send(new GetObjectCommand({ Bucket, Key }))
  await set('BucketOwner')
  expect((await stranger(Bucket)).status).toBe(200)
})

test('what another account wrote stays theirs, until the bucket enforces its own ownership', async () => {
  const Bucket = await publicBucket()
  const enforce = (ObjectOwnership: 'ObjectWriter' | 'BucketOwnerEnforced') =>
    s3.send(
      new PutBucketOwnershipControlsCommand({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership }] },
      }),
    )
  const owners = async () => {
    const [acl, list, versions] = await Promise.all([
      s3.send(new GetBucketAclCommand({ Bucket })),
      s3.send(new ListObjectsV2Command({ Bucket, Prefix: Key, FetchOwner: true })),
      s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key })),
    ])
    const [bucket, object] = [acl.Owner?.ID, list.Contents?.[0]?.Owner?.ID]
    expect(versions.Versions?.[0]?.Owner?.ID).toBe(object)
    expect(bucket).toMatch(/^[0-9a-f]{64}$/)
    return { same: bucket === object }
  }
  const objects = sandbox.state.buckets.get(Bucket)!.objects
  const [version] = objects.get(Key)!
  objects.set(Key, [{ ...version!, writer: '999988887777' }])
  expect(await owners()).toEqual({ same: true })
  await enforce('ObjectWriter')
  expect(await owners()).toEqual({ same: false })
  expect((await stranger(Bucket)).status).toBe(403)
  expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key })))).toBe('403 AccessDenied')
  await enforce('BucketOwnerEnforced')
  expect((await stranger(Bucket)).status).toBe(200)
  const list = await s3.send(new ListObjectsV2Command({ Bucket }))
  expect(list.Contents?.[0]?.Owner).toBeUndefined()
})

describe('Organizations', () => {
  const organizations = (accessKeyId: string, secretAccessKey: string) =>
    new OrganizationsClient({
      endpoint: sandbox.url,
      region: sandbox.region,
      credentials: { accessKeyId, secretAccessKey },
      requestHandler: { httpsAgent: agentFor(sandbox) },
    })
  const admin = organizations('AKIAADMINEXAMPLE', 'admin')
  const ask = (client = admin, PolicyType: 'S3_POLICY' | 'TAG_POLICY' = 'S3_POLICY') =>
    client.send(new DescribeEffectivePolicyCommand({ PolicyType }))

  test('are not in use', async () => {
    expect(await refusal(ask())).toBe('400 AWSOrganizationsNotInUseException')
  })

  test('impose what the state says', async () => {
    sandbox.state.organizationEnforced = true
    const { EffectivePolicy } = await ask()
    sandbox.state.organizationEnforced = false
    expect(EffectivePolicy).toMatchObject({
      PolicyType: 'S3_POLICY',
      TargetId: sandbox.account,
      PolicyContent: '{"s3_attributes":{"public_access_block_configuration":"all"}}',
    })
  })

  test('refuse whoever may not ask, whoever is unknown, and what is not there', async () => {
    const less = organizations('AKIALESSEXAMPLE', 'less')
    expect(await refusal(ask(less))).toBe('400 AccessDeniedException')
    expect(await refusal(ask(organizations('AKIANOBODY', 'x')))).toBe('403 InvalidClientTokenId')
    expect(await refusal(ask(admin, 'TAG_POLICY'))).toBe('501 NotImplemented')
  })
})
