import { GetOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import {
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import {
  ACCOUNT,
  iam,
  moto,
  readAnonymously,
  requestsDuring,
  withoutMoto,
  writesDuring,
} from './moto.ts'
import { changed, openWorkspace, tagsInCreation, type Json, type Workspace } from './workspace.ts'

const DOCUMENTS = ['.well-known/openid-configuration', 'keys.json']

const PLACES = [
  { name: 'paris', region: 'eu-west-3', prefix: '' },
  { name: 'virginia', region: 'us-east-1', prefix: '' },
  { name: 'shared', region: 'eu-west-3', prefix: 'clusters/blue' },
].map((place) => {
  const bucket = `irsa-${place.name}-${ACCOUNT}-${place.region}-an`
  const path = place.prefix === '' ? bucket : `${bucket}/${place.prefix}`
  const issuer = `${moto.endpoint}/${path}`
  const below = place.prefix === '' ? '' : `${place.prefix}/`
  return { ...place, bucket, path, issuer, keys: DOCUMENTS.map((name) => `${below}${name}`) }
})
type Place = (typeof PLACES)[number]

describe.skipIf(withoutMoto).each(PLACES)('init in $region, prefix "$prefix"', (place) => {
  const { name, region, prefix, issuer } = place
  const init = ['--name', name, ...(prefix === '' ? [] : ['--prefix', prefix])]
  const arn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer.replace('https://', '')}`

  test('makes everything, says what it made, and a re-run writes nothing', async () => {
    await using cluster = await openWorkspace(region)
    const requests = await requestsDuring(async () => {
      const applied = await cluster.init(...init)
      expectContract(applied, place, arn)
    })
    expectCreation(requests, place)
    await expectBucket(cluster, place)
    await expectDocuments(cluster, place)
    await expectProvider(place, arn, await cluster.json('print-thumbprint', issuer))

    const before = await objects(cluster, place)
    const writes = await writesDuring(async () => {
      expect(changed(await cluster.json('init', ...init, '--yes'))).toEqual([])
      expect(changed(await cluster.json('apply', '--yes'))).toEqual([])
      expect((await cluster.irsa('plan', '--exit-code')).code).toBe(0)
    })
    expect(writes).toEqual([])
    expect(await objects(cluster, place)).toEqual(before)
  })
})

function expectContract(applied: Json, { issuer, region, bucket, keys }: Place, arn: string) {
  expect(applied).toEqual({
    apiVersion: 'irsa/v1',
    kind: 'Applied',
    issuer,
    region,
    bucket,
    providerArn: arn,
    audiences: ['sts.amazonaws.com'],
    thumbprints: [moto.thumbprint],
    keys: [{ kid: expect.stringMatching(/^[\w-]{43}$/), file: 'keys/sa-signer.pub' }],
    changes: [
      { action: 'create', resource: 'configuration', id: 'irsa.yaml' },
      { action: 'create', resource: 'key-pair', id: 'keys/sa-signer.key' },
      { action: 'create', resource: 'bucket', id: bucket },
      { action: 'create', resource: 'public-access-block', id: bucket },
      { action: 'create', resource: 'bucket-policy', id: bucket },
      ...keys.map((id) => ({ action: 'create', resource: 'object', id })),
      { action: 'create', resource: 'provider', id: arn },
    ],
    warnings: [expect.stringContaining('only through a root that was added on this machine')],
  })
}

/** What only the request shows, since moto keeps neither. */
function expectCreation(requests: Parameters<typeof tagsInCreation>[1], { bucket, name }: Place) {
  const creation = requests.find(({ what }) => what === `PUT /${bucket}`)
  expect(creation?.headers['x-amz-bucket-namespace']).toBe('account-regional')
  expect(tagsInCreation(bucket, requests)).toEqual([
    { Key: 'managed-by', Value: 'irsa' },
    { Key: 'irsa:name', Value: name },
  ])
}

async function expectBucket({ s3 }: Workspace, { bucket: Bucket, region, keys }: Place) {
  const location = await s3.send(new GetBucketLocationCommand({ Bucket }))
  expect(location.LocationConstraint ?? 'us-east-1').toBe(region)
  const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
  expect(block.PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  })
  const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket }))
  expect(JSON.parse(Policy)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: expect.stringMatching(/^IrsaPublicDocuments/),
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: keys.map((key) => `arn:aws:s3:::${Bucket}/${key}`),
      },
    ],
  })
}

/** Byte for byte what `build-documents` makes of the same public key, and so for strangers. */
async function expectDocuments(cluster: Workspace, place: Place) {
  const publicKey = ['--public-key', 'keys/sa-signer.pub']
  await cluster.json('build-documents', '--issuer', place.issuer, ...publicKey)
  const built = await Promise.all(DOCUMENTS.map((path) => cluster.text(`public/${path}`)))
  const stored = await objects(cluster, place)
  expect(stored.map(({ body }) => body)).toEqual(built)
  for (const { type, cache } of stored) {
    expect({ type, cache }).toEqual({ type: 'application/json', cache: 'public, max-age=300' })
  }
  const read = DOCUMENTS.map((path) => readAnonymously(`${place.issuer}/${path}`))
  expect((await Promise.all(read)).map(({ body }) => body)).toEqual(built)
}

async function objects({ s3 }: Workspace, { bucket, keys }: Place) {
  const answers = keys.map((Key) => s3.send(new GetObjectCommand({ Bucket: bucket, Key })))
  return Promise.all(
    (await Promise.all(answers)).map(async (answer) => ({
      body: await answer.Body?.transformToString(),
      type: answer.ContentType,
      cache: answer.CacheControl,
      version: `${answer.ETag} ${answer.LastModified?.toISOString()}`,
    })),
  )
}

async function expectProvider({ issuer, name }: Place, arn: string, printed: Json) {
  const get = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn })
  expect(await iam.send(get)).toMatchObject({
    Url: issuer.replace('https://', ''),
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: [printed.thumbprint],
    Tags: [
      { Key: 'managed-by', Value: 'irsa' },
      { Key: 'irsa:name', Value: name },
    ],
  })
  expect(printed).toMatchObject({ thumbprint: moto.thumbprint, trusted: true })
}
