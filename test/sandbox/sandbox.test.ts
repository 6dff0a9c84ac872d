import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request as plainRequest } from 'node:http'
import { connect } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { ListRolesCommand } from '@aws-sdk/client-iam'
import { afterEach, expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/sandbox.ts'
import type { InterceptedCall, Interception } from '../../src/sandbox/http/gateway.ts'
import { clientsFor, fetchAs, refusal, sandboxForTests } from './clients.ts'
import { publicBucket } from './issuer.ts'

const operator = {
  Statement: [
    { Effect: 'Allow' as const, Action: 's3:CreateBucket', Resource: 'arn:aws:s3:::mine-*' },
    { Effect: 'Deny' as const, Action: 's3:CreateBucket', Resource: 'arn:aws:s3:::mine-not' },
  ],
}
const admin = { accessKeyId: 'AKIAADMIN', secretAccessKey: 'secret-1' }
const limited = { accessKeyId: 'AKIALIMITED', secretAccessKey: 'secret-2', policy: operator }
const sandbox = await sandboxForTests({ plainHttp: true, credentials: [admin, limited] })
const clients = clientsFor(sandbox, { maxAttempts: 1 } as object)
const { s3, sts, iam } = clients

afterEach(() => sandbox.intercept(undefined))

/** Applies to the next signed call only. */
function nextCall(interception: Interception): InterceptedCall[] {
  const seen: InterceptedCall[] = []
  sandbox.intercept((call) => {
    seen.push(call)
    return seen.length === 1 ? interception : undefined
  })
  return seen
}

const make = (Bucket: string, client = s3) =>
  refusal(client.send(new CreateBucketCommand({ Bucket })))

test('its environment is all that a client needs', () => {
  expect(sandbox.env).toMatchObject({
    AWS_ENDPOINT_URL: sandbox.url,
    AWS_ACCESS_KEY_ID: 'AKIAADMIN',
    AWS_SECRET_ACCESS_KEY: 'secret-1',
    AWS_REGION: 'eu-west-3',
    AWS_CA_BUNDLE: sandbox.caFile,
  })
  expect(readFileSync(sandbox.caFile, 'utf8')).toBe(sandbox.caCertificate)
})

test('a call that is dropped before it is done leaves nothing', async () => {
  const seen = nextCall({ kind: 'drop-before' })
  expect(await make('dropped')).toMatch(/^none /)
  expect(sandbox.state.buckets.has('dropped')).toBe(false)
  expect(sandbox.requests.at(-1)).toMatchObject({ operation: 'CreateBucket', status: 0 })
  expect(seen).toEqual([
    {
      service: 's3',
      operation: 'CreateBucket',
      resource: 'dropped',
      signed: true,
      index: seen[0]?.index,
    },
  ])
})

test('a call whose answer is lost was done all the same', async () => {
  nextCall({ kind: 'drop-after' })
  expect(await make('lost')).toMatch(/^none /)
  expect(await make('lost')).toBe('409 BucketAlreadyOwnedByYou')
})

test('an error can be put in place of any answer, in the form of its service', async () => {
  const error = { kind: 'error', status: 403, code: 'AccessDenied', message: 'Told to.' } as const
  nextCall(error)
  expect(await make('refused')).toBe('403 AccessDenied')
  expect(sandbox.state.buckets.has('refused')).toBe(false)
  nextCall(error)
  expect(await refusal(iam.send(new ListRolesCommand()))).toBe('403 AccessDenied')
  nextCall({ ...error, status: 404 })
  const head = s3.send(new HeadBucketCommand({ Bucket: 'lost' }))
  expect(await refusal(head)).toBe('404 NotFound')
})

test('a call can be held up', async () => {
  nextCall({ kind: 'delay', ms: 100 })
  const start = performance.now()
  await sts.send(new GetCallerIdentityCommand())
  expect(performance.now() - start).toBeGreaterThan(95)
})

test('signed calls are counted, retries included, and others are not', async () => {
  const seen: InterceptedCall[] = []
  sandbox.intercept((call) => void seen.push(call))
  await sts.send(new GetCallerIdentityCommand())
  await fetchAs(sandbox, `${sandbox.url}/some-bucket/key`)
  sandbox.intercept((call) => {
    seen.push(call)
    return { kind: 'error', status: 503, code: 'SlowDown', message: 'Slow down.' }
  })
  await refusal(clientsFor(sandbox).s3.send(new HeadBucketCommand({ Bucket: 'lost' })))
  const [first, ...others] = seen.map(({ index }) => index)
  expect(others).toEqual([1, 2, 3].map((n) => (first ?? 0) + n))
})

test('an interceptor that throws is an internal error, not the end', async () => {
  sandbox.intercept(() => {
    throw new Error('broken hook')
  })
  await expect(sts.send(new GetCallerIdentityCommand())).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
    message: 'The sandbox failed: broken hook',
  })
})

