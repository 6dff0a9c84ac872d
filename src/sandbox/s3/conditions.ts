import { notImplemented } from '../errors.ts'
import type { Bucket, ObjectVersion } from '../model.ts'
import { noSuchKey, preconditionFailed } from './errors.ts'
import type { OpenRequest, S3Request } from './request.ts'
import { currentOf } from './versions.ts'

/**
 * If-Match and If-None-Match of a read: RFC 9110 section 13.1, lists of ETags included.
 * @returns whether the client has this version already
 * @throws AwsError `PreconditionFailed`
 */
export function isKnownAlready({ call }: OpenRequest, { etag }: ObjectVersion): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = call.headers
  const names = (wanted: string): boolean =>
    wanted.split(',').some((one) => means(one.trim(), etag))
  if (match !== undefined && !names(match)) throw preconditionFailed('If-Match')
  return noneMatch !== undefined && names(noneMatch)
}

/** The same of a write, judged and then written in one turn of the event loop. */
export function checkWriteConditions({ call, key }: S3Request, bucket: Bucket): void {
  const { 'if-match': match, 'if-none-match': noneMatch } = call.headers
  const current = currentOf(bucket, key)
  if (noneMatch !== undefined && noneMatch !== '*') {
    throw notImplemented('If-None-Match with anything but *')
  }
  if (noneMatch !== undefined && current) throw preconditionFailed('If-None-Match')
  if (match === undefined) return
  if (!current) throw noSuchKey(key)
  if (!means(match, current.etag)) throw preconditionFailed('If-Match')
}

/** S3 takes ETags with and without their quotes. */
const means = (wanted: string, etag: string): boolean =>
  wanted === '*' || bare(wanted) === bare(etag)

const bare = (etag: string): string => etag.replace(/^"|"$/g, '')
