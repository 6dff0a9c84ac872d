import { describe, expect, test } from 'vitest'
import { closedFinding } from '../../src/core/verify/closed-bucket-finding.ts'
import { objectBehind, regionOfHost } from '../../src/core/verify/closed-bucket-place.ts'
import { judgeStranger, policyWithout } from '../../src/core/verify/closed-bucket-policy.ts'
import { type BucketSeen, causesOf } from '../../src/core/verify/closed-bucket.ts'
import { seen, unseen } from '../../src/core/verify/link.ts'

const ISSUER = 'https://oidc.example.com'

describe('the object behind a URL', () => {
  const clues = { issuer: ISSUER, kept: undefined, endpoint: undefined }

  test.each([
    ['https://b.s3.eu-west-3.amazonaws.com/keys.json', 'b', 'keys.json', 'eu-west-3'],
    ['https://b.s3.eu-west-3.amazonaws.com/a/b/keys.json', 'b', 'a/b/keys.json', 'eu-west-3'],
    ['https://b.s3.dualstack.eu-west-3.amazonaws.com/k', 'b', 'k', 'eu-west-3'],
    ['https://b.s3-eu-west-1.amazonaws.com/k', 'b', 'k', 'eu-west-1'],
    ['https://b.s3.amazonaws.com/k', 'b', 'k', undefined],
    ['https://b.c.s3.us-gov-west-1.amazonaws.com/k', 'b.c', 'k', 'us-gov-west-1'],
    ['https://b.s3.cn-north-1.amazonaws.com.cn/k', 'b', 'k', 'cn-north-1'],
    ['https://b.s3.eusc-de-east-1.amazonaws.eu/k', 'b', 'k', 'eusc-de-east-1'],
    ['https://s3.eu-west-3.amazonaws.com/b/p/keys.json', 'b', 'p/keys.json', 'eu-west-3'],
    ['https://s3.amazonaws.com/b/k', 'b', 'k', undefined],
  ])('%s', (url, bucket, key, region) => {
    expect(objectBehind(url, clues)).toEqual({ bucket, key, region })
    expect(regionOfHost(url)).toBe(region)
  })

  test.each([
    'https://oidc.example.com/keys.json',
    'https://d111111abcdef8.cloudfront.net/keys.json',
    'https://b.s3.eu-west-3.example.com/k',
    'https://b.s3.cn-north-1.amazonaws.com/k',
    'https://s3.eu-west-3.amazonaws.com/b',
    'https://s3.example.com.evil.test/k',
    'https://b.s3.eu-west-3.amazonaws.com/%ff',
    'https://s3.eu-west-3.amazonaws.com/b/%ff/keys.json',
  ])('%s is none', (url) => {
    expect(objectBehind(url, clues)).toBeUndefined()
  })

  test('is in the bucket of irsa.yaml, whatever the host in front of it', () => {
    const host = { type: 's3', bucket: 'b', prefix: 'blue' } as const
    const kept = { host, region: 'eu-west-3' }
    expect(objectBehind(`${ISSUER}/keys.json`, { ...clues, kept })).toEqual({
      bucket: 'b',
      key: 'blue/keys.json',
      region: 'eu-west-3',
    })
    expect(objectBehind('https://other.test/keys.json', { ...clues, kept })).toBeUndefined()
  })

  test('is in the path of an endpoint of somebody else', () => {
    const endpoint = 'https://localhost:4566'
    expect(objectBehind(`${endpoint}/b/p/k`, { ...clues, endpoint })).toMatchObject({
      bucket: 'b',
      key: 'p/k',
    })
  })
})

