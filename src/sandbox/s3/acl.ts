import { AwsError, notImplemented } from '../errors.ts'
import type { Reply } from '../http/call.ts'
import type { Bucket } from '../model.ts'
import { canonicalId } from './ownership.ts'
import { xmlReply } from './reply.ts'
import { openBucket, openForObject, type S3Request } from './request.ts'

/** S3 user guide, object-ownership-error-responses.html. */
const refused = (): AwsError =>
  new AwsError(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs')

/** The one ACL that there is: everything is the owner's. */
export function getBucketAcl(request: S3Request): Reply {
  const { owner } = openBucket(request, 's3:GetBucketAcl')
  const ID = canonicalId(owner)
  // Grantee carries its type as an attribute, which nobody here looks at.
  return xmlReply('AccessControlPolicy', {
    Owner: { ID },
    AccessControlList: { Grant: { Grantee: { ID }, Permission: 'FULL_CONTROL' } },
  })
}

/** PutBucketAcl and PutObjectAcl. Buckets that still have ACLs are beyond the sandbox. */
export function refuseAcl(request: S3Request): Reply {
  const bucket =
    request.key === ''
      ? openBucket(request, 's3:PutBucketAcl')
      : openForObject(request, 's3:PutObjectAcl')
  if (bucket.ownership === 'BucketOwnerEnforced') throw refused()
  throw notImplemented('access control lists')
}

/** The ACL headers of PutObject: the one canned ACL that says what is so anyway may pass. */
export function checkAclHeaders({ call }: S3Request, bucket: Bucket): void {
  const grants = Object.keys(call.headers).some((name) => name.startsWith('x-amz-grant-'))
  const acl = call.headers['x-amz-acl']
  if (!grants && (acl === undefined || acl === 'bucket-owner-full-control')) return
  if (bucket.ownership === 'BucketOwnerEnforced') throw refused()
  throw notImplemented('access control lists')
}
