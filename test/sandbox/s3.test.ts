import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketAclCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { clientsFor, fetchAs, refusal, sandboxForTests } from './clients.ts'

const sandbox = await sandboxForTests({
  takenBuckets: [
    { name: 'theirs', account: '999988887777', region: 'eu-west-3' },
    { name: 'theirs-far-away', account: '999988887777', region: 'us-west-2' },
  ],
})
const { s3 } = clientsFor(sandbox)
const inParis = { LocationConstraint: 'eu-west-3' } as const
let count = 0

async function makeBucket(): Promise<string> {
  const Bucket = `bucket-${(count += 1)}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}

const openBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
}

const publicPolicy = (bucket: string, key = 'keys.json'): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${bucket}/${key}`,
    },
  })

const put = (Bucket: string, Key: string, more: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body: `{"of":"${Key}"}`, ...more }))

test('a new bucket is private, refuses ACLs, is in its region, and keeps its tags', async () => {
  const Tags = [{ Key: 'managed-by', Value: 'irsa ünï: a+b=c/d' }]
  const configuration = { ...inParis, Tags }
  const Bucket = 'brand-new'
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: configuration }))
  const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket }))
  expect(Object.values(block.PublicAccessBlockConfiguration ?? {})).toEqual(Array(4).fill(true))
  const ownership = await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))
  expect(ownership.OwnershipControls?.Rules?.[0]?.ObjectOwnership).toBe('BucketOwnerEnforced')
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe(
    'eu-west-3',
  )
  expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(Tags)
  expect((await s3.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-west-3')
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined()
  const listed = await s3.send(new ListBucketsCommand())
  expect(listed.Buckets?.map(({ Name }) => Name)).toContain(Bucket)
})

test('a bucket in the account-regional namespace', async () => {
  const Bucket = 'irsa-demo-111122223333-eu-west-3-an'
  await s3.send(new CreateBucketCommand({ Bucket, BucketNamespace: 'account-regional' }))
  expect(sandbox.state.buckets.get(Bucket)?.namespace).toBe('account-regional')
  const again = new CreateBucketCommand({ Bucket, BucketNamespace: 'account-regional' })
  expect(await refusal(s3.send(again))).toBe('409 BucketAlreadyOwnedByYou')
})

test.each([
  ['upper case', { Bucket: 'Upper' }, '400 InvalidBucketName'],
  ['too short', { Bucket: 'ab' }, '400 InvalidBucketName'],
  ['a reserved prefix', { Bucket: 'xn--bucket' }, '400 InvalidBucketName'],
  ['a reserved suffix', { Bucket: 'bucket-s3alias' }, '400 InvalidBucketName'],
  ['an address', { Bucket: '192.168.5.4' }, '400 InvalidBucketName'],
  ['-an outside its namespace', { Bucket: 'a-111122223333-eu-west-3-an' }, '400 InvalidBucketName'],
  [
    "another account's name in the namespace",
    { Bucket: 'a-444455556666-eu-west-3-an', BucketNamespace: 'account-regional' as const },
    '400 InvalidBucketName',
  ],
  ["somebody else's", { Bucket: 'theirs' }, '409 BucketAlreadyExists'],
  [
    'another region than the endpoint',
    {
      Bucket: 'elsewhere',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const },
    },
    '400 IllegalLocationConstraintException',
  ],
  [
    'us-east-1 by name',
    {
      Bucket: 'elsewhere',
      CreateBucketConfiguration: { LocationConstraint: 'us-east-1' as never },
    },
    '400 InvalidLocationConstraint',
  ],
  [
    'a public ACL',
    { Bucket: 'with-acl', ACL: 'public-read' as const },
    '400 InvalidBucketAclWithObjectOwnership',
  ],
])('CreateBucket refuses %s', async (_, input, expected) => {
  expect(await refusal(s3.send(new CreateBucketCommand(input)))).toBe(expected)
})

