import { AwsError, notImplemented } from '../errors.ts'
import { queryValue, type Reply } from '../http/call.ts'
import type { Bucket, ObjectVersion } from '../model.ts'
import { encode } from '../percent.ts'
import type { XmlValue } from '../xml.ts'
import { canonicalId, ownerOf } from './ownership.ts'
import { xmlReply } from './reply.ts'
import { openBucket, type S3Request } from './request.ts'
import { currentOf } from './versions.ts'

/** S3 API reference, ListObjectsV2: at most 1,000 a page. */
const MAX_PAGE = 1000

export function listObjects(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:ListBucket')
  const query = readQuery(request)
  const token = queryValue(request.call, 'continuation-token')
  const after = token ? Buffer.from(token, 'base64url').toString() : query.startAfter
  const rows = rowsOf(bucket, query).filter(({ sortKey }) => sortKey > after)
  const page = rows.slice(0, query.size)
  const truncated = rows.length > page.length
  const owner = (version: ObjectVersion) =>
    queryValue(request.call, 'fetch-owner') === 'true' ? ownedBy(bucket, version) : {}
  return xmlReply('ListBucketResult', {
    Name: bucket.name,
    Prefix: query.spell(query.prefix),
    Delimiter: query.delimiter && query.spell(query.delimiter),
    MaxKeys: query.size,
    KeyCount: page.length,
    EncodingType: query.encoding,
    IsTruncated: truncated,
    ContinuationToken: token,
    NextContinuationToken: truncated
      ? Buffer.from(page.at(-1)?.sortKey ?? '').toString('base64url')
      : undefined,
    Contents: page.flatMap(({ version, sortKey }) =>
      version ? [{ ...contents(query.spell(sortKey), version), ...owner(version) }] : [],
    ),
    CommonPrefixes: page
      .filter(({ version }) => !version)
      .map(({ sortKey }) => ({ Prefix: query.spell(sortKey) })),
  })
}

export function listVersions(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:ListBucketVersions')
  const { prefix, size, encoding, delimiter, spell } = readQuery(request)
  if (delimiter) throw notImplemented('ListObjectVersions with a delimiter')
  const all = [...bucket.objects]
    .filter(([key]) => key.startsWith(prefix))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, versions]) => versions.map((version, n) => ({ key, version, latest: n === 0 })))
  const rest = all.slice(startOf(request, all))
  const page = rest.slice(0, size)
  const next = rest.length > page.length ? page.at(-1) : undefined
  const row = ({ key, version, latest }: (typeof all)[number]): XmlValue => ({
    VersionId: version.versionId,
    IsLatest: latest,
    ...contents(spell(key), version),
    ...ownedBy(bucket, version),
  })
  return xmlReply('ListVersionsResult', {
    Name: bucket.name,
    Prefix: spell(prefix),
    MaxKeys: size,
    EncodingType: encoding,
    IsTruncated: next !== undefined,
    NextKeyMarker: next && spell(next.key),
    NextVersionIdMarker: next?.version.versionId,
    Version: page.filter(({ version }) => !version.deleteMarker).map(row),
    DeleteMarker: page.filter(({ version }) => version.deleteMarker).map(row),
  })
}

/** Where the page after key-marker and version-id-marker begins. */
function startOf(
  { call }: S3Request,
  all: readonly { readonly key: string; readonly version: ObjectVersion }[],
): number {
  const marker = queryValue(call, 'key-marker') || undefined
  const id = queryValue(call, 'version-id-marker') || undefined
  if (marker === undefined) return 0
  const exact = all.findIndex(({ key, version }) => key === marker && version.versionId === id)
  if (exact !== -1) return exact + 1
  const later = all.findIndex(({ key }) => key > marker)
  return later === -1 ? all.length : later
}

function contents(key: string, version: ObjectVersion): Readonly<Record<string, XmlValue>> {
  const common = { Key: key, LastModified: version.modified }
  if (version.deleteMarker) return common
  return { ...common, ETag: version.etag, Size: version.body.length, StorageClass: 'STANDARD' }
}

const ownedBy = (bucket: Bucket, version: ObjectVersion) => ({
  Owner: { ID: canonicalId(ownerOf(bucket, version)) },
})

interface ListQuery {
  readonly prefix: string
  readonly delimiter: string
  readonly startAfter: string
  readonly size: number
  readonly encoding: string | undefined
  /** A key as the answer spells it: percent-encoded where the request asks for that. */
  readonly spell: (key: string) => string
}

function readQuery({ call }: S3Request): ListQuery {
  const text = (name: string): string => queryValue(call, name) ?? ''
  const encoding = text('encoding-type') || undefined
  const size = Number(text('max-keys') || MAX_PAGE)
  if (!Number.isInteger(size) || size < 0 || (encoding !== undefined && encoding !== 'url')) {
    throw new AwsError(400, 'InvalidArgument', 'Provided max-keys or encoding-type is not valid')
  }
  return {
    prefix: text('prefix'),
    delimiter: text('delimiter'),
    startAfter: text('start-after'),
    size: Math.min(size, MAX_PAGE),
    encoding,
    spell: encoding ? (key) => encode(key).replaceAll('%2F', '/') : (key) => key,
  }
}

interface Row {
  readonly sortKey: string
  /** None for a common prefix. */
  readonly version: ObjectVersion | undefined
}

function rowsOf(bucket: Bucket, { prefix, delimiter }: ListQuery): Row[] {
  const rows = new Map<string, ObjectVersion | undefined>()
  for (const key of [...bucket.objects.keys()].toSorted()) {
    const version = currentOf(bucket, key)
    if (!version || !key.startsWith(prefix)) continue
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (cut === -1) rows.set(key, version)
    else rows.set(key.slice(0, cut + delimiter.length), undefined)
  }
  return [...rows].map(([sortKey, version]) => ({ sortKey, version }))
}
