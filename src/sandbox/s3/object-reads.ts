import { AwsError } from '../errors.ts'
import { queryValue, type Call, type Reply } from '../http/call.ts'
import type { Bucket, ObjectVersion } from '../model.ts'
import { admitStranger } from './anonymous.ts'
import { isKnownAlready } from './conditions.ts'
import { denied, noSuchKey } from './errors.ts'
import { ownerOf } from './ownership.ts'
import { rangeOf } from './range.ts'
import { mayList, openForObject, type OpenRequest } from './request.ts'
import { currentOf, versionOf } from './versions.ts'

export function getObject(request: OpenRequest): Reply {
  const id = queryValue(request.call, 'versionId')
  const action = id === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
  const { caller } = request
  const anonymous = caller.kind === 'anonymous'
  const bucket = anonymous
    ? admitStranger(request, action)
    : openForObject({ ...request, caller }, action)
  const version = id === undefined ? latest(request, bucket) : versionOf(bucket, request.key, id)
  if (version.deleteMarker) throw deletedVersion()
  // Whoever owns the bucket has no say in what others own, and neither has its policy.
  if (ownerOf(bucket, version) !== bucket.owner) throw denied()
  if (anonymous && isKms(version)) throw needsKms()
  if (isKnownAlready(request, version)) return { status: 304, headers: { etag: version.etag } }
  return answer(request, bucket, version)
}

/** As GetObject; the listener leaves the body away. */
export const headObject = getObject

function latest(request: OpenRequest, bucket: Bucket): ObjectVersion {
  const version = currentOf(bucket, request.key)
  if (version) return version
  // GetObject: without s3:ListBucket, S3 does not even say that the key is missing.
  throw mayList(request, bucket) ? noSuchKey(request.key) : denied()
}

function answer({ call }: OpenRequest, bucket: Bucket, version: ObjectVersion): Reply {
  const { body, etag } = version
  const range = rangeOf(call.headers['range'], body.length)
  const headers = {
    ...version.headers,
    etag,
    'last-modified': version.modified.toUTCString(),
    'accept-ranges': 'bytes',
    ...(bucket.versioning ? { 'x-amz-version-id': version.versionId } : {}),
  }
  if (!range) return { status: 200, headers: { ...headers, ...checksumsFor(call, version) }, body }
  const { first, last } = range
  const place = { 'content-range': `bytes ${first}-${last}/${body.length}` }
  return { status: 206, headers: { ...headers, ...place }, body: body.subarray(first, last + 1) }
}

/** The checksums are the whole object's, so that a part of it goes without. */
function checksumsFor(call: Call, { checksums }: ObjectVersion): Readonly<Record<string, string>> {
  const wanted = call.headers['x-amz-checksum-mode'] === 'ENABLED'
  if (!wanted || Object.keys(checksums).length === 0) return {}
  return { ...checksums, 'x-amz-checksum-type': 'FULL_OBJECT' }
}

const deletedVersion = (): AwsError =>
  new AwsError(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
  )

const isKms = ({ headers }: ObjectVersion): boolean =>
  headers['x-amz-server-side-encryption']?.startsWith('aws:kms') === true

const needsKms = (): AwsError =>
  new AwsError(
    400,
    'InvalidArgument',
    'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
  )