test('making a bucket again is an error, but not in us-east-1', async () => {
  const Bucket = await makeBucket()
  const again = (client: typeof s3, name: string) =>
    refusal(client.send(new CreateBucketCommand({ Bucket: name })))
  expect(await again(s3, Bucket)).toBe('409 BucketAlreadyOwnedByYou')
  const virginia = clientsFor(sandbox, { region: 'us-east-1' }).s3
  expect(await again(virginia, 'first-in-virginia')).toBe('it was done')
  expect(await again(virginia, 'first-in-virginia')).toBe('it was done')
  expect(sandbox.state.buckets.get('first-in-virginia')?.region).toBe('us-east-1')
})

test("other people's and faraway buckets", async () => {
  const head = (Bucket: string) => s3.send(new HeadBucketCommand({ Bucket }))
  await expect(head('theirs')).rejects.toMatchObject({
    $metadata: { httpStatusCode: 403 },
    $response: { headers: { 'x-amz-bucket-region': 'eu-west-3' } },
  })
  await expect(head('theirs-far-away')).rejects.toMatchObject({
    $metadata: { httpStatusCode: 301 },
    $response: { headers: { 'x-amz-bucket-region': 'us-west-2' } },
  })
  await expect(head('nobodys')).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } })
  expect(await refusal(put('theirs', 'x'))).toBe('403 AccessDenied')
  expect(await refusal(put('theirs-far-away', 'x'))).toBe('301 PermanentRedirect')
  expect(await refusal(put('nobodys', 'x'))).toBe('404 NoSuchBucket')
})

test('a regional endpoint takes signatures for its own region only', async () => {
  const endpoint = `${sandbox.url.replace('localhost', 's3.eu-west-3.localhost')}`
  const wrong = clientsFor(sandbox, { endpoint, region: 'eu-west-1' }).s3
  expect(await refusal(wrong.send(new GetBucketPolicyCommand({ Bucket: 'brand-new' })))).toBe(
    '400 AuthorizationHeaderMalformed',
  )
})

test.each(['s3.localhost', 's3.eu-west-3.localhost'])(
  'virtual-hosted requests below %s',
  async (host) => {
    const Bucket = await makeBucket()
    const endpoint = sandbox.url.replace('localhost', host)
    const virtual = clientsFor(sandbox, { endpoint, forcePathStyle: false }).s3
    const Key = `folder with space/ünï+code (1)!*'.json`
    await virtual.send(new PutObjectCommand({ Bucket, Key, Body: 'body' }))
    const path = await s3.send(new GetObjectCommand({ Bucket, Key }))
    expect(await path.Body?.transformToString()).toBe('body')
    expect(sandbox.state.buckets.get(Bucket)?.objects.has(Key)).toBe(true)
  },
)

test('an object comes back as it was put', async () => {
  const Bucket = await makeBucket()
  const kept = { ContentType: 'application/json', CacheControl: 'public, max-age=300' }
  const answer = await put(Bucket, 'keys.json', { ...kept, ServerSideEncryption: 'AES256' })
  expect(answer.ServerSideEncryption).toBe('AES256')
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'keys.json' }))
  expect(head).toMatchObject({ ...kept, ETag: answer.ETag, ContentLength: 18 })
  const get = await s3.send(new GetObjectCommand({ Bucket, Key: 'keys.json' }))
  expect(get.ChecksumCRC32).toBe(answer.ChecksumCRC32)
  expect(await get.Body?.transformToString()).toBe('{"of":"keys.json"}')
  const missing = s3.send(new GetObjectCommand({ Bucket, Key: 'missing' }))
  expect(await refusal(missing)).toBe('404 NoSuchKey')
})

