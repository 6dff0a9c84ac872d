import { expect, test } from 'vitest'
import { parsePolicy, type PolicyPlace } from '../../src/sandbox/policy/syntax.ts'
import { holds } from '../../src/sandbox/policy/condition.ts'
import { isOnObject } from '../../src/sandbox/policy/actions.ts'

type Kind = PolicyPlace['kind']

const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/issuer.example/path'

/** A statement that is right for its kind of policy. */
const RIGHT: Readonly<Record<Kind, object>> = {
  identity: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
  trust: {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: PROVIDER },
  },
  bucket: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', Principal: '*' },
}

const parse = (kind: Kind, ...statements: readonly object[]) => {
  const Statement = statements.map((more) => ({ ...RIGHT[kind], ...more }))
  return () => parsePolicy(JSON.stringify({ Statement }), { kind, partition: 'aws' })
}

const federated = (name: string): object => ({ Principal: { Federated: name } })
const aws = (...names: readonly string[]): object => ({ Principal: { AWS: names } })
const OAI = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1'

test.each<[string, Kind, object]>([
  ['an OIDC provider', 'trust', {}],
  ['a SAML provider', 'trust', federated('arn:aws:iam::111122223333:saml-provider/corp')],
  ['a provider with a name of its own', 'trust', federated('accounts.google.com')],
  ['an account', 'trust', aws('111122223333')],
  ["an account's root, and a session", 'bucket', aws('arn:aws:iam::111122223333:root')],
  ['a session', 'bucket', aws('arn:aws:sts::111122223333:assumed-role/app/pod')],
  ['an origin access identity', 'bucket', aws(OAI)],
  ['everybody, in a list', 'bucket', aws('*')],
  ['a service', 'bucket', { Principal: { Service: 'cloudfront.amazonaws.com' } }],
  ['a canonical user', 'bucket', { Principal: { CanonicalUser: 'a'.repeat(64) } }],
  ['the actions beside it', 'trust', { Action: ['sts:AssumeRole', 'sts:TagSession'] }],
  ['SAML', 'trust', { Action: 'sts:AssumeRoleWithSAML' }],
  [
    'a source identity and a context',
    'trust',
    { Action: ['sts:SetSourceIdentity', 'sts:SetContext'] },
  ],
  ['a pattern of them', 'trust', { Action: 'sts:AssumeRole*' }],
  [
    'a date',
    'bucket',
    { Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } } },
  ],
  [
    'a date, if there is one',
    'bucket',
    { Condition: { DateEqualsIfExists: { 'aws:EpochTime': 1 } } },
  ],
  [
    'a number that must not be',
    'bucket',
    { Condition: { NumericNotEquals: { 's3:max-keys': 1 } } },
  ],
  ['bytes', 'bucket', { Condition: { BinaryEquals: { 'a:b': 'AQ==' } } }],
  ['absence', 'bucket', { Condition: { Null: { 'aws:PrincipalArn': true } } }],
])('%s is fine in a policy of kind %s', (_, kind, more) => {
  expect(parse(kind, more)).not.toThrow()
})

