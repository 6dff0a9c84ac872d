import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3'
import {
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
} from '@aws-sdk/client-sts'
import { beforeAll, expect, test } from 'vitest'
import { clientsFor, fetchAs, refusal, sandboxForTests } from './clients.ts'
import * as fixture from './issuer.ts'

let ahead = 0
const sandbox = await sandboxForTests({ now: () => new Date(Date.now() + ahead) })
const issuer = `${sandbox.url}/issuer`
const claims = issuer.replace('https://', '')
const { iam, sts } = clientsFor(sandbox, { maxAttempts: 1 } as object)
const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512']
const signers = await Promise.all(algorithms.map((alg) => fixture.makeSigner(alg)))
const [rsa, , , ec] = signers as [fixture.Signer, unknown, unknown, fixture.Signer]
const keys = signers.map(({ jwk }) => jwk)
const { AUDIENCE, SUBJECT } = fixture
let role = ''

beforeAll(async () => {
  await fixture.publicBucket(sandbox, 'issuer')
  await fixture.publish(sandbox, issuer, { keys })
  await fixture.makeProvider(sandbox, issuer)
  const condition = { StringEquals: { [`${claims}:aud`]: AUDIENCE, [`${claims}:sub`]: SUBJECT } }
  role = await fixture.makeRole(sandbox, { name: 'app', issuer, condition })
})

const assume = (
  WebIdentityToken: string,
  more: Partial<AssumeRoleWithWebIdentityCommandInput> = {},
) =>
  sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: role,
      RoleSessionName: 'pod',
      WebIdentityToken,
      ...more,
    }),
  )

test.each(signers)('a token signed with $alg becomes credentials', async (signer) => {
  const answer = await assume(await fixture.sign(signer, issuer))
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: SUBJECT,
    Audience: AUDIENCE,
    Provider: fixture.providerArn(issuer),
    AssumedRoleUser: { Arn: 'arn:aws:sts::111122223333:assumed-role/app/pod' },
  })
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
  expect(Math.abs((Expiration?.getTime() ?? 0) - Date.now() - 3_600_000)).toBeLessThan(10_000)
  const credentials = {
    accessKeyId: AccessKeyId ?? '',
    secretAccessKey: SecretAccessKey ?? '',
    sessionToken: SessionToken ?? '',
  }
  const identity = await clientsFor(sandbox, { credentials }).sts.send(
    new GetCallerIdentityCommand(),
  )
  expect(identity).toMatchObject({
    Account: '111122223333',
    Arn: 'arn:aws:sts::111122223333:assumed-role/app/pod',
    UserId: answer.AssumedRoleUser?.AssumedRoleId,
  })
})

test('session credentials do what the role may, until they expire', async () => {
  const { Credentials } = await assume(await fixture.sign(rsa, issuer), { DurationSeconds: 900 })
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  }
  const session = clientsFor(sandbox, { credentials, maxAttempts: 1 } as object)
  const list = () => refusal(session.s3.send(new ListObjectsV2Command({ Bucket: 'issuer' })))
  expect(await list()).toBe('403 AccessDenied')
  const statement = { Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::issuer' }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statement })
  const policy = { RoleName: 'app', PolicyName: 'list', PolicyDocument }
  await iam.send(new PutRolePolicyCommand(policy))
  expect(await list()).toBe('it was done')
  const write = new PutObjectCommand({ Bucket: 'issuer', Key: 'x', Body: 'x' })
  expect(await refusal(session.s3.send(write))).toBe('403 AccessDenied')
  const { sessionToken: _, ...bare } = credentials
  const tokenless = clientsFor(sandbox, { credentials: bare }).sts
  expect(await refusal(tokenless.send(new GetCallerIdentityCommand()))).toBe(
    '403 InvalidClientTokenId',
  )
  ahead = 901_000
  session.s3.config.systemClockOffset = ahead
  expect(await list()).toBe('400 ExpiredToken')
  ahead = 0
})

