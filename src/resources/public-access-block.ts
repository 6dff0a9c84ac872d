import { publicAccessBlocked } from '../core/problems/bucket.ts'
import { isOurs } from '../core/setup.ts'
import type { AccountBlock, Bucket, PublicAccessBlock, Tags } from '../ports/aws.ts'
import type { BucketFate } from './bucket.ts'
import type { Resource } from './resource.ts'

const ALL_CLOSED: PublicAccessBlock = {
  blockPublicAcls: true,
  ignorePublicAcls: true,
  blockPublicPolicy: true,
  restrictPublicBuckets: true,
}

export interface PublicAccessBlockContext {
  readonly within: Resource<Tags>
  readonly account: string
  readonly tags: () => Promise<Tags>
  readonly accountBlock: () => Promise<AccountBlock>
  readonly fate: () => Promise<BucketFate>
}

/** Whether public policies are shut out above the bucket, where its own switches are no use. */
export const blocksPolicies = (block: AccountBlock): boolean =>
  typeof block === 'object' && (block.blockPublicPolicy || block.restrictPublicBuckets)

/** The bucket's public access block, opened no further than a public policy needs. */
export function publicAccessBlockResource(
  bucket: Bucket,
  { within, account, tags, accountBlock, fate }: PublicAccessBlockContext,
): Resource<PublicAccessBlock | 'unset'> {
  const isOpen = async (seen: PublicAccessBlock | 'unset'): Promise<boolean> =>
    // Nothing is blocked where nothing was ever set; in our own buckets the ACL half is, even so.
    seen === 'unset'
      ? !isOurs(await tags())
      : !seen.blockPublicPolicy && !seen.restrictPublicBuckets
  return {
    kind: 'public-access-block',
    id: bucket.name,
    within,
    read: async () => (await bucket.publicAccessBlock()) ?? 'unset',

    async compare(seen) {
      if (seen !== undefined && (await isOpen(seen))) return { action: 'none' }
      if (blocksPolicies(await accountBlock())) throw publicAccessBlocked(account)
      const detail = 'policies may be public; ACLs stay blocked'
      return { action: seen === undefined ? 'create' : 'update', detail }
    },

    async converge(seen) {
      // A bucket that others use keeps its two switches for ACLs as they are.
      const acls = typeof seen === 'object' ? seen : ALL_CLOSED
      await bucket.setPublicAccessBlock({
        ...acls,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      })
    },

    async removal(seen) {
      if (typeof seen === 'object' && Object.values(seen).every(Boolean)) {
        return { action: 'none', detail: 'blocks everything' }
      }
      const bucketIs = await fate()
      if (bucketIs === 'deleted') return { action: 'none', detail: 'goes with the bucket' }
      if (bucketIs !== 'kept-as-tombstone') return { action: 'none', detail: 'stays as it is' }
      return { action: 'update', detail: 'everything blocked again' }
    },

    remove: () => bucket.setPublicAccessBlock(ALL_CLOSED),
  }
}
