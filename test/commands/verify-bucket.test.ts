import { spawnSync } from 'node:child_process'
import { PutBucketEncryptionCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bucket } from '../../src/sandbox/model.ts'
import { workplace, type Workplace } from '../support/cli.ts'
import { expectFault, verify } from '../support/verified.ts'
import { agentFor } from '../sandbox/clients.ts'

const NAME = 'irsa-x-111122223333-eu-west-3-an'
const DISCOVERY = '.well-known/openid-configuration'
const THEIRS = '999988887777'

const missing = spawnSync('aws', ['--version']).error !== undefined

/** Names below localhost are loopback (RFC 6761), which Python leaves to the machine's resolver. */
const SITE = `import socket
real = socket.getaddrinfo
def loopback(host, *rest, **named):
    name = host.decode() if isinstance(host, bytes) else host
    return real('127.0.0.1' if str(name).endswith('.localhost') else host, *rest, **named)
socket.getaddrinfo = loopback
`

let place: Workplace
/** For aws-cli, whose commands are run as they are printed. */
let cli: Record<string, string>

beforeAll(async () => {
  place = await workplace()
  const started = await place.run(['init', '--name', 'x', '--yes'])
  if (started.code !== 0) throw new Error(started.stderr)
  const site = join(place.cwd, '.python')
  await mkdir(site)
  await writeFile(join(site, 'sitecustomize.py'), SITE)
  cli = { PYTHONPATH: site, AWS_PAGER: '', AWS_REGION: place.aws.region }
})
afterAll(() => place[Symbol.asyncDispose]())

const bucket = (): Bucket => place.aws.state.buckets.get(NAME)!
const issuer = (): string => `${place.aws.url}/${NAME}`

function s3(): S3Client {
  const { env, url, region } = place.aws
  return new S3Client({
    endpoint: url,
    region,
    forcePathStyle: true,
    credentials: {
      accessKeyId: env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
    requestHandler: { httpsAgent: agentFor(place.aws) },
  })
}

/** As it was, where nothing here could mend it. */
async function renewed(): Promise<void> {
  place.aws.state.accountBlock = undefined
  place.aws.state.buckets.delete(NAME)
  expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
}

/** Another account has written what is there. */
function writtenByOthers(key: string): void {
  bucket().ownership = 'ObjectWriter'
  const [current, ...older] = bucket().objects.get(key)!
  bucket().objects.set(key, [{ ...current!, writer: THEIRS }, ...older])
}

/** Encrypts a document by a default of the bucket, as whoever uploads by hand would not notice. */
async function encryptByDefault(Key: string): Promise<void> {
  const SSEAlgorithm = 'aws:kms' as const
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }]
  const client = s3()
  await client.send(
    new PutBucketEncryptionCommand({
      Bucket: NAME,
      ServerSideEncryptionConfiguration: { Rules },
    }),
  )
  const Body = bucket().objects.get(Key)![0]!.body
  await client.send(
    new PutObjectCommand({ Bucket: NAME, Key, Body, ContentType: 'application/json' }),
  )
}

const statement = (more: object): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${NAME}/*`,
      ...more,
    },
  })

const OPEN = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: false }
const CLOSED = { ...OPEN, BlockPublicPolicy: true, RestrictPublicBuckets: true }

interface Row {
  readonly fault: string
  readonly finding: string
  readonly inject: () => unknown
  readonly says: RegExp
  readonly byHand?: string
  readonly link?: 'discovery' | 'jwks'
  /** Mended with aws-cli. */
  readonly cli?: true
}

