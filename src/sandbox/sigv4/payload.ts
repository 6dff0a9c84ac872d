import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError, notImplemented } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { sha256 } from './signature.ts'

/**
 * Checks an S3 request's body against what its headers say of it, and takes aws-chunked framing
 * off. Trailing checksum headers end up among the headers, as if they had come first.
 */
export function unwrapPayload(call: Call): Call {
  const declared = call.headers['x-amz-content-sha256']
  const signed = call.headers['authorization'] !== undefined
  if (signed && declared === undefined) {
    const text = 'Missing required header for this request: x-amz-content-sha256'
    throw new AwsError(400, 'InvalidRequest', text)
  }
  const plain = declared?.startsWith('STREAMING-') ? unchunk(call, declared) : call
  if (/^[0-9a-f]{64}$/.test(declared ?? '') && declared !== sha256(call.body)) {
    const text = "The provided 'x-amz-content-sha256' header does not match what was computed."
    throw new AwsError(400, 'XAmzContentSHA256Mismatch', text)
  }
  checkDigests(plain)
  return plain
}

/** The x-amz-checksum-… headers of a request. */
export function checksumsOf(headers: Call['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => name.startsWith('x-amz-checksum-') && DIGESTS[name] !== undefined,
    ),
  )
}

function crc32Base64(body: Buffer): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body) >>> 0)
  return bytes.toString('base64')
}

const hash =
  (name: string) =>
  (body: Buffer): string =>
    createHash(name).update(body).digest('base64')

const DIGESTS: Readonly<Record<string, (body: Buffer) => string>> = {
  'x-amz-checksum-crc32': crc32Base64,
  'x-amz-checksum-sha1': hash('sha1'),
  'x-amz-checksum-sha256': hash('sha256'),
}

/** Anything else in that place would be an object checksum that we could only pretend to check. */
const UNKNOWN_DIGESTS = ['crc32c', 'crc64nvme', 'md5', 'sha512', 'xxhash64', 'xxhash3', 'xxhash128']

function checkDigests({ headers, body }: Call): void {
  const unknown = UNKNOWN_DIGESTS.find((name) => headers[`x-amz-checksum-${name}`] !== undefined)
  if (unknown !== undefined) throw notImplemented(`the checksum algorithm ${unknown}`)
  for (const [name, digest] of Object.entries(DIGESTS)) {
    if (headers[name] === undefined || headers[name] === digest(body)) continue
    const algorithm = name.slice('x-amz-checksum-'.length).toUpperCase()
    throw badDigest(`The ${algorithm} you specified did not match the calculated checksum.`)
  }
  const md5 = headers['content-md5']
  if (md5 !== undefined && md5 !== hash('md5')(body)) {
    throw badDigest('The Content-MD5 you specified did not match what we received.')
  }
}

const badDigest = (message: string): AwsError => new AwsError(400, 'BadDigest', message)

/** S3 API reference, sigv4-streaming-trailers.html: `<hex size>\r\n<bytes>\r\n`, size 0, trailers. */
function unchunk(call: Call, declared: string): Call {
  if (declared !== 'STREAMING-UNSIGNED-PAYLOAD-TRAILER') throw notImplemented(declared)
  const chunks: Buffer[] = []
  let rest = call.body
  for (;;) {
    const { line, after } = takeLine(rest)
    const size = /^[0-9a-f]+$/i.test(line) ? Number.parseInt(line, 16) : incomplete()
    rest = after
    if (size === 0) break
    if (rest.subarray(size, size + 2).toString('latin1') !== '\r\n') incomplete()
    chunks.push(rest.subarray(0, size))
    rest = rest.subarray(size + 2)
  }
  const body = Buffer.concat(chunks)
  if (String(body.length) !== call.headers['x-amz-decoded-content-length']) incomplete()
  return { ...call, body, headers: { ...call.headers, ...trailers(rest) } }
}

function takeLine(bytes: Buffer): { line: string; after: Buffer } {
  const end = bytes.indexOf('\r\n')
  if (end === -1) incomplete()
  return { line: bytes.subarray(0, end).toString('latin1'), after: bytes.subarray(end + 2) }
}

function trailers(bytes: Buffer): Record<string, string> {
  const lines = bytes
    .toString('latin1')
    .split('\r\n')
    .map((line) => line.trim())
  return Object.fromEntries(
    lines
      // Nothing else may trail: these lines are unsigned, and must not replace a signed header.
      .filter((line) => line.toLowerCase().startsWith('x-amz-checksum-'))
      .map((line) => {
        const [name = '', ...value] = line.split(':')
        return [name.toLowerCase().trim(), value.join(':').trim()]
      }),
  )
}

function incomplete(): never {
  const text = 'The request body terminated unexpectedly: its aws-chunked framing does not add up.'
  throw new AwsError(400, 'IncompleteBody', text)
}
