import { partitionOf } from '../../core/partition.ts'
import { closedFinding } from '../../core/verify/closed-bucket-finding.ts'
import type { ObjectPlace } from '../../core/verify/closed-bucket-place.ts'
import type { BucketSeen } from '../../core/verify/closed-bucket.ts'
import type { Answered, DocumentLink } from '../../core/verify/document.ts'
import type { Finding } from '../../core/verify/finding.ts'
import { seen, type Unseen, unseen } from '../../core/verify/link.ts'
import type { Aws } from '../../ports/aws.ts'
import { type Connection, connectTo } from '../connect.ts'
import { mendingFor } from './closed-bucket-mending.ts'
import { objectOf } from './place-of.ts'
import { sighted, type Walk } from './walk.ts'

/**
 * Why a document in S3 is not public, for an answer 400, 403 or 404 (S3 user guide,
 * troubleshoot-403-errors.html). Undefined for every other answer, and where it is not in S3.
 */
export async function whyClosed(
  walk: Walk,
  link: DocumentLink,
  answer: Answered,
): Promise<Finding | undefined> {
  if (![400, 403, 404].includes(answer.status)) return undefined
  const { url, status } = answer
  const place = await objectOf(walk, url)
  if (place === undefined) return undefined
  const told = toldByS3(answer.body)
  if (status === 400 && told.encryption === undefined) return undefined
  const account = await accountAt(walk, place)
  const looked = account.kind === 'unseen' ? unlooked(place, account) : await lookAt(place, account)
  const mending = await mendingFor(walk, answer, { ...place, region: looked.region })
  return closedFinding({ link, url, status }, { ...looked, ...told }, mending)
}

/** What S3 says to strangers as well: ErrorResponses.html, and of KMS what its answer 400 is about. */
function toldByS3(body: string): Partial<Pick<BucketSeen, 'object' | 'encryption'>> {
  if (body.includes('<Code>NoSuchBucket</Code>')) return { object: seen('no-bucket') }
  if (body.includes('<Code>NoSuchKey</Code>')) return { object: seen('none') }
  return /Server Side Encryption with AWS KMS/.test(body) ? { encryption: seen('aws:kms') } : {}
}

/** The account, in the region of the bucket. */
async function accountAt({ world, sights }: Walk, { region }: ObjectPlace) {
  const account = await sights.account()
  if (account.kind === 'unseen') return account
  if (region === undefined || region === account.value.region) return account
  return sighted(() => connectTo(world, region))
}

type Looked = BucketSeen & { readonly region: string }

function unlooked(place: ObjectPlace, why: Unseen): Looked {
  const region = place.region ?? ''
  return {
    place,
    region,
    arn: arnOf(place, partitionOf(region).id),
    account: why,
    object: why,
    policy: why,
    bucketBlock: why,
    accountBlock: why,
    imposed: why,
    ownership: why,
    bucketOwner: why,
    encryption: why,
    payer: why,
  }
}

const arnOf = ({ bucket, key }: ObjectPlace, partition: string): string =>
  `arn:${partition}:s3:::${bucket}/${key}`

/** Asks everything side by side: one permission that is missing keeps nothing else from being seen. */
async function lookAt(place: ObjectPlace, { value }: { value: Connection }): Promise<Looked> {
  const { aws, caller, region } = value
  const bucket = aws.bucket(place.bucket, caller.account)
  const look = aws.lookAtBucket(place.bucket, caller.account)
  const [above, object, policy, bucketBlock, ownership, bucketOwner, encryption, payer] =
    await Promise.all([
      lookAbove(aws),
      sighted(() => look.object(place.key)),
      sighted(() => bucket.policy()),
      sighted(() => bucket.publicAccessBlock()),
      sighted(() => look.ownership()),
      sighted(() => look.owner()),
      sighted(() => look.encryption(place.key)),
      sighted(() => look.payer()),
    ])
  const inBucket = { object, policy, bucketBlock, ownership, bucketOwner, encryption, payer }
  const account = seen(caller.account)
  return { place, region, arn: arnOf(place, caller.partition), account, ...above, ...inBucket }
}

/** The organization is only asked where there is something that it may impose. */
async function lookAbove(aws: Aws): Promise<Pick<BucketSeen, 'accountBlock' | 'imposed'>> {
  const block = await aws.accountBlock()
  const free = seen(false)
  if (block === 'none') return { accountBlock: seen(undefined), imposed: free }
  if (block === 'unknown') {
    const why = 'These credentials may not call s3:GetAccountPublicAccessBlock'
    return { accountBlock: unseen(why), imposed: free }
  }
  // The policy of an organization turns on all four of them, or none.
  const mayBeImposed = Object.values(block).every(Boolean)
  const imposed = mayBeImposed ? await sighted(() => aws.organizationBlocks()) : free
  return { accountBlock: seen(block), imposed }
}
