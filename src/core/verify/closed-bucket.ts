import type { PublicAccessBlock } from '../public-access-block.ts'
import { judgeStranger, type StrangerVerdict } from './closed-bucket-policy.ts'
import type { ObjectPlace } from './closed-bucket-place.ts'
import type { Seen } from './link.ts'

/** An object as a listing shows it; `none` may also be one that was deleted. */
export type ObjectSeen = 'no-bucket' | 'none' | { readonly owner: string | undefined }

/** What AWS says about an object that strangers do not get. */
export interface BucketSeen {
  readonly place: ObjectPlace
  /** `arn:aws:s3:::bucket/key` */
  readonly arn: string
  /** That of the credentials. */
  readonly account: Seen<string>
  readonly object: Seen<ObjectSeen>
  readonly policy: Seen<string | undefined>
  readonly bucketBlock: Seen<PublicAccessBlock | undefined>
  /** What applies to the whole account, with what its organization imposes. */
  readonly accountBlock: Seen<PublicAccessBlock | undefined>
  /** Whether it is the organization that imposes that. */
  readonly imposed: Seen<boolean>
  /** `BucketOwnerEnforced` and the like; undefined where nothing was ever set. */
  readonly ownership: Seen<string | undefined>
  /** The canonical id of the bucket's owner. */
  readonly bucketOwner: Seen<string | undefined>
  /** `AES256`, `aws:kms`, …; undefined where the object is not there. */
  readonly encryption: Seen<string | undefined>
  readonly payer: Seen<string | undefined>
}

/** One reason why strangers do not get an object. */
export type Cause =
  | { readonly kind: 'bucket-missing' }
  | { readonly kind: 'object-missing' }
  | { readonly kind: 'organization-block'; readonly account: string }
  /** `told` where it is known not to be the organization's. */
  | { readonly kind: 'account-block'; readonly account: string; readonly told: boolean }
  | { readonly kind: 'bucket-block' }
  | { readonly kind: 'policy'; readonly verdict: Exclude<StrangerVerdict, { kind: 'allowed' }> }
  | { readonly kind: 'ownership' }
  | { readonly kind: 'kms'; readonly encryption: string }
  | { readonly kind: 'requester-pays' }

/** Every reason that was seen. The first is the one to begin with: without it the others do not mend. */
export function causesOf(seen: BucketSeen): readonly Cause[] {
  if (known(seen.object) === 'no-bucket') return [{ kind: 'bucket-missing' }]
  return [...aboveBucket(seen), ...inBucket(seen), ...ofObject(seen)]
}

/** What nobody can change from within the bucket. */
function aboveBucket(seen: BucketSeen): readonly Cause[] {
  const account = known(seen.account)
  if (account === undefined || !blocks(known(seen.accountBlock), verdictOf(seen))) return []
  if (known(seen.imposed) === true) return [{ kind: 'organization-block', account }]
  return [{ kind: 'account-block', account, told: seen.imposed.kind === 'seen' }]
}

function inBucket(seen: BucketSeen): readonly Cause[] {
  const verdict = verdictOf(seen)
  const missing: readonly Cause[] =
    known(seen.object) === 'none' ? [{ kind: 'object-missing' }] : []
  const block: readonly Cause[] = known(seen.bucketBlock)?.restrictPublicBuckets
    ? [{ kind: 'bucket-block' }]
    : []
  const policy: readonly Cause[] =
    verdict === undefined || verdict.kind === 'allowed' ? [] : [{ kind: 'policy', verdict }]
  return [...missing, ...block, ...policy]
}

function ofObject(seen: BucketSeen): readonly Cause[] {
  const encryption = known(seen.encryption)
  return [
    ...(isForeign(seen) ? [{ kind: 'ownership' } as const] : []),
    ...(encryption?.startsWith('aws:kms') ? [{ kind: 'kms', encryption } as const] : []),
    ...(known(seen.payer) === 'Requester' ? [{ kind: 'requester-pays' } as const] : []),
  ]
}

/**
 * RestrictPublicBuckets makes a public policy void; BlockPublicPolicy only keeps one from being put
 * (S3 user guide, access-control-block-public-access.html).
 */
const blocks = (
  block: PublicAccessBlock | undefined,
  verdict: StrangerVerdict | undefined,
): boolean =>
  block !== undefined &&
  (block.restrictPublicBuckets || (block.blockPublicPolicy && verdict?.kind !== 'allowed'))

const verdictOf = ({ policy, arn }: BucketSeen): StrangerVerdict | undefined =>
  policy.kind === 'seen' ? judgeStranger(policy.value, arn) : undefined

/**
 * Whoever writes an object owns it, unless the bucket enforces its own owner; and a bucket policy is
 * about the objects of the bucket's owner (S3 user guide, about-object-ownership.html).
 */
function isForeign({ object, bucketOwner, ownership }: BucketSeen): boolean {
  const listed = known(object)
  const owner = typeof listed === 'object' ? listed.owner : undefined
  const ours = known(bucketOwner)
  if (owner === undefined || ours === undefined || owner === ours) return false
  return ownership.kind !== 'seen' || ownership.value !== 'BucketOwnerEnforced'
}

const known = <T>(sight: Seen<T>): T | undefined =>
  sight.kind === 'seen' ? sight.value : undefined

/** The questions that got no answer, those with the same reason together. */
export function unanswered(seen: BucketSeen): readonly string[] {
  const reasons = new Map<string, string[]>()
  for (const [what, sight] of questions(seen)) {
    if (sight.kind === 'seen') continue
    const [reason = ''] = sight.why.split('. ')
    reasons.set(reason, [...(reasons.get(reason) ?? []), what])
  }
  return [...reasons].map(([reason, whats]) => `${whats.join(', ')} (${reason})`)
}

const questions = (seen: BucketSeen): readonly (readonly [string, Seen<unknown>])[] => [
  ['whether the object is there', seen.object],
  ['the bucket policy', seen.policy],
  ["the bucket's public access block", seen.bucketBlock],
  ["the account's public access block", seen.accountBlock],
  ['whether the organization blocks it', seen.imposed],
  ['the object ownership', seen.ownership],
  ['who owns the bucket', seen.bucketOwner],
  ['the encryption of the object', seen.encryption],
  ['who pays for requests', seen.payer],
]
