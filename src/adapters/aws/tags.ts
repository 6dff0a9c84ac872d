import type { Tags } from '../../ports/aws.ts'

/** Tags as the SDK takes them. */
export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
