import {
  mergeStatement,
  withoutStatement,
  type PublicReadStatement,
} from '../core/bucket-policy.ts'
import { publicAccessBlocked } from '../core/problems/bucket.ts'
import { Problem } from '../core/problems/problem.ts'
import type { AccountBlock, Bucket, Tags } from '../ports/aws.ts'
import { Conflict } from '../ports/conflict.ts'
import { blocksPolicies } from './public-access-block.ts'
import type { Resource } from './resource.ts'

export interface BucketPolicyContext {
  readonly within: Resource<Tags>
  readonly after: Resource
  readonly account: string
  readonly accountBlock: () => Promise<AccountBlock>
  /** @throws Problem where the documents that the statement is about are somebody else's. */
  readonly assertOurs: () => Promise<void>
}

/** Our one statement in the bucket's policy; whatever else the policy says stays. */
export function bucketPolicyResource(
  bucket: Bucket,
  statement: PublicReadStatement,
  { within, after, account, accountBlock, assertOurs }: BucketPolicyContext,
): Resource<string> {
  return {
    kind: 'bucket-policy',
    id: bucket.name,
    within,
    after: [after],
    read: () => bucket.policy(),

    async compare(seen) {
      const { changed } = mergeStatement(seen, statement)
      const detail = 'anybody may read the two documents, and nothing else'
      if (!changed) return { action: 'none', detail }
      if (blocksPolicies(await accountBlock())) throw publicAccessBlocked(account)
      return { action: seen === undefined ? 'create' : 'update', detail }
    },

    async converge(seen) {
      try {
        await bucket.setPolicy(mergeStatement(seen, statement).policy)
      } catch (error) {
        throw (await isPropagating(error, accountBlock))
          ? new Conflict('policy refused', error)
          : error
      }
    },

    async removal(seen) {
      const { changed, policy } = withoutStatement(seen, statement)
      if (!changed) return { action: 'none', detail: 'has no statement of irsa' }
      await assertOurs()
      return policy === undefined
        ? { action: 'delete' }
        : { action: 'update', detail: 'our statement goes, the others stay' }
    },

    async remove(seen) {
      const { policy } = withoutStatement(seen, statement)
      await (policy === undefined ? bucket.deletePolicy() : bucket.setPolicy(policy))
    },
  }
}

/**
 * Right after the block was opened S3 may still refuse a public policy, usually for seconds
 * (hashicorp/terraform-provider-aws issue 7628), in words that name the block or in none at all.
 */
async function isPropagating(
  error: unknown,
  accountBlock: () => Promise<AccountBlock>,
): Promise<boolean> {
  if (!(error instanceof Problem)) return false
  const silent = error.code === 'aws/access-denied' && /^access denied\.?$/i.test(causeOf(error))
  if (error.code !== 'bucket/policy-blocked' && !silent) return false
  return !blocksPolicies(await accountBlock())
}

const causeOf = ({ cause }: Problem): string => (cause instanceof Error ? cause.message : '')
