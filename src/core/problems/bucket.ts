import { shellWord } from '../shell.ts'
import { type ExitCode, Problem } from './problem.ts'

const problem = (
  code: string,
  exit: Exclude<ExitCode, 0>,
  text: { what: string; why: string; fix: string; cause?: unknown },
): Problem => new Problem({ code: `bucket/${code}`, exit, ...text })

export const bucketNameInvalid = (bucket: string, rule: string): Problem =>
  problem('invalid-name', 2, {
    what: `"${bucket}" cannot be the name of a bucket.`,
    why: `S3 wants otherwise: ${rule}.`,
    fix: 'Choose another name with --bucket, or leave it out for one that is yours alone.',
  })

export const bucketNameDotted = (bucket: string): Problem =>
  problem('dotted-name', 2, {
    what: `The bucket name "${bucket}" has a dot.`,
    why: "The issuer's host would be outside of S3's wildcard certificate, which covers one label only, so STS could not verify TLS.",
    fix: `Choose a name without dots, such as --bucket ${bucket.replaceAll('.', '-')}`,
  })

export const bucketNameUnfit = (name: string): Problem =>
  problem('unfit-name', 2, {
    what: `The name "${name}" does not fit into the name of a bucket.`,
    why: 'Bucket names have lower-case letters, digits and hyphens, and the default name is made from it.',
    fix: 'Choose a fitting --name, starting and ending with a letter or digit, or name the bucket yourself with --bucket.',
  })

export const bucketNameTooLong = (bucket: string, name: string, room: number): Problem =>
  problem('name-too-long', 2, {
    what: `The default bucket name "${bucket}" would have ${bucket.length} characters.`,
    why: `S3 takes 63. With the account and the region in it, ${room} are left for the name "${name}".`,
    fix: `Choose a --name of at most ${room} characters, or name the bucket yourself with --bucket.`,
  })

export const bucketPrefixInvalid = (prefix: string, rule: string): Problem =>
  problem('invalid-prefix', 2, {
    what: `"${prefix}" cannot be the prefix of the documents.`,
    why: `It becomes part of the issuer, of object names and of the bucket policy, so ${rule}.`,
    fix: 'Choose another, such as --prefix clusters/blue, or leave it out.',
  })

export const bucketTaken = (bucket: string, cause?: unknown): Problem =>
  problem('taken', 4, {
    what: `The bucket "${bucket}" belongs to another account.`,
    why: 'Outside of the account-regional namespace every AWS account of a partition shares one set of bucket names.',
    fix: 'Choose another name with --bucket, or leave it out for one that only your account can have. If the bucket is yours, use the account that owns it with --profile.',
    cause,
  })

export const bucketInOtherRegion = (bucket: string, wanted: string, actual: string): Problem =>
  problem('other-region', 2, {
    what: `The bucket "${bucket}" is in ${actual}, not in ${wanted}.`,
    why: 'The region is part of the issuer, and a bucket cannot move.',
    fix: `Use that region with --region ${actual}, or choose another name with --bucket.`,
  })

export const bucketOutOfReach = (bucket: string, cause?: unknown): Problem =>
  problem('out-of-reach', 4, {
    what: `The bucket "${bucket}" exists, but these credentials cannot use it.`,
    why: 'S3 answered 403 Forbidden: the bucket belongs to another account, or the permissions for it are missing.',
    fix: 'Choose another name with --bucket, use the owning account with --profile, or ask for the missing permissions.',
    cause,
  })

const WITHOUT_PUBLIC_BUCKET =
  'serve the documents without a public bucket: --host directory with --issuer, and any web server or a CDN in front of a private bucket'

export const publicAccessBlocked = (account: string, cause?: unknown): Problem =>
  problem('blocked-by-account', 4, {
    what: `Account ${account} does not let its buckets be public.`,
    why: 'S3 block public access is on for the whole account, by its own setting or by a policy of its organization, and overrides the settings of each bucket.',
    fix: `Ask whoever manages the account, or the organization, to allow public bucket policies, or ${WITHOUT_PUBLIC_BUCKET}.`,
    cause,
  })

export const publicPolicyRefused = (bucket: string, cause?: unknown): Problem =>
  problem('policy-blocked', 4, {
    what: `S3 keeps refusing a public policy for the bucket "${bucket}".`,
    why: 'Its own BlockPublicPolicy setting is off, so the account or its organization has it on, or the change has not come through yet; S3 does not say which.',
    fix: `Run the command again in some minutes. If it stays so, ask whoever manages the account, or ${WITHOUT_PUBLIC_BUCKET}.`,
    cause,
  })

export const bucketNotEmpty = (bucket: string, keys: readonly string[]): Problem =>
  problem('not-empty', 1, {
    what: `The bucket "${bucket}" still holds other objects${examples(keys)}, so it was left.`,
    why: 'irsa deletes what it has made, and nothing else.',
    fix: 'Remove them yourself if nobody needs them, then run the command again; or keep the bucket.',
  })

const examples = (keys: readonly string[]): string => {
  const shown = keys.slice(0, 3).map((key) => `"${key}"`)
  if (shown.length === 0) return ''
  return `, such as ${shown.join(', ')}`
}

export const bucketPolicyUnparsable = (bucket: string, reason: string, cause?: unknown): Problem =>
  problem('policy-unparsable', 1, {
    what: `The policy of the bucket "${bucket}" cannot be read: ${reason}.`,
    why: 'irsa adds one statement to it and keeps the others, so it does not write over a policy that it cannot read.',
    fix: `Look at it, and put it right: aws s3api get-bucket-policy --bucket ${shellWord(bucket)}`,
    cause,
  })

export const bucketPolicyTooLarge = (bucket: string, bytes: number): Problem =>
  problem('policy-too-large', 1, {
    what: `The policy of the bucket "${bucket}" would have ${bytes} bytes.`,
    why: 'S3 takes at most 20 KB, and irsa removes no statement of others to make room.',
    fix: 'Remove statements that are no longer needed, or use another bucket with --bucket.',
  })

export const notSettled = (what: string, cause: unknown): Problem =>
  problem('not-settled', 1, {
    what: `AWS kept putting off a change of the ${what}.`,
    why: 'Another change to it is under way, by somebody else or by AWS itself, as after a bucket of that name was deleted.',
    fix: 'Wait some minutes, then run the same command again; it goes on where it stopped.',
    cause,
  })
