import type { StrangerVerdict } from './closed-bucket-policy.ts'
import type { BucketSeen, Cause } from './closed-bucket.ts'

/** What is said of a cause. */
export interface CauseWords {
  /** Goes on from "it is not public: ". */
  readonly because: string
  /** Sentences: what that has to do with strangers. */
  readonly why: string
}

/** Each cause in words. */
export function wordsFor(cause: Cause, seen: BucketSeen): CauseWords {
  const { bucket, key } = seen.place
  switch (cause.kind) {
    case 'bucket-missing':
      return bucketMissing(bucket)
    case 'object-missing':
      return {
        because: `the bucket ${bucket} has no object ${key}`,
        why: 'To whoever may not list a bucket S3 answers 403 for what is not there.',
      }
    case 'organization-block':
      return {
        because: `the organization of account ${cause.account} blocks public access to all of its buckets`,
        why: 'Its S3 policy turns on all four switches of S3 block public access, and neither the account nor a bucket can turn them off.',
      }
    case 'account-block':
      return accountBlock(cause.account, cause.told)
    case 'bucket-block':
      return {
        because: `the bucket ${bucket} has RestrictPublicBuckets on, in its public access block`,
        why: 'With it S3 ignores bucket policies that let just anybody in.',
      }
    case 'policy':
      return policy(bucket, cause.verdict)
    case 'ownership':
      return ownership(bucket, key)
    case 'kms':
      return kms(cause.encryption)
    case 'requester-pays':
      return {
        because: `the bucket ${bucket} has its requesters pay`,
        why: 'Such a bucket answers signed requests only.',
      }
  }
}

const ownership = (bucket: string, key: string): CauseWords => ({
  because: `${key} belongs to another account than the bucket ${bucket}`,
  why: 'The bucket does not enforce its own ownership (BucketOwnerEnforced), so that what others wrote stays theirs, and the bucket policy is not about it.',
})

const kms = (encryption: string): CauseWords => ({
  because: `it is encrypted with ${encryption}`,
  why: 'Whoever reads that has to sign the request and to be allowed to use the KMS key, and STS comes without credentials. With AES256, which S3 takes by itself, strangers can read it; a default of the bucket may have chosen otherwise.',
})

/** S3 user guide, gpbucketnamespaces.html: only names ending in `-an` are those of one account. */
const bucketMissing = (bucket: string): CauseWords => ({
  because: `there is no bucket ${bucket}`,
  why: bucket.endsWith('-an')
    ? 'It was deleted, or never made. Its name is in the namespace of one account, so nobody else can take it.'
    : 'It was deleted, or never made. Anybody can make a bucket of this name in an account of theirs, publish a key of theirs in it, and with it take every role that trusts this issuer.',
})

const accountBlock = (account: string, told: boolean): CauseWords => ({
  because: told
    ? `account ${account} blocks public access to all of its buckets`
    : `account ${account}, or its organization, blocks public access to all of its buckets`,
  why: 'S3 block public access is on for the whole account, and the strictest of organization, account and bucket counts.',
})

function policy(
  bucket: string,
  verdict: Exclude<StrangerVerdict, { kind: 'allowed' }>,
): CauseWords {
  const nobody = 'Without a statement that lets everybody do s3:GetObject, S3 refuses strangers.'
  switch (verdict.kind) {
    case 'no-policy':
      return { because: `the bucket ${bucket} has no policy`, why: nobody }
    case 'unreadable':
      return { because: `the policy of the bucket ${bucket} cannot be read`, why: nobody }
    case 'silent':
      return {
        because: `the policy of the bucket ${bucket} does not let everybody read it`,
        why:
          verdict.nearly === undefined
            ? nobody
            : `${nobody} Closest comes this: ${verdict.nearly}.`,
      }
    case 'conditional':
      return {
        because: `the policy of the bucket ${bucket} lets it be read under a condition only`,
        why: `Its statement ${verdict.statement} asks for ${verdict.keys.join(', ')}, and AWS does not say from where, or how, STS reads.`,
      }
    case 'denied':
      return {
        because: `the policy of the bucket ${bucket} denies it`,
        why:
          verdict.keys.length === 0
            ? `Its statement ${verdict.statement} is a Deny that includes this object, and a Deny wins over every Allow.`
            : `Its statement ${verdict.statement} denies it where ${verdict.keys.join(', ')} is as it says, which may be so for this machine and for STS.`,
      }
  }
}
