import { AwsError } from '../errors.ts'
import type { Reply } from '../http/call.ts'
import type { Tag } from '../model.ts'
import { isReserved, isTag, MAX_TAGS } from '../tag-rules.ts'
import { child, children, childText, readXml, type XmlElement } from '../xml-reader.ts'
import { noContent, xmlReply } from './reply.ts'
import { openBucket, type S3Request } from './request.ts'

export function getBucketTagging(request: S3Request): Reply {
  const { tags } = openBucket(request, 's3:GetBucketTagging')
  if (tags.length === 0) throw new AwsError(404, 'NoSuchTagSet', 'The TagSet does not exist')
  const Tag = tags.map(({ key, value }) => ({ Key: key, Value: value }))
  return xmlReply('Tagging', { TagSet: { Tag } })
}

export function putBucketTagging(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:PutBucketTagging')
  bucket.tags = readTags(child(readXml(request.call.body), 'TagSet'))
  return noContent()
}

/** The `<Tag>` children of a TagSet, or of the Tags of a new bucket. @throws AwsError `InvalidTag` */
export function readTags(set: XmlElement | undefined): Tag[] {
  const tags = children(set, 'Tag').map((tag) => ({
    key: childText(tag, 'Key') ?? '',
    value: childText(tag, 'Value') ?? '',
  }))
  if (!tags.every(isTag)) throw invalidTag('The TagKey or TagValue you have provided is invalid')
  if (tags.some(isReserved)) {
    throw invalidTag('System tags cannot be added/updated by requester')
  }
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) {
    throw invalidTag('Cannot provide multiple Tags with the same key')
  }
  if (tags.length > MAX_TAGS) {
    throw new AwsError(400, 'BadRequest', `Bucket tag count cannot be greater than ${MAX_TAGS}`)
  }
  return tags
}

const invalidTag = (text: string): AwsError => new AwsError(400, 'InvalidTag', text)
