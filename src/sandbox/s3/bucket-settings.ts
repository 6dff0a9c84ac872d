import { AwsError } from '../errors.ts'
import type { Reply } from '../http/call.ts'
import { child, childText, malformedXml, readXml } from '../xml-reader.ts'
import { readBlock } from './block.ts'
import { noSuchBlock } from './errors.ts'
import { ownershipNamed } from './ownership.ts'
import { noContent, ok, xmlReply } from './reply.ts'
import { openBucket, type S3Request } from './request.ts'

export function getBlock(request: S3Request): Reply {
  const { block } = openBucket(request, 's3:GetBucketPublicAccessBlock')
  if (!block) throw noSuchBlock()
  return xmlReply('PublicAccessBlockConfiguration', { ...block })
}

export function putBlock(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:PutBucketPublicAccessBlock')
  bucket.block = readBlock(readXml(request.call.body))
  return ok()
}

export function deleteBlock(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:PutBucketPublicAccessBlock')
  bucket.block = undefined
  return noContent()
}

export function getOwnership(request: S3Request): Reply {
  const { ownership } = openBucket(request, 's3:GetBucketOwnershipControls')
  if (ownership) return xmlReply('OwnershipControls', { Rule: { ObjectOwnership: ownership } })
  const text = 'The bucket ownership controls were not found'
  throw new AwsError(404, 'OwnershipControlsNotFoundError', text)
}

export function putOwnership(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:PutBucketOwnershipControls')
  const wanted = childText(child(readXml(request.call.body), 'Rule'), 'ObjectOwnership')
  const ownership = ownershipNamed(wanted)
  if (!ownership) throw malformedXml()
  bucket.ownership = ownership
  return ok()
}

/** A bucket that never had versioning answers with an empty configuration. */
export function getVersioning(request: S3Request): Reply {
  const { versioning } = openBucket(request, 's3:GetBucketVersioning')
  return xmlReply('VersioningConfiguration', { Status: versioning })
}

export function putVersioning(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:PutBucketVersioning')
  const status = childText(readXml(request.call.body), 'Status')
  if (status !== 'Enabled' && status !== 'Suspended') throw malformedXml()
  bucket.versioning = status
  return ok()
}
