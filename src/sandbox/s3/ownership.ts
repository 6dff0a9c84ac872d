import type { ObjectOwnership } from '../model.ts'

/** S3 API reference, OwnershipControlsRule. */
const OWNERSHIPS: readonly ObjectOwnership[] = [
  'BucketOwnerEnforced',
  'BucketOwnerPreferred',
  'ObjectWriter',
]

/** The setting of this name; `undefined` for any other text. */
export const ownershipNamed = (name: string | undefined): ObjectOwnership | undefined =>
  OWNERSHIPS.find((known) => known === name)
