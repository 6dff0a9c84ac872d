import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import { withoutMoto } from './moto.ts'
import { openWorkspace, type Json, type Workspace } from './workspace.ts'

/** Open to public ACLs, closed to public policies. */
const MIXED = {
  BlockPublicAcls: false,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

describe.skipIf(withoutMoto)('a bucket that was there before', () => {
  const Bucket = 'acme-artifacts'
  const theirs = {
    Sid: 'AuditorsMayList',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::210987654321:root' },
    Action: 's3:ListBucket',
    Resource: `arn:aws:s3:::${Bucket}`,
    Condition: { Bool: { 'aws:SecureTransport': 'true' } },
  }

  test('is adopted: its policy, its ACL switches and its objects stay', async () => {
    await using cluster = await openWorkspace('us-east-1')
    const { s3 } = cluster
    await s3.send(new CreateBucketCommand({ Bucket }))
    const Policy = JSON.stringify({ Version: '2008-10-17', Id: 'acme', Statement: theirs })
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
    await s3.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: MIXED }),
    )
    await s3.send(new PutObjectCommand({ Bucket, Key: 'release.tgz', Body: 'theirs' }))

    const applied = await cluster.json('init', '--yes', '--name', 'adopting', '--bucket', Bucket)
    expect(actionsOn(applied, 'bucket')).toEqual(['none'])
    expect(actionsOn(applied, 'bucket-policy')).toEqual(['update'])
    const policy = await policyOf(cluster, Bucket)
    expect(policy).toMatchObject({ Version: '2008-10-17', Id: 'acme' })
    expect(policy.Statement).toEqual([theirs, expect.objectContaining({ Effect: 'Allow' })])
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
    expect(block.PublicAccessBlockConfiguration).toEqual({
      ...MIXED,
      BlockPublicPolicy: false,
      RestrictPublicBuckets: false,
    })
    expect((await cluster.irsa('plan', '--exit-code')).code).toBe(0)

    const destroyed = await cluster.json('destroy', '--confirm', 'adopting')
    expect(actionsOn(destroyed, 'bucket')).toEqual(['none'])
    expect((await policyOf(cluster, Bucket)).Statement).toEqual([theirs])
  })

  test('holds the documents of two issuers, each with a statement of its own', async () => {
    await using blue = await openWorkspace()
    await using green = await openWorkspace()
    const shared = ['--bucket', 'irsa-two-of-them']
    const first = await blue.init('--name', 'blue', ...shared, '--prefix', 'blue')
    const second = await green.init('--name', 'green', ...shared, '--prefix', 'green')
    expect(second.issuer).toBe(first.issuer.replace(/blue$/, 'green'))
    expect((await policyOf(blue, 'irsa-two-of-them')).Statement).toHaveLength(2)
    expect((await blue.irsa('plan', '--exit-code')).code).toBe(0)

    await blue.json('destroy', '--confirm', 'blue')
    expect((await green.irsa('plan', '--exit-code')).code).toBe(0)
  })
})

const actionsOn = ({ changes }: Json, kind: string): string[] =>
  changes.flatMap(({ action, resource }: Json) => (resource === kind ? [action] : []))

async function policyOf({ s3 }: Workspace, Bucket: string): Promise<Json> {
  const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }))
  return JSON.parse(Policy)
}
