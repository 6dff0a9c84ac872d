import { isAccountRegional } from '../core/bucket-name.ts'
import { isOurs, isOursFor, ownershipTags, type Setup } from '../core/setup.ts'
import type { Bucket, Tags } from '../ports/aws.ts'
import type { Resource, Verdict } from './resource.ts'

/** What becomes of the bucket when the issuer goes. */
export type BucketFate =
  | 'deleted'
  | 'kept-foreign'
  | 'kept-in-use'
  /** Anybody may claim the name of a deleted bucket, and would then speak for the issuer. */
  | 'kept-as-tombstone'

const FATES: Readonly<Record<BucketFate, Verdict>> = {
  deleted: { action: 'delete' },
  'kept-foreign': { action: 'none', kept: true, detail: 'stays: not made by irsa for this issuer' },
  'kept-in-use': { action: 'none', kept: true, detail: 'stays: other objects are in it' },
  'kept-as-tombstone': {
    action: 'none',
    kept: true,
    detail: 'stays, emptied: a stranger could claim its name and speak for the issuer',
  },
}

/** The documents' bucket. One that exists already is used, and never deleted by irsa. */
export function bucketResource(
  bucket: Bucket,
  { name, account, region }: Pick<Setup, 'name' | 'account' | 'region'>,
  { fate, after }: { fate: () => Promise<BucketFate>; after: readonly Resource[] },
): Resource<Tags> {
  return {
    kind: 'bucket',
    id: bucket.name,
    after,
    read: async () => ((await bucket.exists()) ? bucket.tags() : undefined),

    async compare(tags) {
      const detail = isAccountRegional(bucket.name, account, region)
        ? 'in the namespace of this account'
        : 'in the global namespace'
      if (tags === undefined) return { action: 'create', detail }
      const notes = isOurs(tags) ? [] : ['was there before irsa, which will not delete it']
      return { action: 'none', detail, notes }
    },

    converge: () => bucket.create(ownershipTags(name)),
    removal: async () => FATES[await fate()],
    remove: () => bucket.remove(),
  }
}

/** Decides about the bucket before anything is taken out of it. */
export async function bucketFate(
  bucket: Bucket,
  tags: Tags,
  setup: Pick<Setup, 'name' | 'account' | 'region'>,
  options: { readonly documents: readonly string[]; readonly deleteGlobal: boolean },
): Promise<BucketFate> {
  if (!isOursFor(setup.name, tags)) return 'kept-foreign'
  if ((await bucket.keysExcept(options.documents)).length > 0) return 'kept-in-use'
  // Names in the account's own namespace cannot be claimed (S3, gpbucketnamespaces.html).
  if (isAccountRegional(bucket.name, setup.account, setup.region)) return 'deleted'
  return options.deleteGlobal ? 'deleted' : 'kept-as-tombstone'
}
