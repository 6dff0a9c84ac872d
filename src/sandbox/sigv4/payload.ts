import { AwsError, notImplemented } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { checkDigests } from './checksums.ts'
import { sha256 } from './signature.ts'

/** S3 API reference, sig-v4-header-based-auth.html and sigv4-streaming.html. */
const DECLARATIONS =
  /^([0-9a-fA-F]{64}|UNSIGNED-PAYLOAD|STREAMING-UNSIGNED-PAYLOAD-TRAILER|STREAMING-AWS4-(HMAC|ECDSA-P256)-SHA256-PAYLOAD(-TRAILER)?)$/

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
  if (declared !== undefined && !DECLARATIONS.test(declared)) {
    const text = 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-* or a SHA-256 in hex.'
    throw new AwsError(400, 'InvalidArgument', text)
  }
  const plain = declared?.startsWith('STREAMING-') ? unchunk(call, declared) : call
  if (declared?.length === 64 && declared.toLowerCase() !== sha256(call.body)) {
    const text = "The provided 'x-amz-content-sha256' header does not match what was computed."
    throw new AwsError(400, 'XAmzContentSHA256Mismatch', text)
  }
  checkDigests(plain)
  return plain
}

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
