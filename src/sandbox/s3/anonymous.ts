import type { Bucket } from '../model.ts'
import { parsePolicy } from '../policy/document.ts'
import { evaluate } from '../policy/evaluate.ts'
import { isBlocked } from './block.ts'
import { anonymousDenied, contextOf, objectArn, reachBucket, type S3Request } from './request.ts'

/**
 * The bucket, if its policy lets just anybody do this and no public access block keeps it from
 * doing so. There are no ACLs to ask: the sandbox has none.
 */
export function admitStranger(request: S3Request, action: string): Bucket {
  const bucket = reachBucket(request)
  if (bucket.policy === undefined) throw anonymousDenied()
  // A policy that grants something to strangers is public, so this flag takes all of it away.
  if (isBlocked('RestrictPublicBuckets', bucket, request.cloud.state)) throw anonymousDenied()
  const verdict = evaluate([parsePolicy(bucket.policy, 'bucket')], {
    asker: { type: 'AWS', names: [] },
    action,
    resource: objectArn(request),
    context: contextOf(request),
  })
  if (verdict !== 'allow') throw anonymousDenied()
  return bucket
}
