import { queryValue, type Call, type Reply } from '../http/call.ts'
import type { Address } from './address.ts'
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from './buckets.ts'
import * as settings from './bucket-settings.ts'
import { getBucketTagging, putBucketTagging } from './bucket-tags.ts'
import { listObjects, listVersions } from './listing.ts'
import * as policy from './bucket-policy.ts'
import { deleteObject, putObject } from './object-writes.ts'
import { getObject, headObject } from './object-reads.ts'
import { getBucketAcl, refuseAcl } from './acl.ts'
import type { OpenRequest, S3Request } from './request.ts'

/** One operation of the S3 API. */
type Route = SignedRoute | OpenRoute

interface SignedRoute {
  readonly name: string
  readonly handle: (request: S3Request) => Reply
  readonly anonymous?: never
}

/** One whose unsigned requests get as far as the bucket's policy. */
interface OpenRoute {
  readonly name: string
  readonly handle: (request: OpenRequest) => Reply
  readonly anonymous: true
}

/** Parameters that refine an operation; any other name in a query selects one. */
const REFINING = new Set([
  'continuation-token',
  'delimiter',
  'encoding-type',
  'fetch-owner',
  'key-marker',
  'list-type',
  'max-keys',
  'prefix',
  'start-after',
  'version-id-marker',
  'versionId',
  // What SDKs add to tell operations apart in logs.
  'x-id',
])

/** By method, what the address names, and the parameter that selects. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET service': { name: 'ListBuckets', handle: listBuckets },
  'PUT bucket': { name: 'CreateBucket', handle: createBucket },
  'HEAD bucket': { name: 'HeadBucket', handle: headBucket },
  'DELETE bucket': { name: 'DeleteBucket', handle: deleteBucket },
  'GET bucket': { name: 'ListObjectsV2', handle: listObjects },
  'GET bucket ?versions': { name: 'ListObjectVersions', handle: listVersions },
  'GET bucket ?location': { name: 'GetBucketLocation', handle: getBucketLocation },
  'GET bucket ?tagging': { name: 'GetBucketTagging', handle: getBucketTagging },
  'PUT bucket ?tagging': { name: 'PutBucketTagging', handle: putBucketTagging },
  'GET bucket ?publicAccessBlock': { name: 'GetPublicAccessBlock', handle: settings.getBlock },
  'PUT bucket ?publicAccessBlock': { name: 'PutPublicAccessBlock', handle: settings.putBlock },
  'DELETE bucket ?publicAccessBlock': {
    name: 'DeletePublicAccessBlock',
    handle: settings.deleteBlock,
  },
  'GET bucket ?ownershipControls': {
    name: 'GetBucketOwnershipControls',
    handle: settings.getOwnership,
  },
  'PUT bucket ?ownershipControls': {
    name: 'PutBucketOwnershipControls',
    handle: settings.putOwnership,
  },
  'GET bucket ?versioning': { name: 'GetBucketVersioning', handle: settings.getVersioning },
  'PUT bucket ?versioning': { name: 'PutBucketVersioning', handle: settings.putVersioning },
  'GET bucket ?policy': { name: 'GetBucketPolicy', handle: policy.getPolicy },
  'PUT bucket ?policy': { name: 'PutBucketPolicy', handle: policy.putPolicy },
  'DELETE bucket ?policy': { name: 'DeleteBucketPolicy', handle: policy.deletePolicy },
  'GET bucket ?policyStatus': { name: 'GetBucketPolicyStatus', handle: policy.getPolicyStatus },
  'GET bucket ?encryption': { name: 'GetBucketEncryption', handle: settings.getEncryption },
  'PUT bucket ?encryption': { name: 'PutBucketEncryption', handle: settings.putEncryption },
  'GET bucket ?requestPayment': { name: 'GetBucketRequestPayment', handle: settings.getPayment },
  'PUT bucket ?requestPayment': { name: 'PutBucketRequestPayment', handle: settings.putPayment },
  'GET bucket ?acl': { name: 'GetBucketAcl', handle: getBucketAcl },
  'PUT bucket ?acl': { name: 'PutBucketAcl', handle: refuseAcl },
  'GET object': { name: 'GetObject', handle: getObject, anonymous: true },
  'HEAD object': { name: 'HeadObject', handle: headObject, anonymous: true },
  'PUT object': { name: 'PutObject', handle: putObject },
  'DELETE object': { name: 'DeleteObject', handle: deleteObject },
  'PUT object ?acl': { name: 'PutObjectAcl', handle: refuseAcl },
}

/** The operation a request means; a text that names it where the sandbox does not have it. */
export function routeOf(call: Call, { bucket, key }: Address): Route | string {
  const level = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object'
  const selecting = call.query.map(([name]) => name).find((name) => !REFINING.has(name))
  const wanted = [call.method, level, selecting && `?${selecting}`].filter(Boolean).join(' ')
  const first = wanted === 'GET bucket' && queryValue(call, 'list-type') !== '2'
  return first ? 'ListObjects (version 1)' : (ROUTES[wanted] ?? wanted)
}
