import { GetOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import {
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { iam, withoutMoto, writesDuring } from './moto.ts'
import { changed, openWorkspace } from './workspace.ts'

const providerOf = (arn: string) =>
  iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }))

const GONE = { $metadata: { httpStatusCode: 404 } }

describe.skipIf(withoutMoto)('destroy', () => {
  test('asks for the name, and without it only shows what would go', async () => {
    await using cluster = await openWorkspace()
    const { bucket, providerArn } = await cluster.init('--name', 'doomed')
    const writes = await writesDuring(async () => {
      const plan = await cluster.json('destroy', '--dry-run')
      expect(plan.kind).toBe('Plan')
      expect(changed(plan)).toEqual([
        `delete provider ${providerArn}`,
        'delete object keys.json',
        'delete object .well-known/openid-configuration',
        `delete bucket-policy ${bucket}`,
        `delete bucket ${bucket}`,
      ])
      expect(await cluster.problem('destroy', '--yes')).toMatchObject({ exit: 2 })
      expect(await cluster.problem('destroy', '--confirm', 'other')).toMatchObject({ exit: 2 })
    })
    expect(writes).toEqual([])
  })

  test('takes the provider away first and the bucket last, and finds nothing the next time', async () => {
    await using cluster = await openWorkspace('us-east-1')
    const { bucket, issuer, providerArn } = await cluster.init('--name', 'gone')
    const here = await readdir(cluster.folder)
    const writes = await writesDuring(async () => {
      const destroyed = await cluster.json('destroy', '--confirm', 'gone')
      expect(destroyed).toMatchObject({ kind: 'Destroyed', issuer, left: [] })
    })
    expect(writes).toEqual([
      'iam DeleteOpenIDConnectProvider',
      `DELETE /${bucket}/keys.json?versionId`,
      `DELETE /${bucket}/.well-known/openid-configuration?versionId`,
      `DELETE /${bucket}?policy`,
      `DELETE /${bucket}`,
    ])
    await expect(providerOf(providerArn)).rejects.toMatchObject(GONE)
    const head = cluster.s3.send(new HeadBucketCommand({ Bucket: bucket }))
    await expect(head).rejects.toMatchObject(GONE)
    expect(await readdir(cluster.folder)).toEqual(here)

    const again = await writesDuring(async () => {
      const second = await cluster.json('destroy', '--confirm', 'gone')
      expect(second).toMatchObject({ kind: 'Destroyed', left: [] })
      expect(changed(second)).toEqual([])
    })
    expect(again).toEqual([])
  })

  test('is undone by apply', async () => {
    await using cluster = await openWorkspace()
    const { keys } = await cluster.init('--name', 'phoenix')
    await cluster.json('destroy', '--confirm', 'phoenix')
    const applied = await cluster.json('apply', '--yes')
    expect(applied.keys).toEqual(keys)
    expect((await cluster.irsa('plan', '--exit-code')).code).toBe(0)
  })

  test('leaves a closed, empty bucket where strangers could claim its name', async () => {
    await using cluster = await openWorkspace()
    const Bucket = 'irsa-name-for-all'
    await cluster.init('--name', 'tombstone', '--bucket', Bucket)
    const destroyed = await cluster.json('destroy', '--confirm', 'tombstone')
    expect(destroyed.changes).toContainEqual({ action: 'none', resource: 'bucket', id: Bucket })
    const block = await cluster.s3.send(new GetPublicAccessBlockCommand({ Bucket }))
    expect(Object.values(block.PublicAccessBlockConfiguration ?? {})).toEqual(
      Array.from({ length: 4 }, () => true),
    )

    const forced = await cluster.json('destroy', '--confirm', 'tombstone', '--delete-bucket')
    expect(changed(forced)).toEqual([`delete bucket ${Bucket}`])
  })

  test('leaves a bucket in which others keep something', async () => {
    await using cluster = await openWorkspace()
    const { bucket: Bucket } = await cluster.init('--name', 'lodger')
    await cluster.s3.send(new PutObjectCommand({ Bucket, Key: 'theirs', Body: 'theirs' }))
    const destroyed = await cluster.json('destroy', '--confirm', 'lodger')
    expect(destroyed.changes).toContainEqual({ action: 'none', resource: 'bucket', id: Bucket })
    const { Versions = [] } = await cluster.s3.send(new ListObjectVersionsCommand({ Bucket }))
    expect(Versions.map(({ Key }) => Key)).toEqual(['theirs'])
  })

  test('takes every version of the documents out of a versioned bucket', async () => {
    await using cluster = await openWorkspace()
    const { bucket: Bucket } = await cluster.init('--name', 'versioned')
    const VersioningConfiguration = { Status: 'Enabled' } as const
    await cluster.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
    await cluster.json('generate-keypair', '--out-dir', 'second')
    await cluster.json('publish-jwks', '--public-key', 'second/sa-signer.pub')
    const destroyed = await cluster.json('destroy', '--confirm', 'versioned')
    expect(changed(destroyed)).toContain(`delete bucket ${Bucket}`)
  })
})
