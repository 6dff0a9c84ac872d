import { AwsError, notImplemented } from '../errors.ts'
import { queryValue, type Reply } from '../http/call.ts'
import { checksumsOf } from '../sigv4/checksums.ts'
import type { Bucket } from '../model.ts'
import { checkAclHeaders } from './acl.ts'
import { encryptionNamed } from './bucket-settings.ts'
import { checkWriteConditions } from './conditions.ts'
import { noContent, ok } from './reply.ts'
import { openForObject, type S3Request } from './request.ts'
import { addVersion, removeVersion } from './versions.ts'

/** S3 user guide, object-keys.html: 1,024 bytes of UTF-8. */
const MAX_KEY_BYTES = 1024

/** Headers that S3 keeps with an object, beside x-amz-meta-…. */
const KEPT = new Set(['cache-control', 'content-disposition', 'content-language', 'expires'])

export function putObject(request: S3Request): Reply {
  const { call, key } = request
  const bucket = openForObject(request, 's3:PutObject')
  // S3 user guide, conditional-writes.html: comparing ETags takes the right to read the object.
  if (call.headers['if-match'] !== undefined) openForObject(request, 's3:GetObject')
  if (call.headers['x-amz-copy-source'] !== undefined) throw notImplemented('CopyObject')
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new AwsError(400, 'KeyTooLongError', 'Your key is too long')
  }
  checkAclHeaders(request, bucket)
  const headers = keptHeaders(request, bucket)
  checkWriteConditions(request, bucket)
  const checksums = checksumsOf(call.headers)
  const content = { body: call.body, modified: call.at, deleteMarker: false, headers, checksums }
  const version = addVersion(bucket, key, content)
  return ok({
    etag: version.etag,
    ...checksums,
    'x-amz-server-side-encryption': headers['x-amz-server-side-encryption'] ?? '',
    ...(bucket.versioning ? { 'x-amz-version-id': version.versionId } : {}),
  })
}

export function deleteObject(request: S3Request): Reply {
  const { call, key } = request
  const id = queryValue(call, 'versionId')
  const bucket = openForObject(request, id ? 's3:DeleteObjectVersion' : 's3:DeleteObject')
  checkWriteConditions(request, bucket)
  if (id !== undefined) {
    const removed = removeVersion(bucket, key, id)
    return noContent(removed?.deleteMarker ? marked(id) : { 'x-amz-version-id': id })
  }
  if (!bucket.versioning) {
    bucket.objects.delete(key)
    return noContent()
  }
  const marker = addVersion(bucket, key, {
    body: Buffer.alloc(0),
    modified: call.at,
    deleteMarker: true,
    headers: {},
    checksums: {},
  })
  return noContent(marked(marker.versionId))
}

const marked = (id: string): Record<string, string> => ({
  'x-amz-version-id': id,
  'x-amz-delete-marker': 'true',
})

function keptHeaders({ call }: S3Request, bucket: Bucket): Record<string, string> {
  const chosen = call.headers['x-amz-server-side-encryption'] ?? bucket.encryption ?? 'AES256'
  const encryption = encryptionNamed(chosen)
  if (!encryption) {
    const text = 'The encryption method specified is not supported'
    throw new AwsError(400, 'InvalidEncryptionAlgorithmError', text)
  }
  const meta = Object.entries(call.headers).filter(
    ([name]) => name.startsWith('x-amz-meta-') || KEPT.has(name),
  )
  // aws-chunked describes the transfer, and S3 keeps only what stands beside it.
  const encodings = (call.headers['content-encoding'] ?? '').split(',').map((one) => one.trim())
  const encoding = encodings.filter((one) => one !== '' && one !== 'aws-chunked').join(',')
  return {
    ...Object.fromEntries(meta),
    'content-type': call.headers['content-type'] ?? 'binary/octet-stream',
    ...(encoding === '' ? {} : { 'content-encoding': encoding }),
    'x-amz-server-side-encryption': encryption,
  }
}
