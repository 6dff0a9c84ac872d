import { createHash } from 'node:crypto'
import type { Bucket, ObjectOwnership, ObjectVersion } from '../model.ts'

/** S3 API reference, OwnershipControlsRule. */
const OWNERSHIPS: readonly ObjectOwnership[] = [
  'BucketOwnerEnforced',
  'BucketOwnerPreferred',
  'ObjectWriter',
]

/** The setting of this name; `undefined` for any other text. */
export const ownershipNamed = (name: string | undefined): ObjectOwnership | undefined =>
  OWNERSHIPS.find((known) => known === name)

/** How S3 calls an account in lists and ACLs: 64 hex digits (S3 user guide, finding-canonical-user-id.html). */
export const canonicalId = (account: string): string =>
  createHash('sha256').update(account).digest('hex')

/**
 * The account that an object belongs to: whoever wrote it, unless the bucket enforces its own
 * ownership (S3 user guide, about-object-ownership.html).
 */
export const ownerOf = (
  { owner, ownership }: Bucket,
  { writer }: Pick<ObjectVersion, 'writer'>,
): string => (ownership === 'BucketOwnerEnforced' ? owner : (writer ?? owner))
