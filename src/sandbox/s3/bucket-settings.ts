import { AwsError } from '../errors.ts'
import type { Reply } from '../http/call.ts'
import type { Encryption } from '../model.ts'
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

/** Every bucket encrypts; AES256 is what S3 does by itself (S3 user guide, default-bucket-encryption.html). */
export function getEncryption(request: S3Request): Reply {
  const { encryption = 'AES256' } = openBucket(request, 's3:GetEncryptionConfiguration')
  const ApplyServerSideEncryptionByDefault = { SSEAlgorithm: encryption }
  return xmlReply('ServerSideEncryptionConfiguration', {
    Rule: { ApplyServerSideEncryptionByDefault },
  })
}

const ENCRYPTIONS: readonly Encryption[] = ['AES256', 'aws:kms', 'aws:kms:dsse']

/** The encryption of this name; `undefined` for any other text. */
export const encryptionNamed = (name: string | undefined): Encryption | undefined =>
  ENCRYPTIONS.find((known) => known === name)

export function putEncryption(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:PutEncryptionConfiguration')
  const rule = child(readXml(request.call.body), 'Rule')
  const wanted = childText(child(rule, 'ApplyServerSideEncryptionByDefault'), 'SSEAlgorithm')
  const encryption = encryptionNamed(wanted)
  if (!encryption) throw malformedXml()
  bucket.encryption = encryption
  return ok()
}

export function getPayment(request: S3Request): Reply {
  const { requesterPays } = openBucket(request, 's3:GetBucketRequestPayment')
  const Payer = requesterPays ? 'Requester' : 'BucketOwner'
  return xmlReply('RequestPaymentConfiguration', { Payer })
}

export function putPayment(request: S3Request): Reply {
  const bucket = openBucket(request, 's3:PutBucketRequestPayment')
  const payer = childText(readXml(request.call.body), 'Payer')
  if (payer !== 'Requester' && payer !== 'BucketOwner') throw malformedXml()
  bucket.requesterPays = payer === 'Requester'
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
