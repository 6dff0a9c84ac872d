import {
  TagOpenIDConnectProviderCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam'
import {
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { iam, withoutMoto, writesDuring } from './moto.ts'
import { changed, openWorkspace } from './workspace.ts'

interface Issuer {
  readonly Bucket: string
  readonly OpenIDConnectProviderArn: string
}

const closed = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

let serial = 0

/** What people do by hand, and what irsa has to say about it. */
const DRIFTS: readonly {
  readonly what: string
  readonly byHand: (s3: S3Client, issuer: Issuer) => Promise<unknown>
  readonly mended: string
}[] = [
  {
    what: 'the bucket is closed to public policies',
    byHand: (s3, { Bucket }) =>
      s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: closed })),
    mended: 'update public-access-block',
  },
  {
    what: 'the bucket policy is gone',
    byHand: (s3, { Bucket }) => s3.send(new DeleteBucketPolicyCommand({ Bucket })),
    mended: 'create bucket-policy',
  },
  {
    what: 'a document is gone',
    byHand: (s3, { Bucket }) =>
      s3.send(new DeleteObjectCommand({ Bucket, Key: '.well-known/openid-configuration' })),
    mended: 'create object',
  },
  {
    what: 'the key set is empty, and of another content type',
    byHand: (s3, { Bucket }) =>
      s3.send(new PutObjectCommand({ Bucket, Key: 'keys.json', Body: '{"keys":[]}' })),
    mended: 'update object',
  },
  {
    what: 'the provider has the thumbprint of somebody else',
    byHand: (_, issuer) =>
      iam.send(
        new UpdateOpenIDConnectProviderThumbprintCommand({
          ...issuer,
          ThumbprintList: ['0'.repeat(40)],
        }),
      ),
    mended: 'update provider',
  },
  {
    what: 'a tag of the provider is gone',
    byHand: (_, issuer) =>
      iam.send(new UntagOpenIDConnectProviderCommand({ ...issuer, TagKeys: ['irsa:name'] })),
    mended: 'update provider',
  },
]

describe.skipIf(withoutMoto)('what was changed by hand', () => {
  test.each(DRIFTS)('is found by plan and mended by apply: $what', async ({ byHand, mended }) => {
    await using cluster = await openWorkspace()
    const { bucket, providerArn } = await cluster.init('--name', `drift-${(serial += 1)}`)
    await byHand(cluster.s3, { Bucket: bucket, OpenIDConnectProviderArn: providerArn })

    const writes = await writesDuring(async () => {
      const { code, stdout } = await cluster.irsa('plan', '--exit-code', '--output', 'json')
      expect(code).toBe(3)
      expect(JSON.parse(stdout).kind).toBe('Plan')
      expect(changed(JSON.parse(stdout))).toEqual([expect.stringContaining(mended)])
    })
    expect(writes).toEqual([])

    expect(changed(await cluster.json('apply', '--yes'))).toHaveLength(1)
    expect((await cluster.irsa('plan', '--exit-code')).code).toBe(0)
  })

  test('stays where it is not in the way: tags of others', async () => {
    await using cluster = await openWorkspace()
    const { providerArn } = await cluster.init('--name', 'tagged')
    const Tags = [{ Key: 'team', Value: 'platform' }]
    const target = { OpenIDConnectProviderArn: providerArn as string }
    await iam.send(new TagOpenIDConnectProviderCommand({ ...target, Tags }))
    expect((await cluster.irsa('plan', '--exit-code')).code).toBe(0)
  })
})

describe.skipIf(withoutMoto)('a run that only looks', () => {
  test('changes nothing, here or there', async () => {
    await using cluster = await openWorkspace()
    const writes = await writesDuring(async () => {
      const plan = await cluster.json('init', '--name', 'looked-at', '--yes', '--dry-run')
      expect(plan.kind).toBe('Plan')
      expect(changed(plan)).toHaveLength(8)
    })
    expect(writes).toEqual([])
    expect(await readdir(cluster.folder)).toEqual([])
  })

  test('is what --yes is needed for, without a terminal', async () => {
    await using cluster = await openWorkspace()
    const writes = await writesDuring(async () => {
      const flags = ['--name', 'unasked', '--region', 'eu-west-3', '--bucket', 'irsa-unasked']
      const answers = [...flags, '--host', 's3', '--key-bits', '2048']
      expect(await cluster.problem('init', ...answers)).toMatchObject({
        code: 'usage/yes-required',
        exit: 2,
      })
      expect(await readdir(cluster.folder)).toEqual([])
    })
    expect(writes).toEqual([])
  })
})
