import { S3Client } from '@aws-sdk/client-s3'
import { describe, expect, test } from 'vitest'
import {
  checkBucketName,
  checkPrefix,
  defaultBucketName,
  isAccountRegional,
  issuerOfBucket,
  objectKey,
} from '../../src/core/bucket-name.ts'
import { parseIssuer } from '../../src/core/issuer.ts'

const account = '123456789012'

describe('a bucket name is right', () => {
  test.each(['abc', 'acme-oidc', '0'.repeat(63), `irsa-acme-${account}-us-gov-west-1-an`, 'a-man'])(
    '%s',
    (name) => expect(() => checkBucketName(name)).not.toThrow(),
  )
})

describe('a bucket name is refused, with the rule it breaks', () => {
  test.each([
    ['ab', /at least 3/],
    ['a'.repeat(64), /at most 63/],
    ['Acme', /upper-case/],
    ['acme_oidc', /only lower-case/],
    ['acme oidc', /only lower-case/],
    ['-acme', /starts and ends/],
    ['acme-', /starts and ends/],
    ['.acme', /starts and ends/],
    ['ac..me', /two dots/],
    ['192.168.5.4', /IP address/],
    ['xn--acme', /"xn--"/],
    ['sthree-acme', /"sthree-"/],
    ['amzn-s3-demo-acme', /"amzn-s3-demo-"/],
    ['acme-s3alias', /"-s3alias"/],
    ['acme--ol-s3', /"--ol-s3"/],
    ['acme.mrap', /".mrap"/],
    ['acme--x-s3', /"--x-s3"/],
    ['acme--table-s3', /"--table-s3"/],
    ['acme-an', /account-regional/],
  ])('%s', (name, rule) => {
    expect(() => checkBucketName(name)).toThrow(
      expect.objectContaining({ code: 'bucket/invalid-name', why: expect.stringMatching(rule) }),
    )
  })

  test('oidc.example.com, for the certificate', () => {
    expect(() => checkBucketName('oidc.example.com')).toThrow(
      expect.objectContaining({
        code: 'bucket/dotted-name',
        why: expect.stringMatching(/wildcard certificate/),
        fix: expect.stringContaining('--bucket oidc-example-com'),
      }),
    )
  })
})

describe('the default name', () => {
  test('is in the account-regional namespace', () => {
    const bucket = defaultBucketName({ name: 'acme', account, region: 'eu-west-3' })
    expect(bucket).toBe('irsa-acme-123456789012-eu-west-3-an')
    expect(isAccountRegional(bucket, account, 'eu-west-3')).toBe(true)
    expect(() => checkBucketName(bucket)).not.toThrow()
  })

  test('is a global one where the region has no such namespace', () => {
    const bucket = defaultBucketName({ name: 'acme', account, region: 'me-south-1' })
    expect(bucket).toBe('irsa-acme-123456789012-me-south-1')
    expect(isAccountRegional(bucket, account, 'me-south-1')).toBe(false)
  })

  test.each(['', 'Acme', 'a.b', '-a', 'a-', 'a_b'])('is not made of "%s"', (name) => {
    expect(() => defaultBucketName({ name, account, region: 'eu-west-3' })).toThrow(
      expect.objectContaining({ code: 'bucket/unfit-name', exit: 2 }),
    )
  })

  test('keeps to 63 characters, and says how many are left for the name', () => {
    const place = { account, region: 'ap-southeast-1' }
    const name = 'a'.repeat(63 - defaultBucketName({ ...place, name: '1' }).length + 1)
    expect(defaultBucketName({ ...place, name })).toHaveLength(63)
    expect(() => defaultBucketName({ ...place, name: `${name}a` })).toThrow(
      expect.objectContaining({
        code: 'bucket/name-too-long',
        fix: expect.stringContaining(`at most ${name.length} characters`),
      }),
    )
  })
})

test.each([
  [`acme-${account}-eu-west-3-an`, true],
  [`-${account}-eu-west-3-an`, false],
  [`acme-${account}-eu-west-1-an`, false],
  ['acme-210987654321-eu-west-3-an', false],
  ['acme', false],
])('%s is account-regional: %s', (bucket, expected) => {
  expect(isAccountRegional(bucket, account, 'eu-west-3')).toBe(expected)
})

describe('the issuer of a bucket', () => {
  test.each([
    [{ region: 'eu-west-3' }, 'https://docs.s3.eu-west-3.amazonaws.com'],
    [{ region: 'us-east-1', prefix: '' }, 'https://docs.s3.us-east-1.amazonaws.com'],
    [{ region: 'cn-north-1', prefix: 'a/b' }, 'https://docs.s3.cn-north-1.amazonaws.com.cn/a/b'],
    [
      { region: 'eu-west-3', prefix: 'a', endpoint: 'https://127.0.0.1:4566/' },
      'https://127.0.0.1:4566/docs/a',
    ],
  ])('%j is %s', (place, expected) => {
    const issuer = issuerOfBucket({ bucket: 'docs', ...place })
    expect(issuer).toBe(expected)
    expect(parseIssuer(issuer, { portAllowed: true })).toBe(expected)
  })

  test.each([
    'us-east-1',
    'us-gov-west-1',
    'eusc-de-east-1',
    'us-iso-east-1',
    'us-isob-east-1',
    'eu-isoe-west-1',
  ])('is the host that the SDK asks in %s', (region) => {
    const { endpointProvider } = new S3Client({ region }).config
    // us-east-1 has a global host besides, which is not for us.
    const endpoint = endpointProvider({ Region: region, Bucket: 'docs', UseGlobalEndpoint: false })
    expect(`${issuerOfBucket({ bucket: 'docs', region })}/`).toBe(endpoint.url.href)
  })
})

test('an object key is the path behind the prefix', () => {
  expect(objectKey(undefined, 'keys.json')).toBe('keys.json')
  expect(objectKey('', 'keys.json')).toBe('keys.json')
  expect(objectKey('a/b', 'keys.json')).toBe('a/b/keys.json')
})

describe('a prefix', () => {
  test.each(['', 'blue', 'clusters/Blue_1.x-y', '...'])('"%s" is right', (prefix) => {
    expect(() => checkPrefix(prefix)).not.toThrow()
  })

  test.each(['/a', 'a/', '/', 'a//b', 'a/../b', '.', 'a b', 'a*', 'a?b', 'a#b', 'a%20b', 'ä'])(
    '"%s" is refused',
    (prefix) => {
      expect(() => checkPrefix(prefix)).toThrow(
        expect.objectContaining({ code: 'bucket/invalid-prefix', exit: 2 }),
      )
    },
  )
})
