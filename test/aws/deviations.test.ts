/**
 * Where moto 5.2.1 is not AWS, as far as irsa gets near it. Every line is proved below, so that a
 * newer moto that behaves better is noticed.
 *
 *   what                                  | AWS                                   | moto 5.2.1
 *   --------------------------------------+---------------------------------------+---------------------------
 *   signatures, credentials               | checked                               | any are taken
 *   CreateBucket: tags                    | kept                                  | dropped
 *   CreateBucket: "-an" without namespace | refused                               | made
 *   new bucket: public access block       | all four switches on                  | none
 *   BlockPublicPolicy                     | refuses public policies               | refuses nothing
 *   RestrictPublicBuckets                 | strangers get 403                     | they get 200
 *   bucket policy: Condition              | decides whether a statement applies   | not looked at
 *   ExpectedBucketOwner                   | 403 when somebody else owns it        | not looked at
 *   account's public access block         | at the host <account>.s3-control      | no such host on loopback
 *   AddClientIDToOpenIDConnectProvider    | 200                                   | 500, not implemented
 *   provider without a thumbprint         | IAM asks the issuer for one           | stays without
 *   issuer with a port                    | refused                               | taken
 *   trust policy over 2,048 characters    | LimitExceeded                         | taken
 *   inline policies over 10,240           | LimitExceeded                         | taken
 *   role names in another case            | the same role                         | other roles
 *   AWS's own managed policies            | there                                 | none, unless all are loaded
 *   a boundary that does not exist        | NoSuchEntity                          | taken
 *   GetAccountAuthorizationDetails        | documents percent-encoded             | documents as they are
 *   AssumeRoleWithWebIdentity             | fetches the keys, checks the token    | credentials for any text
 *
 * Like AWS are: the names of the account-regional namespace, LocationConstraint,
 * BucketAlreadyOwnedByYou outside us-east-1, 412 for If-Match and If-None-Match, 403 for strangers
 * where no policy lets them in, versions, BucketNotEmpty, EntityAlreadyExists, NoSuchEntity,
 * DeleteConflict of roles with policies or in instance profiles, MalformedPolicyDocument. moto
 * holds no lock between the check and the write of a conditional PutObject; no test has met that.
 */
import {
  AddClientIDToOpenIDConnectProviderCommand,
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetAccountAuthorizationDetailsCommand,
  GetOpenIDConnectProviderCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import { GetPublicAccessBlockCommand as GetAccountBlockCommand } from '@aws-sdk/client-s3-control'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import { ACCOUNT, iam, moto, readAnonymously, s3Control, s3In, sts, withoutMoto } from './moto.ts'

const REGION = 'eu-west-3'
const LocationConstraint = REGION
const CLOSED = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

const s3 = s3In(REGION)
const Bucket = 'deviating'
const Key = 'document'
const name = { Bucket }

const policy = (more: object = {}) => {
  const Resource = `arn:aws:s3:::${Bucket}/${Key}`
  const open = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource, ...more }
  return JSON.stringify({ Version: '2012-10-17', Statement: [open] })
}

const statusOf = (answer: { readonly $metadata: { readonly httpStatusCode?: number } }) =>
  answer.$metadata.httpStatusCode

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'not refused',
    (error: unknown) => error,
  )

