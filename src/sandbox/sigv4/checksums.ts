import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { AwsError, notImplemented } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { reflectedCrc } from './crc.ts'

/** What a digest header ought to say of a body, in base64. */
type Digest = (body: Buffer) => string

const PREFIX = 'x-amz-checksum-'

/** The name is one of node:crypto's. */
const hash =
  (name: string): Digest =>
  (body) =>
    createHash(name).update(body).digest('base64')

/** S3 user guide, checking-object-integrity-upload.html; clients pick CRC32 or CRC64NVME unasked. */
const DIGESTS: Readonly<Record<string, Digest>> = {
  crc32: crc32Base64,
  // RFC 3720 appendix B.4: the Castagnoli polynomial 0x1EDC6F41, bits reversed.
  crc32c: reflectedCrc(0x82f6_3b78n, 4),
  // NVM Command Set Specification, "64b CRC": 0xAD93D23594C93659, bits reversed.
  crc64nvme: reflectedCrc(0x9a6c_9329_ac4b_c9b5n, 8),
  sha1: hash('sha1'),
  sha256: hash('sha256'),
}

/** Anything else in that place would be an object checksum that we could only pretend to check. */
const UNKNOWN_DIGESTS = ['md5', 'sha512', 'xxhash64', 'xxhash3', 'xxhash128']

/** The x-amz-checksum-… headers of a request. */
export function checksumsOf(headers: Call['headers']): Record<string, string> {
  const given = Object.keys(DIGESTS).map((name) => [PREFIX + name, headers[PREFIX + name]] as const)
  return Object.fromEntries(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** Holds a body against every digest that its headers carry. @throws AwsError `BadDigest` */
export function checkDigests({ headers, body }: Pick<Call, 'headers' | 'body'>): void {
  const unknown = UNKNOWN_DIGESTS.find((name) => headers[PREFIX + name] !== undefined)
  if (unknown !== undefined) throw notImplemented(`the checksum algorithm ${unknown}`)
  for (const [name, digest] of Object.entries(DIGESTS)) {
    const value = headers[PREFIX + name]
    if (value === undefined || value === digest(body)) continue
    const text = `The ${name.toUpperCase()} you specified did not match the calculated checksum.`
    throw badDigest(text)
  }
  const md5 = headers['content-md5']
  if (md5 !== undefined && md5 !== hash('md5')(body)) {
    throw badDigest('The Content-MD5 you specified did not match what we received.')
  }
}

function crc32Base64(body: Buffer): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(body) >>> 0)
  return bytes.toString('base64')
}

const badDigest = (message: string): AwsError => new AwsError(400, 'BadDigest', message)
