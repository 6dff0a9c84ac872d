import { bucketNotEmpty, bucketTaken, publicPolicyRefused } from '../../core/problems/bucket.ts'
import { Conflict } from '../../ports/conflict.ts'
import { codeOf } from './errors.ts'
import type { GetPublicAccessBlockCommandOutput } from './sdk/s3.ts'

/** What S3 says about buckets in particular. */
export function bucketProblem(error: unknown, name: string): Error | undefined {
  const code = codeOf(error)
  if (code === 'BucketAlreadyOwnedByYou') return new Conflict(`bucket ${name} exists`, error)
  if (code === 'BucketAlreadyExists') return bucketTaken(name, error)
  if (code === 'BucketNotEmpty') return bucketNotEmpty(name, [])
  // S3 user guide, troubleshoot-403-errors.html: the text does not say whose setting it is.
  if (error instanceof Error && error.message.includes('BlockPublicPolicy')) {
    return publicPolicyRefused(name, error)
  }
  return undefined
}

/** What is written to a bucket before anything that was in it could be read. */
const FIRST_WRITES = new Set(['PutPublicAccessBlock', 'PutBucketPolicy', 'PutObject'])

/**
 * A bucket that was made just now may not be there yet for the next call: bucket configuration is
 * eventually consistent (S3 user guide, "Amazon S3 data consistency model"). So it is looked at
 * again; a bucket that stays away is the `problem` in the end.
 */
export function notThereYet(
  error: unknown,
  problem: Error,
  operation: string,
): Conflict | undefined {
  if (codeOf(error) !== 'NoSuchBucket' || !FIRST_WRITES.has(operation)) return undefined
  return new Conflict(problem.message, problem)
}

/** The same where settings are read in between: as S3 makes every bucket, nothing of it is public. */
export function closedWhileNew(error: unknown): GetPublicAccessBlockCommandOutput {
  if (codeOf(error) !== 'NoSuchBucket') throw error
  return {
    $metadata: {},
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  }
}
