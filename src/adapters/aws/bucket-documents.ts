import { objectKey } from '../../core/bucket-name.ts'
import { assertNoPrivateMembers } from '../../core/key-set.ts'
import { Conflict } from '../../ports/conflict.ts'
import type { DocumentStore } from '../../ports/documents.ts'
import type { BucketCalls } from './bucket.ts'

/**
 * STS honours the response's caching headers; without any, CloudFront would keep the key set for
 * 24 hours (Amazon CloudFront, using-managed-cache-policies.html).
 */
const CACHE_CONTROL = 'public, max-age=300'
const CONTENT_TYPE = 'application/json'
/** A bucket's default of SSE-KMS would make the documents unreadable for anonymous callers. */
const ENCRYPTION = 'AES256'

/** The documents below a prefix of a bucket, written only where nobody else wrote meanwhile. */
export function bucketDocuments(calls: BucketCalls, prefix: string): DocumentStore {
  const { run, target } = calls
  const keyOf = (path: string): string => objectKey(prefix, path)
  return {
    async read(path) {
      const answer = await run(
        'GetObject',
        async (s3, sdk) => {
          const found = await s3.send(new sdk.GetObjectCommand({ ...target, Key: keyOf(path) }))
          return { ...found, text: (await found.Body?.transformToString()) ?? '' }
        },
        ['NoSuchKey', 'NoSuchBucket'],
      )
      if (answer === undefined) return undefined
      return {
        body: answer.text,
        version: answer.ETag ?? '',
        contentType: answer.ContentType,
        cacheControl: answer.CacheControl,
        encryption: answer.ServerSideEncryption,
      }
    },

    async write(path, body, seen) {
      assertNoPrivateMembers(body, keyOf(path))
      await run('PutObject', async (s3, sdk) => {
        const put = new sdk.PutObjectCommand({
          ...target,
          Key: keyOf(path),
          Body: body,
          ContentType: CONTENT_TYPE,
          CacheControl: CACHE_CONTROL,
          ServerSideEncryption: ENCRYPTION,
          ...(seen === undefined ? { IfNoneMatch: '*' } : { IfMatch: seen.version }),
        })
        try {
          await s3.send(put)
        } catch (error) {
          // With If-Match a key that has gone answers 404 (S3, conditional-writes.html).
          if (error instanceof Error && error.name === 'NoSuchKey') {
            throw new Conflict(`${path} has gone`, error)
          }
          throw error
        }
      })
    },

    async remove(path) {
      const versions = await listVersions(calls, keyOf(path))
      for (const { key, version } of versions.filter(({ key }) => key === keyOf(path))) {
        await run('DeleteObject', (s3, sdk) =>
          s3.send(new sdk.DeleteObjectCommand({ ...target, Key: key, VersionId: version })),
        )
      }
    },

    isCurrent: ({ contentType, cacheControl, encryption = ENCRYPTION }) =>
      contentType === CONTENT_TYPE && cacheControl === CACHE_CONTROL && encryption === ENCRYPTION,
  }
}

interface ObjectVersion {
  readonly key: string
  readonly version: string | undefined
}

/** Every version and delete marker below a prefix; a bucket without versioning has one of each. */
export async function listVersions(
  { run, target }: BucketCalls,
  prefix: string,
): Promise<readonly ObjectVersion[]> {
  const found: ObjectVersion[] = []
  let marker: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (;;) {
    const page = await run(
      'ListObjectVersions',
      (s3, sdk) =>
        s3.send(new sdk.ListObjectVersionsCommand({ ...target, Prefix: prefix, ...marker })),
      ['NoSuchBucket'],
    )
    for (const { Key, VersionId } of [...(page?.Versions ?? []), ...(page?.DeleteMarkers ?? [])]) {
      if (Key !== undefined) found.push({ key: Key, version: VersionId })
    }
    if (page?.IsTruncated !== true) return found
    marker = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
}
