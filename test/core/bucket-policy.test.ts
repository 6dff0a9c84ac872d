import { describe, expect, test } from 'vitest'
import {
  mergeStatement,
  publicReadStatement,
  withoutStatement,
} from '../../src/core/bucket-policy.ts'

const ours = publicReadStatement({ bucket: 'docs', region: 'eu-west-3' })
const blue = publicReadStatement({ bucket: 'docs', region: 'eu-west-3', prefix: 'blue' })
const theirs = {
  Sid: 'DenyPlainHttp',
  Effect: 'Deny',
  Principal: '*',
  Action: ['s3:*'],
  Resource: ['arn:aws:s3:::docs', 'arn:aws:s3:::docs/*'],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
}
const policyOf = (...statements: unknown[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements })

describe('the statement', () => {
  test('names exactly two objects', () => {
    expect(ours).toEqual({
      Sid: 'IrsaPublicDocuments',
      Effect: 'Allow',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: [
        'arn:aws:s3:::docs/.well-known/openid-configuration',
        'arn:aws:s3:::docs/keys.json',
      ],
    })
  })

  test.each([
    ['cn-north-1', 'arn:aws-cn:s3:::docs/a/keys.json'],
    ['us-gov-west-1', 'arn:aws-us-gov:s3:::docs/a/keys.json'],
    ['eusc-de-east-1', 'arn:aws-eusc:s3:::docs/a/keys.json'],
  ])('is in the partition of %s', (region, arn) => {
    expect(publicReadStatement({ bucket: 'docs', region, prefix: 'a' }).Resource).toContain(arn)
  })

  test('has a name of letters and digits, one for each prefix', () => {
    const green = publicReadStatement({ bucket: 'docs', region: 'eu-west-3', prefix: 'gr/een-1' })
    expect(green.Sid).toMatch(/^IrsaPublicDocuments[0-9a-f]{8}$/)
    expect(new Set([ours.Sid, blue.Sid, green.Sid]).size).toBe(3)
  })
})

describe('merging', () => {
  test.each([
    ['no policy', undefined],
    ['an empty text', ''],
    ['an empty object', '{}'],
    ['no statements', '{"Version":"2012-10-17","Statement":[]}'],
  ])('makes a policy of %s', (_, text) => {
    expect(mergeStatement(text, ours)).toEqual({ policy: policyOf(ours), changed: true })
  })

  test('keeps what others wrote', () => {
    expect(mergeStatement(policyOf(theirs, blue), ours)).toEqual({
      policy: policyOf(theirs, blue, ours),
      changed: true,
    })
  })

  test('keeps version, id and a lone statement as they are', () => {
    const text = JSON.stringify({ Version: '2008-10-17', Id: 'x', Statement: theirs })
    expect(JSON.parse(mergeStatement(text, ours).policy)).toEqual({
      Version: '2008-10-17',
      Id: 'x',
      Statement: [theirs, ours],
    })
    const without = JSON.parse(mergeStatement(JSON.stringify({ Statement: theirs }), ours).policy)
    expect(without).not.toHaveProperty('Version')
  })

  test('puts our statement right where it stands', () => {
    const wide = { ...ours, Resource: 'arn:aws:s3:::docs/*' }
    expect(mergeStatement(policyOf(wide, theirs), ours)).toEqual({
      policy: policyOf(ours, theirs),
      changed: true,
    })
  })

  test.each([
    ['the same', ours],
    ['the same in another order', Object.fromEntries(Object.entries(ours).toReversed())],
    ['lists', { ...ours, Action: ['s3:GetObject'], Principal: { AWS: ['*'] } }],
    ['another spelling', { ...ours, Action: 's3:getobject', Condition: {} }],
    ['resources turned around', { ...ours, Resource: ours.Resource.toReversed() }],
    ['another name', { ...ours, Sid: 'PublicIssuer' }],
    ['no name', { ...ours, Sid: undefined }],
  ])('sees no difference in %s', (_, statement) => {
    const policy = policyOf(theirs, statement)
    expect(mergeStatement(policy, ours)).toEqual({ policy, changed: false })
  })

  test.each([
    ['a condition', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }],
    ['a principal', { Principal: { AWS: 'arn:aws:iam::123456789012:root' } }],
    ['two kinds of principal', { Principal: { AWS: '*', Service: 'x' } }],
    ['one object only', { Resource: [ours.Resource[0]] }],
    ['a denial', { Effect: 'Deny' }],
    ['exceptions', { NotAction: 's3:Put*' }],
  ])('is not content with %s', (_, members) => {
    const other = { ...ours, Sid: 'Other', ...members }
    expect(mergeStatement(policyOf(other), ours)).toEqual({
      policy: policyOf(other, ours),
      changed: true,
    })
  })
})

describe('taking our statement out', () => {
  test.each([
    ['leaves the others', policyOf(theirs, ours, blue), policyOf(theirs, blue), true],
    ['leaves no policy behind', policyOf(ours), undefined, true],
    ['is done where there is no policy', undefined, undefined, false],
    ['is done where it is not', policyOf(theirs), policyOf(theirs), false],
  ])('%s', (_, text, policy, changed) => {
    expect(withoutStatement(text, ours)).toEqual({ policy, changed })
  })

  test('leaves a statement that somebody else named', () => {
    const text = policyOf({ ...ours, Sid: 'PublicIssuer' })
    expect(withoutStatement(text, ours)).toEqual({ policy: text, changed: false })
  })
})

test.each(['<html>', '[]', 'null', '{"Statement":"x"}', '{"Statement":[1]}'])(
  'a policy that cannot be read is left alone: %s',
  (text) => {
    const refusal = expect.objectContaining({
      code: 'bucket/policy-unparsable',
      fix: expect.stringMatching(/--bucket docs$/),
    })
    expect(() => mergeStatement(text, ours)).toThrow(refusal)
    expect(() => withoutStatement(text, ours)).toThrow(refusal)
  },
)

test('a policy of more than 20 KB is not written', () => {
  const text = policyOf({ ...theirs, Sid: 'x'.repeat(20_100) })
  expect(() => mergeStatement(text, ours)).toThrow(
    expect.objectContaining({ code: 'bucket/policy-too-large' }),
  )
})