test('conditional writes', async () => {
  const Bucket = await makeBucket()
  const first = await put(Bucket, 'a', { IfNoneMatch: '*' })
  expect(await refusal(put(Bucket, 'a', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed')
  expect(await refusal(put(Bucket, 'a', { IfMatch: '"other"' }))).toBe('412 PreconditionFailed')
  expect(await refusal(put(Bucket, 'missing', { IfMatch: first.ETag }))).toBe('404 NoSuchKey')
  expect(await refusal(put(Bucket, 'a', { IfMatch: first.ETag, Body: 'new' }))).toBe('it was done')
  expect(await refusal(put(Bucket, 'a', { IfMatch: first.ETag }))).toBe('412 PreconditionFailed')
})

test('of many writers with the same ETag exactly one wins', async () => {
  const Bucket = await makeBucket()
  const { ETag } = await put(Bucket, 'a')
  const writers = Array.from({ length: 20 }, (_, n) =>
    put(Bucket, 'a', { IfMatch: ETag, Body: `${n}` }),
  )
  const results = await Promise.all(writers.map(refusal))
  expect(results.filter((result) => result === 'it was done')).toHaveLength(1)
})

test('ACLs are refused, but for the one that says what is so anyway', async () => {
  const Bucket = await makeBucket()
  const acl = (ACL: string): Promise<string> => refusal(put(Bucket, 'a', { ACL }))
  expect(await acl('public-read')).toBe('400 AccessControlListNotSupported')
  expect(await acl('private')).toBe('400 AccessControlListNotSupported')
  expect(await acl('bucket-owner-full-control')).toBe('it was done')
  const ofObject = new PutObjectAclCommand({ Bucket, Key: 'a', ACL: 'public-read' })
  expect(await refusal(s3.send(ofObject))).toBe('400 AccessControlListNotSupported')
  const ofBucket = new PutBucketAclCommand({ Bucket, ACL: 'public-read' })
  expect(await refusal(s3.send(ofBucket))).toBe('400 AccessControlListNotSupported')
})

test('a body that is not what its checksum says is refused', async () => {
  const Bucket = await makeBucket()
  expect(await refusal(put(Bucket, 'a', { ChecksumCRC32: 'AAAAAA==' }))).toBe('400 BadDigest')
})

test('checksums of every kind that clients send are checked, kept and given back', async () => {
  const Bucket = await makeBucket()
  const about = { Bucket, Key: 'a' }
  const more = { Body: '123456789', ChecksumCRC64NVME: 'rosUhgp5mIg=' }
  expect((await put(Bucket, 'a', more)).ChecksumCRC64NVME).toBe('rosUhgp5mIg=')
  const read = await s3.send(new HeadObjectCommand({ ...about, ChecksumMode: 'ENABLED' }))
  expect(read).toMatchObject({ ChecksumCRC64NVME: 'rosUhgp5mIg=', ChecksumType: 'FULL_OBJECT' })
  expect(await refusal(put(Bucket, 'a', { ...more, Body: '12345678' }))).toBe('400 BadDigest')
  expect(await refusal(put(Bucket, 'a', { ChecksumAlgorithm: 'CRC32C' }))).toBe('it was done')
})

test.each([
  ['bytes=0-3', 206, '0123', 'bytes 0-3/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=-2', 206, '89', 'bytes 8-9/10'],
  ['bytes=8-100', 206, '89', 'bytes 8-9/10'],
  ['bytes=-100', 206, '0123456789', 'bytes 0-9/10'],
  ['bytes=0-1,4-5', 200, '0123456789', undefined],
  ['bytes=5-2', 200, '0123456789', undefined],
  ['lines=1-2', 200, '0123456789', undefined],
])('the range %s of ten bytes', async (Range, status, body, ContentRange) => {
  const Key = 'ranges'
  await put('brand-new', Key, { Body: '0123456789' })
  const answer = await s3.send(new GetObjectCommand({ Bucket: 'brand-new', Key, Range }))
  expect(answer.$metadata.httpStatusCode).toBe(status)
  expect(answer.ContentRange).toBe(ContentRange)
  expect(await answer.Body?.transformToString()).toBe(body)
})

test.each(['bytes=10-', 'bytes=-0'])('the range %s is beyond ten bytes', async (Range) => {
  const about = { Bucket: 'brand-new', Key: 'ranges' }
  await put(about.Bucket, about.Key, { Body: '0123456789' })
  const beyond = s3.send(new GetObjectCommand({ ...about, Range }))
  expect(await refusal(beyond)).toBe('416 InvalidRange')
})

test('the wrong expected owner is refused everywhere', async () => {
  const Bucket = await makeBucket()
  const about = { Bucket, ExpectedBucketOwner: '999988887777' }
  expect(await refusal(s3.send(new GetBucketPolicyCommand(about)))).toBe('403 AccessDenied')
  expect(await refusal(s3.send(new PutObjectCommand({ ...about, Key: 'a', Body: 'x' })))).toBe(
    '403 AccessDenied',
  )
  const right = { Bucket, ExpectedBucketOwner: sandbox.account }
  expect(await refusal(s3.send(new ListObjectsV2Command(right)))).toBe('it was done')
})

test('bucket settings can be put, read and removed', async () => {
  const Bucket = await makeBucket()
  const block = { Bucket, PublicAccessBlockConfiguration: openBlock }
  await s3.send(new PutPublicAccessBlockCommand(block))
  const read = () => s3.send(new GetPublicAccessBlockCommand({ Bucket }))
  expect((await read()).PublicAccessBlockConfiguration).toEqual(openBlock)
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }))
  expect(await refusal(read())).toBe('404 NoSuchPublicAccessBlockConfiguration')
  const tags = () => s3.send(new GetBucketTaggingCommand({ Bucket }))
  expect(await refusal(tags())).toBe('404 NoSuchTagSet')
  const TagSet = [{ Key: 'a', Value: '' }]
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  expect((await tags()).TagSet).toEqual(TagSet)
  const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] }
  await s3.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }))
  expect(sandbox.state.buckets.get(Bucket)?.ownership).toBe('ObjectWriter')
})

