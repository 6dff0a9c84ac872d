import { authorize } from '../access/authorize.ts'
import { AwsError } from '../errors.ts'
import type { Reply } from '../http/call.ts'
import type { Bucket, ObjectOwnership } from '../model.ts'
import { child, childText, readXml, type XmlElement } from '../xml-reader.ts'
import { ALL_BLOCKED } from './block.ts'
import { readTags } from './bucket-tags.ts'
import { checkBucketName } from './names.ts'
import { canonicalId, ownershipNamed } from './ownership.ts'
import { noContent, ok, xmlReply } from './reply.ts'
import { bucketArn, contextOf, endpointRegion, openBucket, type S3Request } from './request.ts'

export function listBuckets(request: S3Request): Reply {
  const { caller } = request
  authorize(caller, { action: 's3:ListAllMyBuckets', resource: '*' })
  const owned = [...request.cloud.state.buckets.values()]
    .filter(({ owner }) => owner === caller.account)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, created, region }) => ({
      Name: name,
      CreationDate: created,
      BucketRegion: region,
    }))
  return xmlReply('ListAllMyBucketsResult', {
    Owner: { ID: canonicalId(caller.account) },
    Buckets: { Bucket: owned },
  })
}

/** HeadBucket names the region in every answer; errors get it where they are made. */
export function headBucket(request: S3Request): Reply {
  const { region } = openBucket(request, 's3:ListBucket')
  return ok({ 'x-amz-bucket-region': region, 'x-amz-access-point-alias': 'false' })
}

/** us-east-1 is spelled as nothing at all, as ever. */
export function getBucketLocation(request: S3Request): Reply {
  const { region } = openBucket(request, 's3:GetBucketLocation')
  return xmlReply('LocationConstraint', region === 'us-east-1' ? '' : region)
}

export function deleteBucket(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:DeleteBucket')
  if (bucket.objects.size > 0) {
    const text = bucket.versioning
      ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
      : 'The bucket you tried to delete is not empty'
    throw new AwsError(409, 'BucketNotEmpty', text, { elements: { BucketName: bucket.name } })
  }
  request.cloud.state.buckets.delete(bucket.name)
  return noContent()
}

export function createBucket(request: S3Request): Reply {
  const { cloud, call, caller, bucket: name } = request
  const namespace = call.headers['x-amz-bucket-namespace']
  const body = call.body.length > 0 ? readXml(call.body) : undefined
  const tags = readTags(child(body, 'Tags'))
  permitCreation(request, tags.length > 0)
  const region = locationOf(body, endpointRegion(request))
  checkBucketName(name, namespace, { account: caller.account, region })
  const ownership = ownershipOf(request)
  const existing = cloud.state.buckets.get(name)
  if (existing) return already(existing, caller.account, region)
  cloud.state.buckets.set(name, {
    ...emptyBucket({ name, region, owner: caller.account, created: call.at }),
    namespace: namespace === 'account-regional' ? namespace : 'global',
    tags,
    ownership,
  })
  return ok({ location: `/${name}`, 'x-amz-bucket-arn': bucketArn(request) })
}

/** A bucket as S3 makes them since April 2023: nothing public, no ACLs. */
export const emptyBucket = (
  about: Pick<Bucket, 'name' | 'region' | 'owner' | 'created'>,
): Bucket => ({
  ...about,
  namespace: 'global',
  tags: [],
  block: ALL_BLOCKED,
  policy: undefined,
  ownership: 'BucketOwnerEnforced',
  encryption: undefined,
  requesterPays: false,
  versioning: undefined,
  objects: new Map(),
})

function permitCreation(request: S3Request, tagged: boolean): void {
  const namespace = request.call.headers['x-amz-bucket-namespace']
  const context = {
    ...contextOf(request),
    ...(namespace === undefined ? {} : { 's3:x-amz-bucket-namespace': [namespace] }),
  }
  const actions = ['s3:CreateBucket', ...(tagged ? ['s3:TagResource'] : [])]
  for (const action of actions) {
    authorize(request.caller, { action, resource: bucketArn(request), context })
  }
}

/** S3 API reference, CreateBucket, LocationConstraint; us-east-1's endpoint can name any other. */
function locationOf(body: XmlElement | undefined, endpoint: string): string {
  const wanted = childText(body, 'LocationConstraint') || undefined
  if (wanted === 'us-east-1') {
    const text = 'The specified location-constraint is not valid'
    throw new AwsError(400, 'InvalidLocationConstraint', text)
  }
  if (endpoint === 'us-east-1' || wanted === endpoint) return wanted ?? endpoint
  const text =
    `The ${wanted ?? 'unspecified'} location constraint is incompatible for the region ` +
    'specific endpoint this request was sent to.'
  throw new AwsError(400, 'IllegalLocationConstraintException', text)
}

function ownershipOf({ call }: S3Request): ObjectOwnership {
  const ownership = ownershipNamed(call.headers['x-amz-object-ownership'] ?? 'BucketOwnerEnforced')
  if (!ownership)
    throw new AwsError(400, 'InvalidArgument', 'Invalid x-amz-object-ownership header')
  const acl = call.headers['x-amz-acl'] ?? 'private'
  if (acl !== 'private' && ownership === 'BucketOwnerEnforced') {
    const text = "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting"
    throw new AwsError(400, 'InvalidBucketAclWithObjectOwnership', text)
  }
  return ownership
}

/** Making one's own bucket again is an error everywhere but in us-east-1's global namespace. */
function already(existing: Bucket, account: string, region: string): Reply {
  const elements = { BucketName: existing.name }
  if (existing.owner !== account) {
    const text =
      'The requested bucket name is not available. The bucket namespace is shared by all users ' +
      'of the system. Please select a different name and try again.'
    throw new AwsError(409, 'BucketAlreadyExists', text, { elements })
  }
  const legacy = existing.region === 'us-east-1' && existing.namespace === 'global'
  if (legacy && region === 'us-east-1') return ok({ location: `/${existing.name}` })
  const text = 'Your previous request to create the named bucket succeeded and you already own it.'
  throw new AwsError(409, 'BucketAlreadyOwnedByYou', text, { elements })
}
