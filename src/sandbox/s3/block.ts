import type { Bucket, PublicAccessBlock, State } from '../model.ts'
import { childText, malformedXml, type XmlElement } from '../xml-reader.ts'

const FLAGS = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const

/** New buckets since April 2023, and accounts under an organisation's S3 policy. */
export const ALL_BLOCKED: PublicAccessBlock = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
}

/** Reads a PublicAccessBlockConfiguration; a flag that is not there is off. */
export function readBlock(configuration: XmlElement): PublicAccessBlock {
  if (configuration.name !== 'PublicAccessBlockConfiguration') throw malformedXml()
  const flag = (name: (typeof FLAGS)[number]): boolean => {
    const text = childText(configuration, name) ?? 'false'
    if (!/^(true|false)$/i.test(text)) throw malformedXml()
    return text.toLowerCase() === 'true'
  }
  return {
    BlockPublicAcls: flag('BlockPublicAcls'),
    IgnorePublicAcls: flag('IgnorePublicAcls'),
    BlockPublicPolicy: flag('BlockPublicPolicy'),
    RestrictPublicBuckets: flag('RestrictPublicBuckets'),
  }
}

/** What the account itself has set, or what its organisation sets for it. */
export const accountBlock = (state: State): PublicAccessBlock | undefined =>
  state.organizationEnforced ? ALL_BLOCKED : state.accountBlock

/** The most restrictive of bucket and account: access-control-block-public-access.html. */
export function isBlocked(
  flag: (typeof FLAGS)[number],
  bucket: Pick<Bucket, 'block' | 'owner'>,
  state: State,
): boolean {
  // Other accounts' settings are not modelled: only their buckets' own count.
  const account = bucket.owner === state.account ? accountBlock(state) : undefined
  return bucket.block?.[flag] === true || account?.[flag] === true
}
