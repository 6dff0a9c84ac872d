import type { Bucket } from '../model.ts'
import { storedPolicy } from '../policy/document.ts'
import { evaluate } from '../policy/evaluate.ts'
import { isPublic } from '../policy/public.ts'
import { isBlocked } from './block.ts'
import { denied } from './errors.ts'
import { contextOf, objectArn, reachBucket, type OpenRequest } from './request.ts'

/**
 * The bucket, if its policy lets just anybody do this and no public access block keeps it from
 * doing so. There are no ACLs to ask: the sandbox has none.
 */
export function admitStranger(request: OpenRequest, action: string): Bucket {
  const bucket = reachBucket(request)
  // Somebody has to be billed: S3 user guide, RequesterPaysBuckets.html.
  if (bucket.requesterPays || bucket.policy === undefined) throw denied()
  const policy = storedPolicy(bucket.policy)
  // A policy that is not public may admit strangers all the same, those of one address for instance.
  const restricted = isBlocked('RestrictPublicBuckets', bucket, request.cloud.state)
  if (restricted && isPublic(policy)) throw denied()
  const verdict = evaluate([policy], {
    asker: { type: 'AWS', names: [] },
    action,
    resource: objectArn(request),
    context: contextOf(request),
  })
  if (verdict !== 'allow') throw denied()
  return bucket
}
