/**
 * A cyclic redundancy check that begins and ends with all ones and takes the lowest bit first; its
 * value is base64 of the big-endian bytes, as S3's checksum headers want it.
 *
 * @param polynomial with its bits reversed
 * @param size bytes of the value
 */
export function reflectedCrc(polynomial: bigint, size: 4 | 8): (body: Buffer) => string {
  const table = Array.from({ length: 256 }, (_, byte) => remainder(BigInt(byte), polynomial))
  // In halves: BigInt would take seconds for the largest bodies.
  const lows = Uint32Array.from(table, (entry) => Number(entry & 0xffff_ffffn))
  const highs = Uint32Array.from(table, (entry) => Number(entry >> 32n))
  return (body) => {
    let low = -1
    let high = size === 8 ? -1 : 0
    for (const byte of body) {
      const entry = (low ^ byte) & 0xff
      low = ((low >>> 8) | (high << 24)) ^ (lows[entry] ?? 0)
      high = (high >>> 8) ^ (highs[entry] ?? 0)
    }
    const bytes = Buffer.alloc(8)
    bytes.writeUInt32BE(~high >>> 0, 0)
    bytes.writeUInt32BE(~low >>> 0, 4)
    return bytes.subarray(8 - size).toString('base64')
  }
}

function remainder(byte: bigint, polynomial: bigint): bigint {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = (value >> 1n) ^ (value & 1n ? polynomial : 0n)
  return value
}
