import type { Call } from '../http/call.ts'
import { decode } from '../percent.ts'

/** What an S3 request is about; empty texts where it names no bucket or no key. */
export interface Address {
  readonly bucket: string
  readonly key: string
  /** The region in the host name, for the regional forms. */
  readonly region: string | undefined
}

const REGION = '[a-z]{2,}(?:-[a-z]+)+-\\d+'
const VIRTUAL = new RegExp(`^(.+)\\.s3(?:[.-](${REGION}))?\\.localhost$`)
const PATH_STYLE = new RegExp(`^s3(?:[.-](${REGION}))?\\.localhost$`)

/**
 * Reads both forms of S3 user guide, VirtualHosting.html, with `localhost` in place of the
 * partition's suffix. `<bucket>.localhost` is what SDKs make of an endpoint called `localhost`.
 */
export function addressOf({ host, path }: Pick<Call, 'host' | 'path'>): Address {
  const pathStyle = PATH_STYLE.exec(host)
  const virtual = pathStyle ? null : (VIRTUAL.exec(host) ?? /^(.+)\.localhost$/.exec(host))
  if (virtual) return { bucket: virtual[1] ?? '', key: decode(path.slice(1)), region: virtual[2] }
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?([^]*)$/.exec(path) ?? []
  return { bucket: decode(bucket), key: decode(key), region: pathStyle?.[1] }
}
