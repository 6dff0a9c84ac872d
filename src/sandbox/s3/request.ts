import { authorize, isAllowed, type Need } from '../access/authorize.ts'
import type { Caller, Principal } from '../access/caller.ts'
import type { Cloud } from '../cloud.ts'
import { AwsError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import type { Bucket } from '../model.ts'
import { timeContext, type RequestContext } from '../policy/condition.ts'
import { storedPolicy } from '../policy/document.ts'
import { scopeOf } from '../sigv4/authorization.ts'
import type { Address } from './address.ts'
import { denied } from './errors.ts'

/** One S3 request on its way through a handler. */
export interface S3Request extends OpenRequest {
  readonly caller: Principal
}

/** The same where the operation takes unsigned requests. */
export interface OpenRequest extends Address {
  readonly cloud: Cloud
  readonly call: Call
  readonly caller: Caller
}

export const bucketArn = ({ cloud, bucket }: Pick<OpenRequest, 'cloud' | 'bucket'>): string =>
  `arn:${cloud.state.partition}:s3:::${bucket}`

export const objectArn = (request: Pick<OpenRequest, 'cloud' | 'bucket' | 'key'>): string =>
  `${bucketArn(request)}/${request.key}`

/** Condition keys that requests on this path can meet. */
export const contextOf = ({ call }: Pick<OpenRequest, 'call'>): RequestContext => ({
  'aws:securetransport': [String(call.secure)],
  'aws:sourceip': [call.address],
  ...timeContext(call.at),
})

/** The region whose endpoint this is: by its name, or else the one that the client signed for. */
export function endpointRegion({ call, cloud, region }: OpenRequest): string {
  return region ?? scopeOf(call)?.region ?? cloud.state.region
}

/** A bucket that the caller may do this to, or the answer S3 gives instead. */
export function openBucket(request: S3Request, action: string): Bucket {
  const bucket = reachBucket(request)
  permit(request, bucket, { action, resource: bucketArn(request) })
  return bucket
}

/** The same for one of its objects. */
export function openForObject(request: S3Request, action: string): Bucket {
  const bucket = reachBucket(request)
  permit(request, bucket, { action, resource: objectArn(request) })
  return bucket
}

/** Whether the caller may see that a key is missing: it needs ListBucket for that (GetObject). */
export function mayList(request: OpenRequest, bucket: Bucket): boolean {
  if (request.caller.kind === 'anonymous') return false
  const need = withPolicy(request, bucket, {
    action: 's3:ListBucket',
    resource: bucketArn(request),
  })
  return isAllowed(request.caller, need)
}

/** The bucket, if this endpoint serves it and its owner is who the caller expects. */
export function reachBucket(request: OpenRequest): Bucket {
  const { call, cloud, bucket: name } = request
  checkScope(request)
  const bucket = cloud.state.buckets.get(name)
  if (!bucket) {
    const elements = { BucketName: name }
    throw new AwsError(404, 'NoSuchBucket', 'The specified bucket does not exist', { elements })
  }
  const headers = { 'x-amz-bucket-region': bucket.region }
  const anonymous = request.caller.kind === 'anonymous' && request.region === undefined
  if (!anonymous && bucket.region !== endpointRegion(request)) throw elsewhere(bucket)
  const expected = call.headers['x-amz-expected-bucket-owner']
  if (expected !== undefined && expected !== bucket.owner) throw denied(headers)
  return bucket
}

function permit(request: S3Request, bucket: Bucket, need: Need): void {
  const headers = { 'x-amz-bucket-region': bucket.region }
  const { caller } = request
  if (caller.account !== bucket.owner) throw denied(headers)
  try {
    authorize(caller, withPolicy(request, bucket, need))
  } catch (error) {
    throw error instanceof AwsError
      ? new AwsError(error.status, error.code, error.message, { headers })
      : error
  }
}

function withPolicy(request: OpenRequest, bucket: Bucket, need: Need): Need {
  const resourcePolicy = bucket.policy ? storedPolicy(bucket.policy) : undefined
  return { ...need, resourcePolicy, context: { ...contextOf(request), ...need.context } }
}

/** A regional endpoint takes signatures for its own region only. */
function checkScope({ call, region }: OpenRequest): void {
  const signed = scopeOf(call)?.region
  if (region === undefined || signed === undefined || signed === region) return
  const text = `The authorization header is malformed; the region '${signed}' is wrong; expecting '${region}'`
  throw new AwsError(400, 'AuthorizationHeaderMalformed', text, {
    headers: { 'x-amz-bucket-region': region },
    elements: { Region: region },
  })
}

/** S3 user guide, UsingRouting: no Location header, so that no client follows without signing anew. */
function elsewhere(bucket: Bucket): AwsError {
  const text =
    'The bucket you are attempting to access must be addressed using the specified endpoint. ' +
    'Please send all future requests to this endpoint.'
  return new AwsError(301, 'PermanentRedirect', text, {
    headers: { 'x-amz-bucket-region': bucket.region },
    elements: { Endpoint: `s3.${bucket.region}.localhost`, Bucket: bucket.name },
  })
}
