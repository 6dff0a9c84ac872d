import { mergeStatement, publicReadStatement } from '../bucket-policy.ts'
import { openedForPolicies } from '../public-access-block.ts'
import { shellWord } from '../shell.ts'
import { policyWithout } from './closed-bucket-policy.ts'
import type { BucketSeen, Cause } from './closed-bucket.ts'
import type { Remedy } from './finding.ts'

/** The commands that are to be had here. */
export interface Mending {
  /** Has irsa write both documents and open their bucket; none where it cannot be known whole. */
  readonly rewrite: string | undefined
  /** Options for aws-cli, each with a blank in front. */
  readonly options: string
  readonly issuer: string
  readonly region: string
  /** Of the documents, below the bucket; empty for its root. */
  readonly prefix: string
}

const OTHERWISE =
  'or serve the documents without a public bucket, from any web server or CDN (irsa init --host directory)'

/** What mends a cause. */
export function remedyFor(cause: Cause, seen: BucketSeen, mending: Mending): Remedy {
  const bucket = shellWord(seen.place.bucket)
  const s3api = (command: string): string => `aws s3api ${command}${mending.options}`
  switch (cause.kind) {
    case 'bucket-missing':
      return rewritten(seen, mending, 'Make the bucket and both documents again, at once')
    case 'object-missing':
      return rewritten(seen, mending, 'Have both documents written')
    case 'organization-block': {
      const whom = 'Ask whoever manages the organization to take account'
      return { fix: `${whom} ${cause.account} out of its S3 policy, ${OTHERWISE}.` }
    }
    case 'account-block':
      return openAccount(cause, seen, mending)
    case 'bucket-block':
      return {
        fix: 'Open the bucket to public policies; ACLs stay as they are',
        command: mending.rewrite ?? s3api(openBlock(seen)),
      }
    case 'policy':
      return openPolicy(cause, seen, mending)
    case 'ownership':
      return {
        fix: 'Let the bucket own whatever is in it, which also switches off its ACLs',
        command: s3api(
          `put-bucket-ownership-controls --bucket ${bucket} --ownership-controls 'Rules=[{ObjectOwnership=BucketOwnerEnforced}]'`,
        ),
      }
    case 'kms':
      return rewritten(seen, mending, 'Have it written anew, with AES256')
    case 'requester-pays':
      return {
        fix: 'Let the owner of the bucket pay',
        command: s3api(
          `put-bucket-request-payment --bucket ${bucket} --request-payment-configuration Payer=BucketOwner`,
        ),
      }
  }
}

/** Whatever has to do with the objects themselves: irsa writes them. */
function rewritten({ place }: BucketSeen, mending: Mending, fix: string): Remedy {
  if (mending.rewrite !== undefined) return { fix, command: mending.rewrite }
  const publish = `irsa publish-jwks --bucket ${shellWord(place.bucket)} --issuer ${shellWord(mending.issuer)} --public-key`
  return { fix: `${fix}, with ${publish} and the file of the public key.` }
}

const DESCRIBE = 'aws organizations describe-effective-policy --policy-type S3_POLICY'

function openAccount(
  { account, told }: Extract<Cause, { kind: 'account-block' }>,
  { accountBlock }: BucketSeen,
  mending: Mending,
): Remedy {
  const tell = told ? '' : `Find out whose setting it is (${DESCRIBE}). `
  const block = accountBlock.kind === 'seen' ? accountBlock.value : undefined
  const opened = openedForPolicies(block ?? CLOSED)
  return {
    fix: `${tell}See first which other buckets have public policies, since theirs count again too, ${OTHERWISE}; then open the account to them`,
    command: `aws s3control put-public-access-block --account-id ${account} --public-access-block-configuration ${opened}${mending.options}`,
  }
}

const CLOSED = { blockPublicAcls: true, ignorePublicAcls: true }

function openBlock({ place, bucketBlock }: BucketSeen): string {
  const block = bucketBlock.kind === 'seen' ? bucketBlock.value : undefined
  const opened = openedForPolicies(block ?? CLOSED)
  return `put-public-access-block --bucket ${shellWord(place.bucket)} --public-access-block-configuration ${opened}`
}

/** irsa adds its own statement and leaves all others; what others deny is for them to take out. */
function openPolicy(
  { verdict }: Extract<Cause, { kind: 'policy' }>,
  seen: BucketSeen,
  mending: Mending,
): Remedy {
  if (verdict.kind === 'denied') {
    return {
      fix: `Find out what the statement ${verdict.statement} is there for; then put the policy without it`,
      command: putPolicy(policyWithout(textOf(seen) ?? '', verdict.index), seen, mending),
    }
  }
  if (verdict.kind === 'unreadable') return { fix: 'Look at the policy, and put it right.' }
  return {
    fix: 'Let everybody read the two documents, and nothing else',
    command: mending.rewrite ?? putPolicy(textOf(seen), seen, mending),
  }
}

const textOf = ({ policy }: BucketSeen): string | undefined =>
  policy.kind === 'seen' ? policy.value : undefined

function putPolicy(text: string | undefined, seen: BucketSeen, mending: Mending): string {
  const { bucket } = seen.place
  const ours = publicReadStatement({ ...mending, bucket })
  const Resource = [...new Set([...ours.Resource, seen.arn])]
  const { policy } = mergeStatement(text, { ...ours, Resource })
  const put = `aws s3api put-bucket-policy --bucket ${shellWord(bucket)} --policy ${shellWord(policy)}${mending.options}`
  const blocked = seen.bucketBlock.kind === 'seen' && seen.bucketBlock.value?.blockPublicPolicy
  return blocked ? `aws s3api ${openBlock(seen)}${mending.options} && ${put}` : put
}
