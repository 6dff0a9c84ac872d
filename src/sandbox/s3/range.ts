import { AwsError } from '../errors.ts'

/** The first and the last byte that is asked for, counted from 0. */
interface ByteRange {
  readonly first: number
  readonly last: number
}

/**
 * Reads a Range header: RFC 9110 section 14.2. Like S3 it leaves aside what it does not understand,
 * several ranges among that, and gives the whole object then: `undefined`.
 *
 * @param size of the object, in bytes
 * @throws AwsError `InvalidRange`
 */
export function rangeOf(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  const [, from = '', to = ''] = match ?? []
  if (!match || (from === '' && to === '')) return undefined
  // Without a beginning it is the length of the end.
  const first = from === '' ? Math.max(size - Number(to), 0) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && from !== '' && Number(to) < first) return undefined
  if (first < size) return { first, last }
  throw new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable', {
    headers: { 'content-range': `bytes */${size}` },
    elements: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
  })
}