test('a public policy needs the public access block out of the way', async () => {
  const Bucket = await makeBucket()
  const Policy = publicPolicy(Bucket)
  const putPolicy = () => s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  await expect(putPolicy()).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
    message: expect.stringMatching(
      /because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access\.$/,
    ),
  })
  const read = () => s3.send(new GetBucketPolicyCommand({ Bucket }))
  expect(await refusal(read())).toBe('404 NoSuchBucketPolicy')
  const block = { Bucket, PublicAccessBlockConfiguration: openBlock }
  await s3.send(new PutPublicAccessBlockCommand(block))
  await putPolicy()
  expect((await read()).Policy).toBe(Policy)
  const status = await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))
  expect(status.PolicyStatus?.IsPublic).toBe(true)
  await s3.send(new DeleteBucketPolicyCommand({ Bucket }))
  expect(await refusal(read())).toBe('404 NoSuchBucketPolicy')
})

test.each([
  ['no JSON', () => 'oops'],
  ['an array', () => '[]'],
  ['no statement', () => '{"Version":"2012-10-17"}'],
  ['an unknown member', (b: string) => publicPolicy(b).replace('"Effect"', '"Effects"')],
  ['an unknown effect', (b: string) => publicPolicy(b).replace('Allow', 'Permit')],
  ["another bucket's objects", () => publicPolicy('brand-new')],
  ['an action of another service', (b: string) => publicPolicy(b).replace('s3:G', 'iam:G')],
  ['an object action on the bucket', (b: string) => publicPolicy(b).replace('/keys.json', '')],
  ['a bucket action on objects', (b: string) => publicPolicy(b).replace('GetObject', 'ListBucket')],
  [
    'an empty principal',
    (b: string) => publicPolicy(b).replace('"Principal":"*"', '"Principal":{}'),
  ],
  ['no principal', (b: string) => publicPolicy(b).replace('"Principal":"*",', '')],
])('a policy with %s is malformed', async (_, policy) => {
  const Bucket = await makeBucket()
  const command = new PutBucketPolicyCommand({ Bucket, Policy: policy(Bucket) })
  expect(await refusal(s3.send(command))).toBe('400 MalformedPolicy')
})

test('a policy for one CloudFront distribution is not public', async () => {
  const Bucket = await makeBucket()
  const Policy = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
      Condition: {
        StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::111122223333:distribution/E1' },
      },
    },
  })
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
  const status = await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))
  expect(status.PolicyStatus?.IsPublic).toBe(false)
})

