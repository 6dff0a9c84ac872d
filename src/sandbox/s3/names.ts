import { isIP } from 'node:net'
import { AwsError } from '../errors.ts'
import type { State } from '../model.ts'

/** S3 user guide, bucketnamingrules.html; the last suffix is the namespace's own, checked apart. */
const PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-']
const SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3']

/** Refuses a name no bucket may have, or not in this namespace. @throws AwsError */
export function checkBucketName(
  name: string,
  namespace: string | undefined,
  { account, region }: Pick<State, 'account' | 'region'>,
): void {
  if (namespace !== undefined && namespace !== 'global' && namespace !== 'account-regional') {
    throw new AwsError(400, 'InvalidArgument', 'Invalid x-amz-bucket-namespace header')
  }
  if (!wellFormed(name)) throw invalid(name, 'The specified bucket is not valid.')
  if (namespace === 'account-regional') {
    checkNamespace(name, account, region)
  } else if (name.endsWith('-an')) {
    const text = 'The suffix -an is reserved for buckets in the account-regional namespace.'
    throw invalid(name, text)
  }
}

function wellFormed(name: string): boolean {
  return (
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    isIP(name) === 0 &&
    !PREFIXES.some((prefix) => name.startsWith(prefix)) &&
    !SUFFIXES.some((suffix) => name.endsWith(suffix))
  )
}

/** S3 user guide, gpbucketnamespaces.html: `<prefix>-<account>-<region>-an`. */
function checkNamespace(name: string, account: string, region: string): void {
  // "All Regions except Middle East (Bahrain) and Middle East (UAE)".
  if (region === 'me-south-1' || region === 'me-central-1') {
    const text = `The account-regional namespace is not available in ${region}.`
    throw new AwsError(400, 'InvalidRequest', text)
  }
  const suffix = `-${account}-${region}-an`
  if (name.endsWith(suffix) && name.length > suffix.length) return
  throw invalid(name, `The name of a bucket in the account-regional namespace ends in ${suffix}.`)
}

const invalid = (name: string, text: string): AwsError =>
  new AwsError(400, 'InvalidBucketName', text, { elements: { BucketName: name } })
