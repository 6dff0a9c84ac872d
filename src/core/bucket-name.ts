import { hasAccountRegionalNamespace, partitionOf } from './partition.ts'
import {
  bucketNameDotted,
  bucketNameInvalid,
  bucketNameTooLong,
  bucketNameUnfit,
  bucketPrefixInvalid,
} from './problems/bucket.ts'

const MAX_LENGTH = 63

type Rule = readonly [broken: (name: string) => boolean, rule: string]

const reservedStart = (start: string): Rule => [
  (name) => name.startsWith(start),
  `no name starts with "${start}"`,
]
const reservedEnd = (end: string): Rule => [
  (name) => name.endsWith(end),
  `names that end in "${end}" are reserved`,
]

/** S3 user guide, bucketnamingrules.html, general purpose buckets; read in late 2026. */
const NAME_RULES: readonly Rule[] = [
  [(name) => name.length < 3, 'a name has at least 3 characters'],
  [(name) => name.length > MAX_LENGTH, `a name has at most ${MAX_LENGTH} characters`],
  [(name) => /[A-Z]/.test(name), 'a name has no upper-case letters'],
  [(name) => /[^a-z0-9.-]/.test(name), 'a name has only lower-case letters, digits and hyphens'],
  [(name) => !/^[a-z0-9].*[a-z0-9]$/.test(name), 'a name starts and ends with a letter or digit'],
  [(name) => name.includes('..'), 'no two dots stand side by side'],
  [(name) => /^\d+\.\d+\.\d+\.\d+$/.test(name), 'a name does not look like an IP address'],
  reservedStart('xn--'),
  reservedStart('sthree-'),
  reservedStart('amzn-s3-demo-'),
  reservedEnd('-s3alias'),
  reservedEnd('--ol-s3'),
  reservedEnd('.mrap'),
  reservedEnd('--x-s3'),
  reservedEnd('--table-s3'),
  [
    (name) => name.endsWith('-an') && !/^.+-\d{12}-[a-z]{2,}-[a-z-]+-\d+-an$/.test(name),
    'names that end in "-an" are those of the account-regional namespace, <prefix>-<account>-<region>-an',
  ],
]

/** The first rule of S3 that a bucket's name breaks, as a clause; undefined for a good name. */
export const brokenNameRule = (name: string): string | undefined =>
  NAME_RULES.find(([broken]) => broken(name))?.[1]

/**
 * Holds a bucket's name against the rules of S3, and against the one that is ours: no dots.
 *
 * @throws Problem `bucket/invalid-name`, `bucket/dotted-name`
 */
export function checkBucketName(name: string): void {
  const rule = brokenNameRule(name)
  if (rule !== undefined) throw bucketNameInvalid(name, rule)
  // S3 user guide, VirtualHosting.html: the wildcard certificate does not cover dotted names.
  if (name.includes('.')) throw bucketNameDotted(name)
}

/** Where a bucket made by irsa belongs. `account` is the twelve-digit id. */
export interface BucketHome {
  readonly name: string
  readonly account: string
  readonly region: string
}

/**
 * The bucket's name when nobody chose one: in the account-regional namespace, where no other account
 * can ever own it, or the same without `-an` in the two regions that lack it.
 *
 * @throws Problem `bucket/unfit-name`, `bucket/name-too-long`
 */
export function defaultBucketName({ name, account, region }: BucketHome): string {
  if (!/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(name)) throw bucketNameUnfit(name)
  const end = hasAccountRegionalNamespace(region) ? '-an' : ''
  const bucket = `irsa-${name}-${account}-${region}${end}`
  const room = MAX_LENGTH - (bucket.length - name.length)
  if (name.length > room) throw bucketNameTooLong(bucket, name, room)
  return bucket
}

/** Whether only this account can own the name, so that the bucket goes into its namespace. */
export function isAccountRegional(bucket: string, account: string, region: string): boolean {
  const end = `-${account}-${region}-an`
  return bucket.endsWith(end) && bucket.length > end.length
}

/** Where the documents are; no prefix, or an empty one, is the root of the bucket. */
export interface BucketPlace {
  readonly bucket: string
  readonly region: string
  readonly prefix?: string | undefined
  /** A custom endpoint, such as an emulator's; path style is used there. */
  readonly endpoint?: string | undefined
}

/**
 * The URL under which a bucket serves its objects, as text for `parseIssuer`. Always the regional
 * host: the global one can answer a redirect for a young bucket (S3 user guide, VirtualHosting.html).
 */
export function issuerOfBucket({ bucket, region, prefix, endpoint }: BucketPlace): string {
  const root =
    endpoint === undefined
      ? `https://${bucket}.s3.${region}.${partitionOf(region).dnsSuffix}`
      : `${endpoint.replace(/\/+$/, '')}/${bucket}`
  return prefix ? `${root}/${prefix}` : root
}

/** The key of the object that holds a document, `path` being relative to the issuer. */
export const objectKey = (prefix: string | undefined, path: string): string =>
  prefix ? `${prefix}/${path}` : path

const PREFIX_RULES: readonly Rule[] = [
  [(prefix) => prefix.startsWith('/'), 'it starts without a slash'],
  [(prefix) => prefix.endsWith('/'), 'it ends without a slash'],
  [(prefix) => prefix.includes('//'), 'no two slashes stand side by side'],
  [
    // Others would be escaped in URLs, and "*" and "?" are wildcards in policies.
    (prefix) => /[^A-Za-z0-9._/-]/.test(prefix),
    'it has only letters, digits, dots, hyphens, underscores and slashes',
  ],
  [
    (prefix) => prefix.split('/').some((part) => part === '.' || part === '..'),
    'no part of it is "." or "..", which URLs resolve away',
  ],
]

/** @throws Problem `bucket/invalid-prefix`; an empty prefix is none, and right. */
export function checkPrefix(prefix: string): void {
  const rule = PREFIX_RULES.find(([broken]) => broken(prefix))?.[1]
  if (rule !== undefined) throw bucketPrefixInvalid(prefix, rule)
}
