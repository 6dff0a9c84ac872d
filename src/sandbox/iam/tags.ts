import type { Tag } from '../model.ts'
import { constraint } from '../query/form.ts'
import { isReserved, isTag, MAX_TAGS } from '../tag-rules.ts'
import type { XmlValue } from '../xml.ts'
import { invalidInput, overQuota } from './errors.ts'

/** `Tags.member.N.Key` and `.Value`. */
export function readTags(form: URLSearchParams): Tag[] {
  const tags: Tag[] = []
  for (let n = 1; form.has(`Tags.member.${n}.Key`); n += 1) {
    const key = form.get(`Tags.member.${n}.Key`) ?? ''
    tags.push({ key, value: form.get(`Tags.member.${n}.Value`) ?? '' })
  }
  for (const tag of tags) checkTag(tag)
  if (new Set(tags.map(({ key }) => key.toLowerCase())).size < tags.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if (tags.length > MAX_TAGS) throw overQuota('TagsPerResource', MAX_TAGS)
  return tags
}

/** The old tags with these put over them; keys are compared without case. */
export function withTags(old: readonly Tag[], added: readonly Tag[]): Tag[] {
  const kept = withoutTags(
    old,
    added.map(({ key }) => key),
  )
  if (kept.length + added.length > MAX_TAGS) throw overQuota('TagsPerResource', MAX_TAGS)
  return [...kept, ...added]
}

export function withoutTags(old: readonly Tag[], keys: readonly string[]): Tag[] {
  const removed = new Set(keys.map((key) => key.toLowerCase()))
  return old.filter(({ key }) => !removed.has(key.toLowerCase()))
}

/** `undefined` for no tags: IAM leaves the element away. */
export const tagList = (tags: readonly Tag[]): XmlValue | undefined =>
  tags.length === 0 ? undefined : tagPage(tags)['Tags']

/** A whole List…Tags answer. */
export const tagPage = (tags: readonly Tag[]): Readonly<Record<string, XmlValue>> => ({
  Tags: { member: tags.map(({ key, value }) => ({ Key: key, Value: value })) },
  IsTruncated: false,
})

function checkTag(tag: Tag): void {
  if (!isTag(tag)) throw constraint('tags', 'Member must be a tag', tag.key)
  if (isReserved(tag)) {
    throw invalidInput('Tag keys beginning with aws: are reserved for system use.')
  }
}
