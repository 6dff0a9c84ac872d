import { regionInvalid } from './problems/usage.ts'

/** One AWS partition, as far as an issuer is concerned. */
export interface Partition {
  /** As in an ARN: `arn:<id>:iam::…`. */
  readonly id: string
  /** Suffix of the service hosts, `s3.<region>.<dnsSuffix>`. */
  readonly dnsSuffix: string
  /** Regions without the account-regional bucket namespace; AWS names only these two. */
  readonly regionsWithoutNamespace?: readonly string[]
}

const AWS: Partition = {
  id: 'aws',
  dnsSuffix: 'amazonaws.com',
  // AWS S3 user guide, gpbucketnamespaces.html: "all Regions except me-south-1 and me-central-1".
  regionsWithoutNamespace: ['me-south-1', 'me-central-1'],
}

// AWS SDK endpoint rules (partitions.json of botocore 1.43.67); test/core compares this table with
// the rule set of the installed SDK.
const BY_REGION_PREFIX: readonly (readonly [prefix: string, partition: Partition])[] = [
  ['cn-', { id: 'aws-cn', dnsSuffix: 'amazonaws.com.cn' }],
  ['us-gov-', { id: 'aws-us-gov', dnsSuffix: 'amazonaws.com' }],
  ['eusc-', { id: 'aws-eusc', dnsSuffix: 'amazonaws.eu' }],
  ['us-iso-', { id: 'aws-iso', dnsSuffix: 'c2s.ic.gov' }],
  ['us-isob-', { id: 'aws-iso-b', dnsSuffix: 'sc2s.sgov.gov' }],
  ['eu-isoe-', { id: 'aws-iso-e', dnsSuffix: 'cloud.adc-e.uk' }],
  ['us-isof-', { id: 'aws-iso-f', dnsSuffix: 'csp.hci.ic.gov' }],
]

/** The partition a region belongs to. Regions not known yet are in `aws`, as in the SDKs' rules. */
export function partitionOf(region: string): Partition {
  return BY_REGION_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1] ?? AWS
}

/** Whether buckets of this region can be made in the account-regional namespace. */
export function hasAccountRegionalNamespace(region: string): boolean {
  return !partitionOf(region).regionsWithoutNamespace?.includes(region)
}

/**
 * New regions come every year, so only the alphabet of their names is checked.
 * @throws Problem `usage/region-invalid`
 */
export function checkRegion(region: string): void {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(region)) throw regionInvalid(region)
}
