import { AwsError } from '../errors.ts'
import { queryValue, type Reply } from '../http/call.ts'
import type { Bucket, ObjectVersion } from '../model.ts'
import { admitStranger } from './anonymous.ts'
import { anonymousDenied, mayList, openForObject, type S3Request } from './request.ts'
import { currentOf, versionOf } from './versions.ts'

export function getObject(request: S3Request): Reply {
  const id = queryValue(request.call, 'versionId')
  const action = id === undefined ? 's3:GetObject' : 's3:GetObjectVersion'
  const anonymous = request.caller.kind === 'anonymous'
  const bucket = anonymous ? admitStranger(request, action) : openForObject(request, action)
  const version = id === undefined ? latest(request, bucket) : versionOf(bucket, request.key, id)
  if (version.deleteMarker) throw deletedVersion()
  if (anonymous && version.headers['x-amz-server-side-encryption'] === 'aws:kms') throw needsKms()
  return conditional(request, version) ?? answer(request, bucket, version)
}

/** As GetObject; the listener leaves the body away. */
export const headObject = getObject

function latest(request: S3Request, bucket: Bucket): ObjectVersion {
  const version = currentOf(bucket, request.key)
  if (version) return version
  // GetObject: without s3:ListBucket, S3 does not even say that the key is missing.
  if (!mayList(request, bucket)) throw anonymousDenied()
  const elements = { Key: request.key }
  throw new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', { elements })
}

function conditional({ call }: S3Request, { etag }: ObjectVersion): Reply | undefined {
  const { 'if-match': match, 'if-none-match': noneMatch } = call.headers
  const same = (wanted: string): boolean =>
    wanted === '*' || wanted.split(',').some((one) => one.trim().replaceAll('"', '') === bare(etag))
  if (match !== undefined && !same(match)) {
    const text = 'At least one of the pre-conditions you specified did not hold'
    throw new AwsError(412, 'PreconditionFailed', text, { elements: { Condition: 'If-Match' } })
  }
  return noneMatch !== undefined && same(noneMatch) ? { status: 304, headers: { etag } } : undefined
}

const bare = (etag: string): string => etag.replaceAll('"', '')

function answer({ call }: S3Request, bucket: Bucket, version: ObjectVersion): Reply {
  const checksums =
    call.headers['x-amz-checksum-mode'] === 'ENABLED' && Object.keys(version.checksums).length > 0
      ? { ...version.checksums, 'x-amz-checksum-type': 'FULL_OBJECT' }
      : {}
  return {
    status: 200,
    headers: {
      ...version.headers,
      ...checksums,
      etag: version.etag,
      'last-modified': version.modified.toUTCString(),
      'accept-ranges': 'bytes',
      ...(bucket.versioning ? { 'x-amz-version-id': version.versionId } : {}),
    },
    body: version.body,
  }
}

const deletedVersion = (): AwsError =>
  new AwsError(
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
  )

const needsKms = (): AwsError =>
  new AwsError(
    400,
    'InvalidArgument',
    'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
  )
