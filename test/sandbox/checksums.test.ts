import { expect, test } from 'vitest'
import type { Call } from '../../src/sandbox/http/call.ts'
import { checkDigests, checksumsOf } from '../../src/sandbox/sigv4/checksums.ts'
import { unwrapPayload } from '../../src/sandbox/sigv4/payload.ts'

const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')
const body = Buffer.from('123456789')

// The check values of the CRC catalogue: CRC-32/ISO-HDLC, CRC-32/ISCSI and CRC-64/NVME; and the
// SHA-1 and SHA-256 of the same nine digits.
const VALUES = [
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
] as const

test.each(VALUES)('%s of 123456789', (name, hex) => {
  const headers = { [`x-amz-checksum-${name}`]: base64(hex), 'x-amz-checksum-type': 'FULL_OBJECT' }
  expect(() => checkDigests({ headers, body })).not.toThrow()
  expect(checksumsOf(headers)).toEqual({ [`x-amz-checksum-${name}`]: base64(hex) })
  const other = Buffer.from('123456780')
  expect(() => checkDigests({ headers, body: other })).toThrow(name.toUpperCase())
})

test.each([
  ['crc32c', '00000000'],
  ['crc64nvme', '0000000000000000'],
])('%s of nothing', (name, hex) => {
  const headers = { [`x-amz-checksum-${name}`]: base64(hex) }
  expect(() => checkDigests({ headers, body: Buffer.alloc(0) })).not.toThrow()
})

test('a checksum that the sandbox cannot compute is not believed', () => {
  const headers = { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' }
  expect(() => checkDigests({ headers, body })).toThrow(/xxhash64/)
})

test('a checksum that trails the body in chunks is held against it too', () => {
  const framed = (trailer: string): Call => ({
    id: '',
    method: 'PUT',
    host: '',
    path: '/bucket/key',
    query: [],
    headers: {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '9',
      'x-amz-trailer': 'x-amz-checksum-crc64nvme',
    },
    body: Buffer.from(`9\r\n123456789\r\n0\r\nx-amz-checksum-crc64nvme:${trailer}\r\n\r\n`),
    secure: true,
    address: '',
    at: new Date(0),
  })
  const { body: unwrapped, headers } = unwrapPayload(framed('rosUhgp5mIg='))
  expect(unwrapped).toEqual(body)
  expect(checksumsOf(headers)).toEqual({ 'x-amz-checksum-crc64nvme': 'rosUhgp5mIg=' })
  expect(() => unwrapPayload(framed('rosUhgp5mIk='))).toThrow(/CRC64NVME/)
})