const ARN = 'arn:aws:s3:::b/keys.json'
const allow = {
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::b/*',
}
const deny = { ...allow, Effect: 'Deny' }
const TLS = { Bool: { 'aws:SecureTransport': 'false' } }
const judge = (...Statement: object[]) => judgeStranger(JSON.stringify({ Statement }), ARN)

describe('what a bucket policy says to strangers', () => {
  test.each([
    ['everybody', allow],
    ['everybody, in a list', { ...allow, Principal: { AWS: ['*'] } }],
    ['one object', { ...allow, Resource: [ARN] }],
    ['a pattern of actions', { ...allow, Action: ['S3:get*'] }],
    ['all but some actions', { ...allow, Action: undefined, NotAction: 's3:PutObject' }],
    ['all but some objects', { ...allow, Resource: undefined, NotResource: 'arn:aws:s3:::b/x' }],
    ['TLS alone', { ...allow, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
  ])('is yes: %s', (_, statement) => {
    expect(judge(statement)).toEqual({ kind: 'allowed' })
  })

  test.each([
    ['other objects', { ...allow, Resource: 'arn:aws:s3:::b/x/*' }, /other objects only/],
    ['an account', { ...allow, Principal: { AWS: '111122223333' } }, /not by everybody/],
    ['CloudFront', { ...allow, Principal: { Service: 'cloudfront.amazonaws.com' } }, /not by/],
    ['listing', { ...allow, Action: 's3:GetObjectAcl' }, /not for s3:GetObject/],
  ])('is nothing, though it comes close: %s', (_, statement, says) => {
    const verdict = judge(statement)
    expect(verdict).toMatchObject({ kind: 'silent', nearly: expect.stringMatching(says) })
  })

  test('is nothing where there is none, or none that can be read', () => {
    expect(judgeStranger(undefined, ARN)).toEqual({ kind: 'no-policy' })
    expect(judgeStranger('{', ARN)).toEqual({ kind: 'unreadable' })
    expect(judge()).toEqual({ kind: 'silent', nearly: undefined })
  })

  test('is a condition', () => {
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }
    expect(judge({ ...allow, Sid: 'Org', Condition })).toMatchObject({
      kind: 'conditional',
      statement: '"Org"',
      keys: ['aws:PrincipalOrgID'],
    })
    expect(judge({ ...allow, Condition }, allow)).toEqual({ kind: 'allowed' })
  })

  test('is no, where a Deny holds', () => {
    expect(judge(allow, deny)).toMatchObject({ kind: 'denied', statement: 'number 2', keys: [] })
    expect(judge(allow, { ...deny, Condition: TLS })).toEqual({ kind: 'allowed' })
    expect(
      judge(allow, { ...deny, NotPrincipal: { AWS: '1' }, Principal: undefined }),
    ).toMatchObject({ kind: 'denied' })
    const Condition = { NotIpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }
    expect(judge(allow, { ...deny, Condition })).toMatchObject({
      kind: 'denied',
      keys: ['aws:SourceIp'],
    })
  })

  test('is the same policy without the statement that is taken out', () => {
    const text = JSON.stringify({ Version: 'x', Statement: [allow, deny] })
    expect(JSON.parse(policyWithout(text, 1)!)).toEqual({ Version: 'x', Statement: [allow] })
    expect(policyWithout(JSON.stringify({ Statement: deny }), 0)).toBeUndefined()
  })
})

const ALL = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
}
const HEALTHY: BucketSeen = {
  place: { bucket: 'b', key: 'keys.json', region: 'eu-west-3' },
  arn: ARN,
  account: seen('111122223333'),
  object: seen({ owner: 'us' }),
  policy: seen(JSON.stringify({ Statement: allow })),
  bucketBlock: seen(undefined),
  accountBlock: seen(undefined),
  imposed: seen(false),
  ownership: seen('BucketOwnerEnforced'),
  bucketOwner: seen('us'),
  encryption: seen('AES256'),
  payer: seen('BucketOwner'),
}
const kinds = (more: Partial<BucketSeen>): string[] =>
  causesOf({ ...HEALTHY, ...more }).map(({ kind }) => kind)

describe('the causes', () => {
  test('are none in a healthy bucket', () => {
    expect(kinds({})).toEqual([])
  })

  test.each<[string, Partial<BucketSeen>, string[]]>([
    [
      'no bucket, and nothing else',
      { object: seen('no-bucket'), policy: seen(undefined) },
      ['bucket-missing'],
    ],
    ['no object', { object: seen('none'), encryption: seen(undefined) }, ['object-missing']],
    ['no policy', { policy: seen(undefined) }, ['policy']],
    ['the organization', { accountBlock: seen(ALL), imposed: seen(true) }, ['organization-block']],
    ['the account', { accountBlock: seen(ALL) }, ['account-block']],
    ['the bucket', { bucketBlock: seen(ALL) }, ['bucket-block']],
    [
      'a policy that is there is not undone by BlockPublicPolicy',
      { accountBlock: seen({ ...ALL, restrictPublicBuckets: false }) },
      [],
    ],
    [
      'one that is not there cannot be put with it',
      {
        accountBlock: seen({ ...ALL, restrictPublicBuckets: false }),
        policy: seen(undefined),
      },
      ['account-block', 'policy'],
    ],
    [
      'the account first, since nothing else helps before',
      { accountBlock: seen(ALL), bucketBlock: seen(ALL), object: seen('none') },
      ['account-block', 'object-missing', 'bucket-block'],
    ],
    ['KMS', { encryption: seen('aws:kms') }, ['kms']],
    ['KMS twice over', { encryption: seen('aws:kms:dsse') }, ['kms']],
    ['the requester pays', { payer: seen('Requester') }, ['requester-pays']],
    [
      "somebody else's object",
      { object: seen({ owner: 'them' }), ownership: seen('ObjectWriter') },
      ['ownership'],
    ],
    [
      "somebody else's object where ownership was never set",
      { object: seen({ owner: 'them' }), ownership: seen(undefined) },
      ['ownership'],
    ],
    ['one that was theirs', { object: seen({ owner: 'them' }) }, []],
  ])('%s', (_, more, causes) => {
    expect(kinds(more)).toEqual(causes)
  })
})

describe('the finding', () => {
  const document = { link: 'jwks', url: `${ISSUER}/keys.json`, status: 403 } as const
  const mending = {
    rewrite: undefined,
    options: ' --region eu-west-3',
    issuer: ISSUER,
    region: 'eu-west-3',
    prefix: '',
  }
  const finding = (more: Partial<BucketSeen>, rewrite?: string) =>
    closedFinding(document, { ...HEALTHY, ...more }, { ...mending, rewrite })

  test('leaves the switches for ACLs as they are', () => {
    const block = { ...ALL, blockPublicAcls: false }
    expect(finding({ accountBlock: seen(block) }).command).toBe(
      'aws s3control put-public-access-block --account-id 111122223333 --public-access-block-configuration BlockPublicAcls=false,IgnorePublicAcls=true,BlockPublicPolicy=false,RestrictPublicBuckets=false --region eu-west-3',
    )
  })

  test('says what to type in words that a shell takes as they are', () => {
    const issuer = `${ISSUER}/$(id)`
    const told = closedFinding(
      document,
      { ...HEALTHY, object: seen('none') },
      { ...mending, issuer },
    )
    expect(told.fix).toContain(`--issuer '${issuer}' --public-key`)
  })

  test('has irsa mend what irsa can', () => {
    const mendable: readonly Partial<BucketSeen>[] = [
      { object: seen('none') },
      { policy: seen(undefined) },
      { bucketBlock: seen(ALL) },
      { encryption: seen('aws:kms') },
    ]
    for (const more of mendable) {
      expect(finding(more, 'irsa apply').command).toBe('irsa apply')
    }
  })

  test('takes out a Deny, and keeps the rest', () => {
    const policy = seen(
      JSON.stringify({
        Statement: [
          { ...deny, Sid: 'No' },
          { ...allow, Sid: 'X' },
        ],
      }),
    )
    const { command = '' } = finding({ policy }, 'irsa apply')
    expect(command).toMatch(/^aws s3api put-bucket-policy --bucket b --policy '.*"X".*' --region/)
    expect(command).not.toContain('"No"')
    expect(command).toContain('IrsaPublicDocuments')
  })

  test('has words where there is no command', () => {
    expect(finding({ object: seen('none') })).not.toHaveProperty('command')
    expect(finding({ object: seen('none') }).fix).toContain(
      `irsa publish-jwks --bucket b --issuer ${ISSUER} --public-key`,
    )
  })

  test('groups what could not be looked at by its reason', () => {
    const why = unseen('These credentials may not call s3:X. AWS refused it for b')
    const { why: said } = finding({ policy: why, payer: why, bucketBlock: seen(ALL) })
    expect(said).toContain(
      'Not looked at: the bucket policy, who pays for requests (These credentials may not call s3:X).',
    )
  })

  test('says so where nothing is to be seen', () => {
    expect(finding({})).toMatchObject({
      id: 'jwks/not-public',
      why: expect.stringContaining('RCP'),
    })
    const none = unseen('No AWS credentials were found. Neither here nor there', 'Log in.')
    const all = Object.fromEntries(Object.keys(HEALTHY).map((name) => [name, none])) as object
    const { place, arn } = HEALTHY
    const untold = closedFinding(document, { ...(all as BucketSeen), place, arn }, mending)
    expect(untold.fix).toMatch(/^AWS credentials .* but no AWS credentials were found/)
  })
})
