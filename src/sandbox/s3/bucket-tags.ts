import { AwsError } from '../errors.ts'
import type { Reply } from '../http/call.ts'
import type { Tag } from '../model.ts'
import { child, children, childText, readXml, type XmlElement } from '../xml-reader.ts'
import { noContent, xmlReply } from './reply.ts'
import { openBucket, type S3Request } from './request.ts'

/** S3 API reference, PutBucketTagging. */
const MAX_TAGS = 50

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
  const fine = (tag: Tag): boolean =>
    tag.key !== '' &&
    tag.key.length <= 128 &&
    tag.value.length <= 256 &&
    /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u.test(tag.key + tag.value)
  if (!tags.every(fine)) throw invalidTag('The TagKey or TagValue you have provided is invalid')
  if (tags.some((tag) => tag.key.toLowerCase().startsWith('aws:'))) {
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