describe.skipIf(withoutMoto).sequential('moto on S3', () => {
  test('drops the tags of a new bucket, and opens it', async () => {
    const Tags = [{ Key: 'managed-by', Value: 'irsa' }]
    const CreateBucketConfiguration = { LocationConstraint, Tags } as const
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }))
    expect(await refusal(s3.send(new GetBucketTaggingCommand(name)))).toMatchObject({
      name: 'NoSuchTagSet',
    })
    expect(await refusal(s3.send(new GetPublicAccessBlockCommand(name)))).toMatchObject({
      name: 'NoSuchPublicAccessBlockConfiguration',
    })
  })

  test('takes a name of the account-regional namespace without the header, and checks it with', async () => {
    const create = (bucket: string, more: object) =>
      s3.send(
        new CreateBucketCommand({
          Bucket: bucket,
          CreateBucketConfiguration: { LocationConstraint },
          ...more,
        }),
      )
    expect(statusOf(await create(`a-${ACCOUNT}-${REGION}-an`, {}))).toBe(200)
    const namespaced = { BucketNamespace: 'account-regional' } as const
    const foreign = create(`a-210987654321-${REGION}-an`, namespaced)
    expect(await refusal(foreign)).toMatchObject({ $metadata: { httpStatusCode: 400 } })
    const again = create(`a-${ACCOUNT}-${REGION}-an`, namespaced)
    expect(await refusal(again)).toMatchObject({ name: 'BucketAlreadyOwnedByYou' })
  })

  test('lets strangers in by policy alone, whatever the public access block says', async () => {
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }))
    const url = `${moto.endpoint}/${Bucket}/${Key}`
    expect((await readAnonymously(url)).status).toBe(403)

    const block = { Bucket, PublicAccessBlockConfiguration: CLOSED }
    await s3.send(new PutPublicAccessBlockCommand(block))
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy() }))
    expect((await readAnonymously(url)).status).toBe(200)
  })

  test('does not look at the conditions of a policy', async () => {
    const plainHttp = { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(plainHttp) }))
    expect((await readAnonymously(`${moto.endpoint}/${Bucket}/${Key}`)).status).toBe(403)
    await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: policy() }))
  })

  test('does not look at the expected owner', async () => {
    const ExpectedBucketOwner = '210987654321'
    expect(statusOf(await s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner })))).toBe(
      200,
    )
  })

  test('knows conditional writes', async () => {
    const put = { Bucket, Key, Body: '{}' }
    const failed = { name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } }
    const fresh = s3.send(new PutObjectCommand({ ...put, IfNoneMatch: '*' }))
    expect(await refusal(fresh)).toMatchObject(failed)
    const stale = s3.send(new PutObjectCommand({ ...put, IfMatch: `"${'0'.repeat(32)}"` }))
    expect(await refusal(stale)).toMatchObject(failed)
  })

  test('has no host for S3 Control, which puts the account in front', async () => {
    const asked = s3Control.send(new GetAccountBlockCommand({ AccountId: ACCOUNT }))
    expect(await refusal(asked)).toBeInstanceOf(Error)
  })
})

describe.skipIf(withoutMoto)('moto on IAM and STS', () => {
  const Url = `${moto.endpoint}/deviating`
  const OpenIDConnectProviderArn = `arn:aws:iam::${ACCOUNT}:oidc-provider/${Url.replace('https://', '')}`

  test('takes an issuer with a port, asks it for no thumbprint, and adds no audience', async () => {
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['one'] }))
    const get = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })
    expect((await iam.send(get)).ThumbprintList ?? []).toEqual([])
    const add = { OpenIDConnectProviderArn, ClientID: 'two' }
    const added = iam.send(new AddClientIDToOpenIDConnectProviderCommand(add))
    expect(await refusal(added)).toMatchObject({ $metadata: { httpStatusCode: 500 } })
    const again = iam.send(new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['one'] }))
    expect(await refusal(again)).toMatchObject({ name: 'EntityAlreadyExistsException' })
  })

  describe('roles', () => {
    const RoleName = 'Deviating'
    const Service = 'ec2.amazonaws.com'
    const trusting = (Sid: string) =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: { Sid, Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' },
      })
    const missing = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess'

    test('may be longer than any quota, and share a name but for its case', async () => {
      const AssumeRolePolicyDocument = trusting('x'.repeat(5000))
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))
      const again = { RoleName: RoleName.toLowerCase(), AssumeRolePolicyDocument: trusting('x') }
      expect(statusOf(await iam.send(new CreateRoleCommand(again)))).toBe(200)
      const Statement = {
        Effect: 'Allow',
        Action: 's3:*',
        Resource: `arn:aws:s3:::${'x'.repeat(10_241)}`,
      }
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
      const put = new PutRolePolicyCommand({ RoleName, PolicyName: 'long', PolicyDocument })
      expect(statusOf(await iam.send(put))).toBe(200)
      expect(await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).toMatchObject({
        name: 'DeleteConflictException',
      })
    })

    test("have none of AWS's policies attached, and any boundary", async () => {
      const attach = new AttachRolePolicyCommand({ RoleName, PolicyArn: missing })
      expect(await refusal(iam.send(attach))).toMatchObject({ name: 'NoSuchEntityException' })
      const bound = new PutRolePermissionsBoundaryCommand({
        RoleName,
        PermissionsBoundary: missing,
      })
      expect(statusOf(await iam.send(bound))).toBe(200)
    })

    test('come with documents as they are, all at once', async () => {
      const all = await iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }))
      const documents = (all.RoleDetailList ?? []).map((role) => role.AssumeRolePolicyDocument?.[0])
      expect(new Set(documents)).toEqual(new Set(['{']))
    })
  })

  test('gives credentials for a token that is none', async () => {
    const { Credentials } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/which-nobody-made`,
        RoleSessionName: 'anybody',
        WebIdentityToken: 'not a token',
      }),
    )
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA/)
  })
})