test('strangers read what policy and public access block both let them, and nothing else', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'keys.json', { ContentType: 'application/json' })
  await put(Bucket, 'secret.json')
  const get = async (key: string, method = 'GET') =>
    (await fetchAs(sandbox, `${sandbox.url}/${Bucket}/${key}`, { method })).status
  expect(await get('keys.json')).toBe(403)
  const block = { Bucket, PublicAccessBlockConfiguration: openBlock }
  await s3.send(new PutPublicAccessBlockCommand(block))
  expect(await get('keys.json')).toBe(403)
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: publicPolicy(Bucket) }))
  expect(await get('keys.json')).toBe(200)
  expect(await get('keys.json', 'HEAD')).toBe(200)
  expect(await get('secret.json')).toBe(403)
  expect(await get('missing.json')).toBe(403)
  expect(await get('')).toBe(403)
  expect(await get('keys.json', 'PUT')).toBe(403)
  expect(await get('keys.json', 'DELETE')).toBe(403)
  const host = sandbox.url.replace('localhost', `${Bucket}.s3.eu-west-3.localhost`)
  const virtual = await fetchAs(sandbox, `${host}/keys.json`)
  expect(virtual).toMatchObject({ status: 200, body: '{"of":"keys.json"}' })
  expect(virtual.headers).toMatchObject({ 'content-type': 'application/json' })
  const shut = {
    Bucket,
    PublicAccessBlockConfiguration: { ...openBlock, RestrictPublicBuckets: true },
  }
  await s3.send(new PutPublicAccessBlockCommand(shut))
  expect(await get('keys.json')).toBe(403)
})

test('a policy that is not public admits its strangers whatever RestrictPublicBuckets says', async () => {
  const Bucket = await makeBucket()
  await put(Bucket, 'keys.json')
  const from = async (range: string) => {
    const Policy = publicPolicy(Bucket).replace(
      '"Effect"',
      `"Condition":{"IpAddress":{"aws:SourceIp":"${range}"}},"Effect"`,
    )
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy }))
    return (await fetchAs(sandbox, `${sandbox.url}/${Bucket}/keys.json`)).status
  }
  expect(await from('127.0.0.0/8')).toBe(200)
  expect(await from('203.0.113.0/24')).toBe(403)
})

test('a bucket with anything in it stays', async () => {
  const Bucket = await makeBucket()
  const remove = () => refusal(s3.send(new DeleteBucketCommand({ Bucket })))
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const { VersionId } = await put(Bucket, 'a')
  const deleted = await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
  expect(deleted.DeleteMarker).toBe(true)
  expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: 'a' })))).toBe('404 NoSuchKey')
  const old = await s3.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId }))
  expect(await old.Body?.transformToString()).toBe('{"of":"a"}')
  expect(await remove()).toBe('409 BucketNotEmpty')
  const listed = await s3.send(new ListObjectVersionsCommand({ Bucket }))
  expect(listed.Versions).toMatchObject([{ Key: 'a', VersionId, IsLatest: false }])
  expect(listed.DeleteMarkers).toMatchObject([{ Key: 'a', IsLatest: true }])
  for (const { Key, VersionId } of [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])]) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }))
  }
  expect(await remove()).toBe('it was done')
  expect(await remove()).toBe('404 NoSuchBucket')
})

test('lists come in pages, with prefixes and folders', async () => {
  const Bucket = await makeBucket()
  for (const key of ['a/1', 'a/2', 'b', 'c d&e', 'f']) await put(Bucket, key)
  const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2 }))
  expect(page.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2'])
  const ContinuationToken = page.NextContinuationToken
  const rest = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }))
  expect(rest).toMatchObject({ IsTruncated: false, KeyCount: 3 })
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(['b', 'c d&e', 'f'])
  const folders = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: '/' }))
  expect(folders.CommonPrefixes).toEqual([{ Prefix: 'a/' }])
  const versions = await s3.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, Prefix: '' }))
  expect(versions).toMatchObject({ IsTruncated: true, NextKeyMarker: 'a/2' })
})

test('what the sandbox does not do is said so', async () => {
  const answer = await refusal(
    s3.send(
      new PutObjectCommand({
        Bucket: 'brand-new',
        Key: 'a',
        Body: 'x',
        ChecksumXXHASH64: 'AAAAAAAAAAA=',
      }),
    ),
  )
  expect(answer).toBe('501 NotImplemented')
})