const FAULTS: readonly Row[] = [
  {
    fault: 'the bucket is gone',
    finding: 'discovery/not-public-bucket-missing',
    inject: () => place.aws.state.buckets.delete(NAME),
    says: /nobody else can take it/,
  },
  {
    fault: 'the discovery document is gone',
    finding: 'discovery/not-public-object-missing',
    inject: () => bucket().objects.delete(DISCOVERY),
    says: /has no object \.well-known/,
  },
  {
    fault: 'the key set is gone',
    link: 'jwks',
    finding: 'jwks/not-public-object-missing',
    inject: () => bucket().objects.delete('keys.json'),
    says: /has no object keys\.json/,
  },
  {
    fault: 'the bucket policy is gone',
    finding: 'discovery/not-public-policy',
    inject: () => (bucket().policy = undefined),
    says: /has no policy/,
  },
  {
    fault: 'the bucket policy is for other objects',
    finding: 'discovery/not-public-policy',
    inject: () => (bucket().policy = statement({ Resource: `arn:aws:s3:::${NAME}/other/*` })),
    says: /other objects only/,
  },
  {
    fault: 'the bucket policy is for one account',
    finding: 'discovery/not-public-policy',
    inject: () => (bucket().policy = statement({ Principal: { AWS: THEIRS } })),
    says: /not by everybody/,
  },
  {
    fault: 'the bucket policy leaves the key set out',
    link: 'jwks',
    finding: 'jwks/not-public-policy',
    inject: () => (bucket().policy = statement({ Resource: `arn:aws:s3:::${NAME}/${DISCOVERY}` })),
    says: /other objects only/,
  },
  {
    fault: 'the bucket policy has a condition',
    finding: 'discovery/not-public-policy',
    inject: () =>
      (bucket().policy = statement({
        Condition: { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } },
      })),
    says: /aws:SourceIp/,
  },
  {
    fault: 'the bucket policy denies it',
    cli: true,
    finding: 'discovery/not-public-policy',
    inject: () => {
      const policy = JSON.parse(bucket().policy!) as { Statement: object[] }
      policy.Statement.push({
        Sid: 'OnlyUs',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:Get*',
        Resource: `arn:aws:s3:::${NAME}/*`,
        Condition: { StringNotEquals: { 'aws:PrincipalAccount': place.aws.account } },
      })
      bucket().policy = JSON.stringify(policy)
    },
    says: /"OnlyUs"/,
  },
  {
    fault: 'public access is blocked for the bucket',
    finding: 'discovery/not-public-bucket-block',
    inject: () => (bucket().block = CLOSED),
    says: /RestrictPublicBuckets/,
  },
  {
    fault: 'public access is blocked for the account',
    cli: true,
    finding: 'discovery/not-public-account-block',
    inject: () => (place.aws.state.accountBlock = CLOSED),
    says: /the whole account/,
  },
  {
    fault: 'the account blocks what is public, its ACLs left alone',
    cli: true,
    finding: 'discovery/not-public-account-block',
    inject: () =>
      (place.aws.state.accountBlock = {
        ...OPEN,
        BlockPublicAcls: false,
        RestrictPublicBuckets: true,
      }),
    says: /the whole account/,
  },
  {
    fault: 'public access is blocked for the organization',
    finding: 'discovery/not-public-organization-block',
    inject: () => (place.aws.state.organizationEnforced = true),
    says: /organization/,
    byHand: 'only the management account of an organization changes its policies',
  },
  {
    fault: 'the discovery document belongs to another account',
    cli: true,
    finding: 'discovery/not-public-ownership',
    inject: () => writtenByOthers(DISCOVERY),
    says: /BucketOwnerEnforced/,
  },
  {
    fault: 'the discovery document is encrypted with KMS',
    finding: 'discovery/not-public-kms',
    inject: () => encryptByDefault(DISCOVERY),
    says: /KMS key/,
  },
  {
    fault: 'the key set is encrypted with KMS',
    link: 'jwks',
    finding: 'jwks/not-public-kms',
    inject: () => encryptByDefault('keys.json'),
    says: /KMS key/,
  },
  {
    fault: 'requesters pay',
    cli: true,
    finding: 'discovery/not-public-requester-pays',
    inject: () => (bucket().requesterPays = true),
    says: /signed requests/,
  },
]

describe('why a document in S3 is not public', { timeout: 120_000 }, () => {
  test.each(FAULTS)('$fault', async ({ link = 'discovery', says, cli: needsCli, ...row }) => {
    const without = needsCli && missing ? { byHand: 'aws-cli is not installed' } : {}
    const fault = { ...row, ...without, link, env: cli }
    const { findings } = (await expectFault(place, fault)).link(link)
    expect(`${findings[0]?.summary}\n${findings[0]?.why}`).toMatch(says)
    place.aws.state.organizationEnforced = false
    if ('byHand' in without) return renewed()
    expect((await verify(place)).link(link).status).toBe('pass')
  })

  test('everything of it is seen at once', async () => {
    bucket().policy = undefined
    bucket().block = CLOSED
    const [finding] = (await verify(place)).link('discovery').findings
    expect(finding).toMatchObject({ id: 'discovery/not-public-bucket-block' })
    expect(finding?.why).toMatch(/Besides, the bucket .* has no policy/)
    expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
  })
})

/** Credentials that may do everything but these. */
const allBut = (...denied: string[]) => ({
  accessKeyId: 'AKIALESSEXAMPLE',
  secretAccessKey: 'less',
  policy: {
    Statement: [
      { Effect: 'Allow' as const, Action: '*', Resource: '*' },
      { Effect: 'Deny' as const, Action: denied, Resource: '*' },
    ],
  },
})

/** The same place, as somebody sees it who may not call these. */
async function verifyWithout(...denied: string[]) {
  const { accessKeyId, secretAccessKey, policy } = allBut(...denied)
  place.aws.state.credentials.set(accessKeyId, {
    kind: 'user',
    name: 'less',
    userId: 'AIDALESS',
    secretAccessKey,
    policy,
  })
  return verify(place, [], {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  })
}

