import { objectKey } from '../bucket-name.ts'
import type { HostEntry } from '../config.ts'
import { partitionOf } from '../partition.ts'

/** An object of S3, as its URL names it. */
export interface ObjectPlace {
  readonly bucket: string
  readonly key: string
  /** Undefined where the URL does not say. */
  readonly region: string | undefined
}

/** What is known about where documents are kept. */
export interface PlaceClues {
  readonly issuer: string
  /** Of irsa.yaml. */
  readonly kept: { readonly host: HostEntry; readonly region: string } | undefined
  /** The S3 endpoint where it is not AWS's own, without a trailing slash. */
  readonly endpoint: string | undefined
}

/** The object of S3 behind a URL; undefined where it is none, or nobody can tell. */
export function objectBehind(url: string, clues: PlaceClues): ObjectPlace | undefined {
  const { issuer, kept, endpoint } = clues
  if (kept?.host.type === 's3' && url.startsWith(`${issuer}/`)) {
    const key = objectKey(kept.host.prefix, url.slice(issuer.length + 1))
    return { bucket: kept.host.bucket, region: kept.region, key }
  }
  if (endpoint !== undefined && url.startsWith(`${endpoint}/`)) {
    return pathStyle(new URL(url).pathname, undefined)
  }
  const host = hostOf(url)
  if (host === undefined) return undefined
  const { pathname } = new URL(url)
  if (host.bucket === undefined) return pathStyle(pathname, host.region)
  return object(host.bucket, pathname.slice(1), host.region)
}

/** The region in the name of an S3 host. */
export const regionOfHost = (url: string): string | undefined => hostOf(url)?.region

/** S3 user guide, VirtualHosting.html: virtual-hosted and path style, with and without the region. */
const S3_HOST = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?([a-z]{2,}(?:-[a-z]+)+-\d+))?\.([a-z.]+)$/

function hostOf(url: string) {
  const [, bucket, region, suffix] = S3_HOST.exec(new URL(url).hostname) ?? []
  return suffix === partitionOf(region ?? '').dnsSuffix ? { bucket, region } : undefined
}

function pathStyle(pathname: string, region: string | undefined): ObjectPlace | undefined {
  const [, bucket = '', key = ''] = /^\/([^/]+)\/(.+)$/.exec(pathname) ?? []
  return bucket === '' ? undefined : object(bucket, key, region)
}

/** Keys are UTF-8 (S3 user guide, object-keys.html), so what decodes to something else names none. */
function object(bucket: string, path: string, region: string | undefined): ObjectPlace | undefined {
  try {
    return { bucket, region, key: decodeURI(path) }
  } catch {
    return undefined
  }
}
