import type { Tag } from './model.ts'

/** IAM user guide, id_tags.html, and S3 API reference, PutBucketTagging: the same for both. */
export const MAX_TAGS = 50
const MAX_KEY = 128
const MAX_VALUE = 256
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** Whether lengths and characters are those of a tag. */
export const isTag = ({ key, value }: Tag): boolean =>
  key !== '' && key.length <= MAX_KEY && value.length <= MAX_VALUE && ALLOWED.test(key + value)

/** Whether only AWS itself may set it. */
export const isReserved = ({ key }: Tag): boolean => key.toLowerCase().startsWith('aws:')
