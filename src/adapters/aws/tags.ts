import type { Tags } from '../../ports/aws.ts'

/** Tags as the SDK takes them. */
export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

/** Tags as the SDK gives them. */
export const tagsOf = (
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): Tags => Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
