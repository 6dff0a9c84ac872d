import { createHash, randomBytes } from 'node:crypto'
import { AwsError } from '../errors.ts'
import type { Bucket, ObjectVersion } from '../model.ts'

/** The version that a plain GET means; `undefined` where there is none or it was deleted. */
export function currentOf(bucket: Bucket, key: string): ObjectVersion | undefined {
  const newest = bucket.objects.get(key)?.[0]
  return newest?.deleteMarker ? undefined : newest
}

/** One version by its id. @throws AwsError `NoSuchVersion` */
export function versionOf(bucket: Bucket, key: string, id: string): ObjectVersion {
  const version = bucket.objects.get(key)?.find(({ versionId }) => versionId === id)
  if (version) return version
  throw new AwsError(404, 'NoSuchVersion', 'The specified version does not exist.')
}

/** Puts a version in front; without versioning, and while suspended, it replaces the null one. */
export function addVersion(
  bucket: Bucket,
  key: string,
  content: Omit<ObjectVersion, 'versionId' | 'etag'>,
): ObjectVersion {
  const enabled = bucket.versioning === 'Enabled'
  const versionId = enabled ? randomBytes(24).toString('base64url') : 'null'
  const digest = createHash('md5').update(content.body).digest('hex')
  const version = { ...content, versionId, etag: `"${digest}"` }
  const older = bucket.objects.get(key) ?? []
  const kept = enabled ? older : older.filter((one) => one.versionId !== 'null')
  bucket.objects.set(key, [version, ...kept])
  return version
}

/** Removes one version for good; that it is not there is fine, as in S3. */
export function removeVersion(bucket: Bucket, key: string, id: string): ObjectVersion | undefined {
  const versions = bucket.objects.get(key) ?? []
  const removed = versions.find(({ versionId }) => versionId === id)
  const kept = versions.filter((version) => version !== removed)
  if (kept.length > 0) bucket.objects.set(key, kept)
  else bucket.objects.delete(key)
  return removed
}
