import { accessDenied } from '../access/authorize.ts'
import { AwsError } from '../errors.ts'
import type { Reply } from '../http/call.ts'
import { isOnObject } from '../policy/actions.ts'
import { asList, statementsOf, storedPolicy } from '../policy/document.ts'
import type { PolicyDocument, Statement } from '../policy/document.ts'
import { PolicyFlaw } from '../policy/flaw.ts'
import { isPublic } from '../policy/public.ts'
import { parsePolicy } from '../policy/syntax.ts'
import { isBlocked } from './block.ts'
import { noContent, xmlReply } from './reply.ts'
import { bucketArn, openBucket, type S3Request } from './request.ts'

/** S3 user guide, bucket-policies.html: 20 KB. */
const MAX_BYTES = 20 * 1024

export function getPolicy(request: S3Request): Reply {
  const { policy } = openBucket(request, 's3:GetBucketPolicy')
  if (policy === undefined) throw noPolicy(request)
  return { status: 200, headers: { 'content-type': 'application/json' }, body: policy }
}

export function putPolicy(request: S3Request): Reply {
  const action = 's3:PutBucketPolicy'
  const bucket = openBucket(request, action)
  const text = request.call.body.toString('utf8')
  const document = readPolicy(request, text)
  if (isPublic(document) && isBlocked('BlockPublicPolicy', bucket, request.cloud.state)) {
    const reason =
      'because public policies are prevented by the BlockPublicPolicy setting in ' +
      'S3 Block Public Access.'
    throw accessDenied(request.caller, { action, resource: bucketArn(request) }, reason)
  }
  bucket.policy = text
  return noContent()
}

export function deletePolicy(request: S3Request): Reply {
  openBucket(request, 's3:DeleteBucketPolicy').policy = undefined
  return noContent()
}

export function getPolicyStatus(request: S3Request): Reply {
  const { policy } = openBucket(request, 's3:GetBucketPolicyStatus')
  if (policy === undefined) throw noPolicy(request)
  return xmlReply('PolicyStatus', { IsPublic: isPublic(storedPolicy(policy)) })
}

const noPolicy = ({ bucket }: S3Request): AwsError =>
  new AwsError(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist', {
    elements: { BucketName: bucket },
  })

function readPolicy(request: S3Request, text: string): PolicyDocument {
  try {
    if (Buffer.byteLength(text) > MAX_BYTES) {
      throw new PolicyFlaw(`The maximum length of policy data is ${MAX_BYTES} bytes`)
    }
    const document = parsePolicy(text, { kind: 'bucket', partition: request.cloud.state.partition })
    for (const statement of statementsOf(document)) checkResources(statement, bucketArn(request))
    return document
  } catch (error) {
    if (!(error instanceof PolicyFlaw)) throw error
    throw new AwsError(400, 'MalformedPolicy', error.message)
  }
}

/** A policy speaks of its own bucket only, and every action needs a resource of its kind. */
function checkResources(statement: Statement, arn: string): void {
  const resources = [...asList(statement.Resource), ...asList(statement.NotResource)]
  if (resources.some((one) => one !== arn && one !== `${arn}*` && !one.startsWith(`${arn}/`))) {
    throw new PolicyFlaw('Policy has invalid resource')
  }
  const ofObjects = resources.some((one) => one !== arn)
  const ofBucket = resources.some((one) => one === arn || one === `${arn}*`)
  for (const action of asList(statement.Action)) {
    if (/[*?]/.test(action) || statement.NotResource !== undefined) continue
    if (isOnObject(action) ? ofObjects : ofBucket) continue
    throw new PolicyFlaw('Action does not apply to any resource(s) in statement')
  }
}
