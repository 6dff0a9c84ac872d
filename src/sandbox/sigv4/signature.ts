import { createHash, createHmac } from 'node:crypto'
import type { Call } from '../http/call.ts'
import { decode, encode } from '../percent.ts'
import { ALGORITHM, type Authorization } from './authorization.ts'

/** The parts of a request that go into its signature. */
type Signable = Pick<Call, 'method' | 'path' | 'query' | 'headers'>

/**
 * The signature that the request ought to carry, in hex. IAM user guide,
 * reference_sigv-create-signed-request.html, "Elements of an AWS API request signature".
 *
 * @param timestamp `x-amz-date`, `YYYYMMDDTHHMMSSZ`
 * @param payloadHash what stands for the body: its SHA-256 in hex, or what S3 takes in its place
 */
export function signatureOf(
  call: Signable,
  authorization: Omit<Authorization, 'signature'>,
  secret: { readonly key: string; readonly timestamp: string; readonly payloadHash: string },
): string {
  const { date, region, service } = authorization
  const request = canonicalRequest(call, authorization, secret.payloadHash)
  const scope = `${date}/${region}/${service}/aws4_request`
  const toSign = [ALGORITHM, secret.timestamp, scope, sha256(request)].join('\n')
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(
    (key, part) => hmac(key, part),
    `AWS4${secret.key}`,
  )
  return hmac(key, toSign).toString('hex')
}

export const sha256 = (data: string | Buffer): string =>
  createHash('sha256').update(data).digest('hex')

function canonicalRequest(
  { method, path, query, headers }: Signable,
  { service, signedHeaders }: Pick<Authorization, 'service' | 'signedHeaders'>,
  payloadHash: string,
): string {
  return [
    method,
    canonicalPath(path, service),
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${trimAll(headers[name] ?? '')}`),
    '',
    signedHeaders.join(';'),
    payloadHash,
  ].join('\n')
}

function canonicalQuery(query: Signable['query']): string {
  // Sorted by name and then by value; sorting `name=value` would put `a=` behind `a-b=`.
  return query
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** S3 signs the path encoded once; every other service signs what is on the wire, encoded again. */
function canonicalPath(path: string, service: string): string {
  return path
    .split('/')
    .map((segment) => encode(service === 's3' ? decode(segment) : segment))
    .join('/')
}

const trimAll = (value: string): string => value.trim().replace(/ +/g, ' ')

const hmac = (key: string | Buffer, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest()