test.each<[string, Kind, object]>([
  ['an empty Principal', 'trust', { Principal: {} }],
  ['an empty Principal', 'bucket', { Principal: {} }],
  ['a list of no principals', 'bucket', aws()],
  ['a name that is no ARN', 'bucket', aws('alice')],
  ['an ARN with a pattern', 'bucket', aws('arn:aws:iam::111122223333:user/*')],
  ['11 digits', 'trust', aws('11112222333')],
  ["another partition's ARN", 'trust', aws('arn:aws-cn:iam::111122223333:root')],
  ["another service's ARN", 'trust', aws('arn:aws:s3:::bucket')],
  ["another partition's provider", 'trust', federated(PROVIDER.replace('aws', 'aws-us-gov'))],
  ['an issuer in place of its provider', 'trust', federated('https://issuer.example')],
  ['a role as a provider', 'trust', federated('arn:aws:iam::111122223333:role/app')],
  ['a kind of principal that is none', 'trust', { Principal: { constructor: '*' } }],
  ['a canonical user', 'trust', { Principal: { CanonicalUser: 'a'.repeat(64) } }],
  ['an action of STS itself', 'trust', { Action: 'sts:GetCallerIdentity' }],
  ['all actions of STS', 'trust', { Action: 'sts:*' }],
  ['an action that does not exist', 'trust', { Action: 'sts:AssumeRoleWithOIDC' }],
  ['IfExists on Null', 'trust', { Condition: { NullIfExists: { 'a:b': 'true' } } }],
  ['an operator of the language', 'trust', { Condition: { toString: { 'a:b': 'true' } } }],
])('%s is refused in a policy of kind %s', (_, kind, more) => {
  expect(parse(kind, more)).toThrow(expect.objectContaining({ name: 'PolicyFlaw' }))
})

test.each<Kind>(['identity', 'trust'])('two statements of one Sid are refused: %s', (kind) => {
  const twice = parse(kind, { Sid: 'same' }, { Sid: 'same' })
  expect(twice).toThrow('Statement IDs (SID) in a single policy must be unique.')
  expect(parse(kind, {}, {})).not.toThrow()
})

test('S3 takes two statements of one Sid', () => {
  expect(parse('bucket', { Sid: 'same' }, { Sid: 'same' })).not.toThrow()
})

test.each([
  ['GetObject', true],
  ['PutObjectVersionTagging', true],
  ['ListMultipartUploadParts', true],
  ['AbortMultipartUpload', true],
  ['BypassGovernanceRetention', true],
  ['ReplicateObject', true],
  ['ReplicateTags', true],
  ['ListBucketMultipartUploads', false],
  ['GetBucketObjectLockConfiguration', false],
  ['GetReplicationConfiguration', false],
  ['PutAccelerateConfiguration', false],
  ['GetInventoryConfiguration', false],
  ['PutMetricsConfiguration', false],
  ['GetIntelligentTieringConfiguration', false],
  ['PutEncryptionConfiguration', false],
])('s3:%s is an action on objects: %s', (action, expected) => {
  expect(isOnObject(`s3:${action}`)).toBe(expected)
})

const context = { 'aws:currenttime': ['2026-08-01T12:00:00Z'], 'a:n': ['5'], 'a:b': ['AQ=='] }

test.each([
  ['DateEquals', 'aws:CurrentTime', '2026-08-01T14:00:00+02:00', true],
  ['DateEquals', 'aws:CurrentTime', '1785585600', true],
  ['DateNotEquals', 'aws:CurrentTime', '2026-08-01T12:00:00Z', false],
  ['DateLessThan', 'aws:CurrentTime', '2026-08-01T12:00:00Z', false],
  ['DateLessThanEquals', 'aws:CurrentTime', '2026-08-01T12:00:00Z', true],
  ['DateGreaterThan', 'aws:CurrentTime', '2026-08-01', true],
  ['DateGreaterThanEquals', 'aws:CurrentTime', '2026-08-02', false],
  ['DateGreaterThan', 'aws:CurrentTime', 'nonsense', false],
  ['NumericNotEquals', 'a:n', '5.0', false],
  ['NumericNotEquals', 'a:n', '6', true],
  ['BinaryEquals', 'a:b', 'AQ==', true],
  ['BinaryEquals', 'a:b', 'aQ==', false],
  ['DateLessThan', 'a:absent', '2030-01-01', false],
  ['DateLessThanIfExists', 'a:absent', '2030-01-01', true],
  ['NumericNotEquals', 'a:absent', '1', true],
])('%s of %s and %s: %s', (operator, key, wanted, expected) => {
  expect(holds(operator, key, [wanted], context)).toBe(expected)
})