test('a user with a policy may do what it says and no more', async () => {
  const mine = clientsFor(sandbox, { credentials: limited }).s3
  expect(await make('mine-1', mine)).toBe('it was done')
  expect(await make('mine-not', mine)).toBe('403 AccessDenied')
  expect(await make('others', mine)).toBe('403 AccessDenied')
  await expect(mine.send(new PutObjectCommand({ Bucket: 'mine-1', Key: 'a', Body: 'x' })))
    .rejects //
    .toThrow(
      'User: arn:aws:iam::111122223333:user/sandbox-2 is not authorized to perform: s3:PutObject ' +
        'on resource: "arn:aws:s3:::mine-1/a" because no identity-based policy allows the ' +
        's3:PutObject action',
    )
})

test('plain http serves the API, and documents to signers only', async () => {
  const endpoint = sandbox.plainUrl ?? ''
  expect(endpoint).toMatch(/^http:\/\/localhost:\d+$/)
  const plain = clientsFor(sandbox, { endpoint })
  await publicBucket(sandbox, 'public')
  const object = { Bucket: 'public', Key: 'a' }
  await plain.s3.send(new PutObjectCommand({ ...object, Body: 'body' }))
  const answer = await plain.s3.send(new GetObjectCommand(object))
  expect(await answer.Body?.transformToString()).toBe('body')
  expect((await fetchAs(sandbox, `${sandbox.url}/public/a`)).status).toBe(200)
  const [response] = (await once(plainRequest(`${endpoint}/public/a`).end(), 'response')) as [
    { statusCode: number; resume(): void },
  ]
  response.resume()
  expect(response.statusCode).toBe(403)
})

test.each([
  ['GET', '/%zz', 400],
  ['GET', '/?Action=ListRoles&Version=2010-05-08', 403],
  ['GET', '/?Action=constructor', 403],
  ['POST', '/bucket', 403],
  ['GET', '/', 403],
])('%s %s from a stranger is answered with %s %i', async (method, path, status) => {
  expect((await fetchAs(sandbox, sandbox.url + path, { method })).status).toBe(status)
})

test('a malformed signature is refused', async () => {
  const headers = { authorization: 'AWS4-HMAC-SHA256 nonsense' }
  expect(await fetchAs(sandbox, `${sandbox.url}/`, { headers })).toMatchObject({
    status: 400,
    body: expect.stringContaining('AuthorizationHeaderMalformed'),
  })
})

test('a request that is not HTTP does not disturb the others', async () => {
  const socket = connect(Number(new URL(sandbox.url).port), '127.0.0.1')
  socket.write('this is not TLS\r\n\r\n')
  await once(socket, 'close')
  expect(await refusal(sts.send(new GetCallerIdentityCommand()))).toBe('it was done')
})

test('it starts fast, answers fast, and ends every connection', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'irsa-sandbox-'))
  const start = performance.now()
  const own = await startSandbox({ directory: join(directory, 'made'), plainHttp: true })
  // RSA keys take 0.1 to 0.5 s, as chance has it; this only notices something quite wrong.
  expect(performance.now() - start).toBeLessThan(5000)
  const client = clientsFor(own).sts
  await client.send(new GetCallerIdentityCommand())
  const idle = connect(Number(new URL(own.plainUrl ?? '').port), '127.0.0.1')
  await once(idle, 'connect')
  const held = clientsFor(own, { maxAttempts: 1 } as object).sts
  const arrived = new Promise<void>((resolve) => {
    own.intercept(() => {
      resolve()
      return { kind: 'delay', ms: 60_000 }
    })
  })
  const hanging = refusal(held.send(new GetCallerIdentityCommand()))
  const ended = once(idle, 'close')
  await arrived
  await own.close()
  await ended
  expect(await hanging).toMatch(/^none /)
  expect(await refusal(held.send(new GetCallerIdentityCommand()))).toMatch(/^none /)
  rmSync(directory, { recursive: true })
})