describe('with permissions missing', { timeout: 120_000 }, () => {
  test.each([
    's3:ListBucket',
    's3:GetBucketPolicy',
    's3:GetAccountPublicAccessBlock',
    's3:GetBucketOwnershipControls',
    's3:GetBucketAcl',
    's3:GetObject',
    's3:GetBucketRequestPayment',
  ])('%s is named, and the rest is seen', async (permission) => {
    bucket().block = CLOSED
    const [finding] = (await verifyWithout(permission)).link('discovery').findings
    bucket().block = { ...OPEN, RestrictPublicBuckets: false }
    expect(finding?.id).toBe('discovery/not-public-bucket-block')
    expect(finding?.why).toContain(`(These credentials may not call ${permission})`)
  })

  test('without a look at the organization, the account or the organization it is', async () => {
    place.aws.state.organizationEnforced = true
    const denied = 'organizations:DescribeEffectivePolicy'
    const [finding] = (await verifyWithout(denied)).link('discovery').findings
    place.aws.state.organizationEnforced = false
    expect(finding).toMatchObject({
      id: 'discovery/not-public-account-block',
      summary: expect.stringContaining('account 111122223333, or its organization, blocks'),
      why: expect.stringContaining(denied),
      fix: expect.stringContaining(
        'aws organizations describe-effective-policy --policy-type S3_POLICY',
      ),
    })
  })

  test('where nothing may be seen, it says so', async () => {
    bucket().block = CLOSED
    const [finding] = (await verifyWithout('s3:*')).link('discovery').findings
    bucket().block = { ...OPEN, RestrictPublicBuckets: false }
    expect(finding).toMatchObject({
      id: 'discovery/not-public',
      why: expect.stringMatching(/bucket of another account[^]*s3:GetBucketPolicy/),
    })
  })
})

const STRANGER = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' }

describe('without credentials', { timeout: 120_000 }, () => {
  test('what it may be is listed', async () => {
    bucket().policy = undefined
    const [finding] = (await verify(place, [], STRANGER)).link('discovery').findings
    expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
    expect(finding).toMatchObject({
      id: 'discovery/not-public',
      why: expect.stringMatching(/policy.*public access block.*ownership.*encryption.*not there/),
      fix: expect.stringMatching(/credentials of its account would tell/),
    })
  })

  test('that the bucket is gone, and KMS, is told to strangers as well', async () => {
    await encryptByDefault(DISCOVERY)
    const kms = await verify(place, [], STRANGER)
    place.aws.state.buckets.delete(NAME)
    const gone = await verify(place, ['--no-aws'])
    expect(await place.run(['apply', '--yes'])).toMatchObject({ code: 0 })
    expect(kms.link('discovery').findings[0]?.id).toBe('discovery/not-public-kms')
    expect(gone.link('discovery').findings[0]?.id).toBe('discovery/not-public-bucket-missing')
  })
})

describe('without irsa.yaml', { timeout: 120_000 }, () => {
  /** In the same folder and account, with the URL alone. */
  async function alone<T>(work: (args: readonly string[]) => Promise<T>): Promise<T> {
    await rename(join(place.cwd, 'irsa.yaml'), join(place.cwd, 'kept.yaml'))
    try {
      return await work(['--issuer', issuer()])
    } finally {
      await rename(join(place.cwd, 'kept.yaml'), join(place.cwd, 'irsa.yaml'))
    }
  }

  test('the documents are published by flags alone', () =>
    alone((args) =>
      expectFault(place, {
        fault: 'the discovery document is gone, and there is no irsa.yaml',
        link: 'discovery',
        finding: 'discovery/not-public-object-missing',
        args,
        inject: () => bucket().objects.delete(DISCOVERY),
      }),
    ))

  test.skipIf(missing)('and without the public key, aws-cli puts the policy', () =>
    alone(async (args) => {
      await rename(join(place.cwd, 'keys'), join(place.cwd, 'kept-keys'))
      try {
        await expectFault(place, {
          fault: 'the bucket policy and block are as on the first day, and there is no irsa.yaml',
          link: 'discovery',
          finding: 'discovery/not-public-policy',
          args,
          env: cli,
          inject: () => {
            bucket().policy = undefined
            bucket().block = { ...OPEN, BlockPublicPolicy: true, RestrictPublicBuckets: false }
          },
        })
      } finally {
        await rename(join(place.cwd, 'kept-keys'), join(place.cwd, 'keys'))
      }
    }),
  )

  test('a name that anybody can take is warned of', async () => {
    const args = ['--issuer', `${place.aws.url}/oidc-of-nobody`]
    const gone = await verify(place, [...args, '--no-cluster'])
    expect(gone.link('discovery').findings[0]).toMatchObject({
      id: 'discovery/not-public-bucket-missing',
      why: expect.stringContaining('Anybody can make a bucket of this name'),
    })
  })
})