const now = Math.floor(Date.now() / 1000)

test.each([
  ['another issuer', {}, { iss: `${issuer}/` }, /^No OpenIDConnect provider found in your account/],
  ['another audience', {}, { aud: ['kubernetes'] }, /^Incorrect token audience$/],
  ['azp in place of aud', {}, { azp: 'kubernetes' }, /^Incorrect token audience$/],
  ['no audience', {}, { aud: undefined }, /^Missing a required claim: aud$/],
  ['no subject', {}, { sub: undefined }, /^Missing a required claim: sub$/],
  ['a subject of five characters', {}, { sub: 'short' }, /^The sub claim must have 6 to 255/],
  ['a subject of 256 characters', {}, { sub: 's'.repeat(256) }, /^The sub claim must have 6 to/],
  ['no issuing time', {}, { iat: undefined }, /^Missing a required claim: iat$/],
  ['no end', {}, { exp: undefined }, /^Missing a required claim: exp$/],
  ['broken seconds', {}, { iat: now + 0.5 }, /must be an integer/],
  ['a start in an hour', {}, { nbf: now + 3600 }, /not valid yet/],
  ['an unknown key id', { kid: 'unknown' }, {}, /^Couldn't retrieve verification key/],
  ['no key id', { kid: undefined }, {}, /^Couldn't retrieve verification key/],
])('a token with %s is refused', async (_, header, body, message) => {
  const token = await fixture.sign(rsa, issuer, body, header)
  await expect(assume(token)).rejects.toMatchObject({
    name: 'InvalidIdentityTokenException',
    Code: 'InvalidIdentityToken',
    $metadata: { httpStatusCode: 400 },
    message: expect.stringMatching(message),
  })
})

test('a token that is none is refused', async () => {
  await expect(assume('not.a.token')).rejects.toThrow(/^The ID Token provided is not a valid JWT\./)
})

test('a token that somebody else signed under the same key id is refused', async () => {
  const impostor = await fixture.makeSigner('RS256')
  await expect(assume(await fixture.sign(impostor, issuer))).rejects.toThrow(/signature/)
})

test.each([
  ['', 'NO_VERSION_SPECIFIED'],
  ['&Version=2010-05-08', '2010-05-08'],
])('an exchange with the version "%s" is no action of STS', async (version, named) => {
  const url = `${sandbox.url}/?Action=AssumeRoleWithWebIdentity${version}`
  expect(await fetchAs(sandbox, url)).toMatchObject({
    status: 400,
    body: expect.stringContaining(
      `<Code>InvalidAction</Code><Message>Could not find operation AssumeRoleWithWebIdentity for version ${named}`,
    ),
  })
})

test('a token is good until five minutes after its end', async () => {
  const inTime = await fixture.sign(rsa, issuer, { exp: now - 240 })
  expect(await refusal(assume(inTime))).toBe('it was done')
  const tooLate = await fixture.sign(rsa, issuer, { exp: now - 301 })
  await expect(assume(tooLate)).rejects.toMatchObject({
    Code: 'ExpiredTokenException',
    message: expect.stringMatching(/^Token expired: current date\/time \d+ must be before/),
  })
})

test.each([
  ['an ARN of no role', { RoleArn: 'arn:aws:iam::111122223333:user/app' }, '400 ValidationError'],
  [
    'a role that is not there',
    { RoleArn: 'arn:aws:iam::111122223333:role/no' },
    '403 AccessDenied',
  ],
  [
    "another account's role",
    { RoleArn: 'arn:aws:iam::999988887777:role/app' },
    '400 InvalidIdentityToken',
  ],
  ['another path', { RoleArn: 'arn:aws:iam::111122223333:role/x/app' }, '403 AccessDenied'],
  ['too short a session', { DurationSeconds: 899 }, '400 ValidationError'],
  ['a session longer than the role allows', { DurationSeconds: 3601 }, '400 ValidationError'],
  ['a session name with a space', { RoleSessionName: 'a b' }, '400 ValidationError'],
  ['a session name of one character', { RoleSessionName: 'a' }, '400 ValidationError'],
])('%s is refused', async (_, more, expected) => {
  expect(await refusal(assume(await fixture.sign(rsa, issuer), more))).toBe(expected)
})

const aud = `${claims}:aud`
const sub = `${claims}:sub`
const allow = 'it was done'
const deny = '403 AccessDenied'

test.each([
  ['the right subject', { StringEquals: { [sub]: SUBJECT } }, allow],
  ['one subject of several', { StringEquals: { [sub]: ['x', SUBJECT] } }, allow],
  ['a pattern', { StringLike: { [sub]: 'system:serviceaccount:shop:*' } }, allow],
  ['another pattern', { StringLike: { [sub]: 'system:serviceaccount:other:*' } }, deny],
  ['a pattern that is taken literally', { StringEquals: { [sub]: 'system:*' } }, deny],
  ['no condition', {}, allow],
  ['another subject', { StringEquals: { [sub]: 'system:serviceaccount:shop:web' } }, deny],
  ['another audience', { StringEquals: { [aud]: 'kubernetes', [sub]: SUBJECT } }, deny],
  ['the scheme in the key', { StringEquals: { [`https://${sub}`]: SUBJECT } }, deny],
  ['a negation', { StringNotEquals: { [sub]: SUBJECT } }, deny],
  ['any of a set', { 'ForAnyValue:StringEquals': { [aud]: [AUDIENCE, 'x'] } }, allow],
  ['all of a set', { 'ForAllValues:StringEquals': { [aud]: ['x'] } }, deny],
  ['an absent claim', { StringEquals: { [`${claims}:amr`]: 'x' } }, deny],
  ['an absent claim, if it exists', { StringEqualsIfExists: { [`${claims}:amr`]: 'x' } }, allow],
  [
    'a time that has come',
    { DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } },
    allow,
  ],
  ['a time that is over', { DateLessThan: { 'aws:EpochTime': '1577836800' } }, deny],
  [
    'any of a set that is absent',
    { 'ForAnyValue:StringNotEquals': { [`${claims}:amr`]: 'x' } },
    deny,
  ],
  ['an absent claim that must be', { Null: { [`${claims}:amr`]: 'true' } }, allow],
])('trust with %s', async (_, Condition, expected) => {
  const base = { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Condition }
  const statement = { ...base, Principal: { Federated: fixture.providerArn(issuer) } }
  expect(await tryTrust([statement])).toBe(expected)
})

test('trust in another provider, or denied on top, is no trust', async () => {
  const Principal = { Federated: fixture.providerArn(issuer) }
  const base = { Effect: 'Allow', Action: 'sts:AssumeRoleWithWebIdentity', Principal }
  const other = { Federated: fixture.providerArn('https://other.example') }
  expect(await tryTrust([{ ...base, Principal: other }])).toBe(deny)
  expect(await tryTrust([base, { ...base, Effect: 'Deny' }])).toBe(deny)
  expect(await tryTrust([{ ...base, Action: 'sts:AssumeRole' }])).toBe(deny)
})

async function tryTrust(Statement: readonly object[]): Promise<string> {
  const RoleName = `trust-${sandbox.state.roles.size}`
  const RoleArn = await fixture.makeRole(sandbox, { name: RoleName, issuer, condition: {} })
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
  return refusal(assume(await fixture.sign(ec, issuer), { RoleArn }))
}

test('STS visits the issuer without credentials, and only AWS calls are signed', () => {
  const visits = sandbox.requests.filter(({ resource }) => resource === 'issuer/keys.json')
  expect(visits.some(({ signed, status }) => !signed && status === 200)).toBe(true)
  const exchanges = sandbox.requests.filter(
    ({ operation }) => operation === 'AssumeRoleWithWebIdentity',
  )
  expect(exchanges.every(({ signed }) => !signed)).toBe(true)
})
