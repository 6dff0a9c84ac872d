import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { ListBucketsCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { signatureOf } from '../../src/sandbox/sigv4/signature.ts'
import { clientsFor, fetchAs, refusal, sandboxForTests } from './clients.ts'

let ahead = 0
const sandbox = await sandboxForTests({ now: () => new Date(Date.now() + ahead) })
const KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

// S3 API reference, sig-v4-header-based-auth.html, "Examples: Signature Calculations".
test.each([
  {
    name: 'GET Object',
    method: 'GET',
    path: '/test.txt',
    query: [],
    headers: { range: 'bytes=0-9' },
    payloadHash: EMPTY,
    expected: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  },
  {
    name: 'PUT Object',
    method: 'PUT',
    path: '/test%24file.text',
    query: [],
    headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
    payloadHash: '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
    expected: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  {
    name: 'GET Bucket Lifecycle',
    method: 'GET',
    path: '/',
    query: [['lifecycle', '']] as const,
    headers: {},
    payloadHash: EMPTY,
    expected: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  {
    name: 'Get Bucket (List Objects)',
    method: 'GET',
    path: '/',
    query: [
      ['prefix', 'J'],
      ['max-keys', '2'],
    ] as const,
    headers: {},
    payloadHash: EMPTY,
    expected: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
])("AWS's own example: $name", ({ method, path, query, headers, payloadHash, expected }) => {
  const timestamp = '20130524T000000Z'
  const all: Record<string, string> = {
    ...headers,
    host: 'examplebucket.s3.amazonaws.com',
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': timestamp,
  }
  const signedHeaders = Object.keys(all).toSorted()
  const scope = { date: '20130524', region: 'us-east-1', service: 's3' }
  const authorization = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', signedHeaders, ...scope }
  const call = { method, path, query, headers: all }
  expect(signatureOf(call, authorization, { key: KEY, timestamp, payloadHash })).toBe(expected)
})

const right = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: KEY }
const list = new ListBucketsCommand()
const identity = new GetCallerIdentityCommand()

test.each([
  {
    name: 'an unknown key',
    credentials: { ...right, accessKeyId: 'AKIANOBODY' },
    s3: '403 InvalidAccessKeyId',
    sts: '403 InvalidClientTokenId',
  },
  {
    name: 'a wrong secret',
    credentials: { ...right, secretAccessKey: 'wrong' },
    s3: '403 SignatureDoesNotMatch',
    sts: '403 SignatureDoesNotMatch',
  },
  {
    name: 'a token that nobody issued',
    credentials: { ...right, sessionToken: 'made-up' },
    s3: '400 InvalidToken',
    sts: '403 InvalidClientTokenId',
  },
])('$name is refused', async ({ credentials, s3, sts }) => {
  const clients = clientsFor(sandbox, { credentials })
  expect(await refusal(clients.s3.send(list))).toBe(s3)
  expect(await refusal(clients.sts.send(identity))).toBe(sts)
})

test.each([
  { minutes: 14, s3: 'it was done', sts: 'it was done' },
  { minutes: 16, s3: '403 RequestTimeTooSkewed', sts: '403 SignatureDoesNotMatch' },
  { minutes: -16, s3: '403 RequestTimeTooSkewed', sts: '403 SignatureDoesNotMatch' },
])('a clock that is $minutes minutes off', async ({ minutes, s3, sts }) => {
  ahead = minutes * 60_000
  try {
    // The SDK learns the difference from the first answer and would sign right the second time.
    const options = { maxAttempts: 1 }
    const fresh = (): ReturnType<typeof clientsFor> => clientsFor(sandbox, options as object)
    expect(await refusal(fresh().s3.send(list))).toBe(s3)
    expect(await refusal(fresh().sts.send(identity))).toBe(sts)
  } finally {
    ahead = 0
  }
})

interface Signing {
  readonly service: string
  readonly path?: string
  readonly query?: readonly (readonly [string, string])[]
  readonly payload?: string
}

/** A GET whose signature is right, whatever else is wrong with it. */
async function signed({ service, path = '/', query = [], payload = EMPTY }: Signing) {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '')
  const { host } = new URL(sandbox.url)
  const headers = { host, 'x-amz-content-sha256': payload, 'x-amz-date': timestamp }
  const scope = { date: timestamp.slice(0, 8), region: 'eu-west-3', service }
  const about = { accessKeyId: right.accessKeyId, signedHeaders: Object.keys(headers), ...scope }
  const payloadHash = service === 's3' ? payload : EMPTY
  const call = { method: 'GET', path, query, headers }
  const signature = signatureOf(call, about, { key: KEY, timestamp, payloadHash })
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${about.accessKeyId}/${scope.date}/eu-west-3/${service}/aws4_request, ` +
    `SignedHeaders=${about.signedHeaders.join(';')}, Signature=${signature}`
  const url = `${sandbox.url}${path}?${new URLSearchParams(query as [string, string][]).toString()}`
  const answer = await fetchAs(sandbox, url, { headers: { ...headers, authorization } })
  return `${answer.status} ${/<Code>(\w+)/.exec(answer.body)?.[1] ?? 'OK'}`
}

const listRoles = [
  ['Action', 'ListRoles'],
  ['Version', '2010-05-08'],
] as const
const whoAmI = [
  ['Action', 'GetCallerIdentity'],
  ['Version', '2011-06-15'],
] as const

test.each([
  ['S3 for s3', { service: 's3' }, '200 OK'],
  ['S3 for ec2', { service: 'ec2' }, '400 AuthorizationHeaderMalformed'],
  ['S3 for S3', { service: 'S3' }, '400 AuthorizationHeaderMalformed'],
  [
    'S3 Control for ec2',
    { service: 'ec2', path: '/v20180820/x' },
    '400 AuthorizationHeaderMalformed',
  ],
  ['IAM for iam', { service: 'iam', query: listRoles }, '200 OK'],
  ['IAM for ec2', { service: 'ec2', query: listRoles }, '403 SignatureDoesNotMatch'],
  ['STS for sts', { service: 'sts', query: whoAmI }, '200 OK'],
  ['no payload hash', { service: 's3', payload: '' }, '400 InvalidArgument'],
  ['half a payload hash', { service: 's3', payload: EMPTY.slice(32) }, '400 InvalidArgument'],
  [
    'any word as payload hash',
    { service: 's3', payload: 'STREAMING-NONSENSE' },
    '400 InvalidArgument',
  ],
  ['no hash on purpose', { service: 's3', payload: 'UNSIGNED-PAYLOAD' }, '200 OK'],
  ['a hash in capitals', { service: 's3', payload: EMPTY.toUpperCase() }, '200 OK'],
  [
    "another body's hash in capitals",
    { service: 's3', payload: 'A'.repeat(64) },
    '400 XAmzContentSHA256Mismatch',
  ],
  [
    'signed chunks',
    { service: 's3', payload: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
    '501 NotImplemented',
  ],
])('a request signed with %s', async (_, signing: Signing, expected) => {
  expect(await signed(signing)).toBe(expected)
})

test.each(['nonsense', 'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE', 'AWS a:b'])(
  'IAM and STS call the header "%s" an incomplete signature',
  async (authorization) => {
    for (const action of ['ListRoles&Version=2010-05-08', 'AssumeRoleWithWebIdentity']) {
      const url = `${sandbox.url}/?Action=${action}`
      expect(await fetchAs(sandbox, url, { headers: { authorization } })).toMatchObject({
        status: 400,
        body: expect.stringContaining('<Code>IncompleteSignature</Code>'),
      })
    }
  },
)
