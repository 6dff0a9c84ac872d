import { createHash } from 'node:crypto'
import { type BucketPlace, objectKey } from './bucket-name.ts'
import { DISCOVERY_PATH, KEY_SET_PATH } from './issuer.ts'
import { isObject } from './jwk.ts'
import { partitionOf } from './partition.ts'
import { bucketPolicyTooLarge, bucketPolicyUnparsable } from './problems/bucket.ts'

/** The statement that lets everybody read the two documents of one issuer, and nothing else. */
export type PublicReadStatement = {
  readonly Sid: string
  readonly Effect: 'Allow'
  readonly Principal: '*'
  readonly Action: 's3:GetObject'
  readonly Resource: readonly string[]
}

/** S3 user guide, using-iam-policies.html: "Bucket policies are limited to 20 KB in size." */
const MAX_BYTES = 20 * 1024

/**
 * The statement for the documents of an issuer in a bucket. Its `Sid` is the same on every run and
 * differs between prefixes, so that several issuers can share a bucket.
 */
export function publicReadStatement({
  bucket,
  region,
  prefix,
}: Pick<BucketPlace, 'bucket' | 'region' | 'prefix'>): PublicReadStatement {
  const arn = (path: string): string =>
    `arn:${partitionOf(region).id}:s3:::${bucket}/${objectKey(prefix, path)}`
  return {
    Sid: `IrsaPublicDocuments${prefix ? shortHash(prefix) : ''}`,
    Effect: 'Allow',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: [arn(DISCOVERY_PATH), arn(KEY_SET_PATH)],
  }
}

/** A Sid may hold letters and digits only (IAM user guide, reference_policies_elements_sid.html). */
const shortHash = (prefix: string): string =>
  createHash('sha256').update(prefix).digest('hex').slice(0, 8)

const bucketOf = ({ Resource: [arn = ''] }: PublicReadStatement): string =>
  /:::([^/]*)/.exec(arn)?.[1] ?? ''

type Statement = Readonly<Record<string, unknown>>
type Policy = { readonly Statement: readonly Statement[]; readonly [member: string]: unknown }

/**
 * Puts our statement into a bucket's policy, whatever else is in it. A statement of another name
 * that grants exactly the same counts as ours, and the policy stays as it is.
 *
 * @throws Problem `bucket/policy-unparsable`, `bucket/policy-too-large`
 */
export function mergeStatement(
  policyText: string | undefined,
  statement: PublicReadStatement,
): { readonly policy: string; readonly changed: boolean } {
  const policy = parsePolicy(policyText, statement)
  const named = policy.Statement.find(({ Sid }) => Sid === statement.Sid)
  const right = named ?? policy.Statement.find((other) => grantsTheSame(other, statement))
  if (right !== undefined && grantsTheSame(right, statement)) {
    return { policy: policyText ?? '', changed: false }
  }
  const statements = named
    ? policy.Statement.map((other) => (other === named ? statement : other))
    : [...policy.Statement, statement]
  return { policy: serialise({ ...policy, Statement: statements }, statement), changed: true }
}

/**
 * Takes our statement, known by its `Sid`, out of a bucket's policy; `policy` is undefined when
 * nothing is left, and the bucket's policy is to be deleted.
 *
 * @throws Problem `bucket/policy-unparsable`
 */
export function withoutStatement(
  policyText: string | undefined,
  statement: PublicReadStatement,
): { readonly policy: string | undefined; readonly changed: boolean } {
  const policy = parsePolicy(policyText, statement)
  const rest = policy.Statement.filter(({ Sid }) => Sid !== statement.Sid)
  if (rest.length === policy.Statement.length) return { policy: policyText, changed: false }
  if (rest.length === 0) return { policy: undefined, changed: true }
  return { policy: JSON.stringify({ ...policy, Statement: rest }), changed: true }
}

function parsePolicy(text: string | undefined, statement: PublicReadStatement): Policy {
  const bucket = bucketOf(statement)
  const value = text === undefined || text.trim() === '' ? {} : parseJson(text, bucket)
  if (!isObject(value)) throw bucketPolicyUnparsable(bucket, 'it is not a JSON object')
  // The policy grammar allows a lone statement without a list around it.
  const { Statement: given = [] } = value
  const statements: unknown[] = Array.isArray(given) ? given : [given]
  if (!statements.every(isObject)) {
    throw bucketPolicyUnparsable(bucket, 'one of its statements is not an object')
  }
  // Without "Version" AWS reads a policy by the rules of 2008, in which variables mean nothing; so a
  // policy with statements of others keeps what it has.
  const version = statements.length === 0 ? { Version: '2012-10-17' } : {}
  return { ...version, ...value, Statement: statements }
}

function parseJson(text: string, bucket: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw bucketPolicyUnparsable(bucket, 'it is not JSON', error)
  }
}

function serialise(policy: Policy, statement: PublicReadStatement): string {
  const text = JSON.stringify(policy)
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_BYTES) throw bucketPolicyTooLarge(bucketOf(statement), bytes)
  return text
}

/**
 * Compares by meaning: S3 gives a policy back with single values out of their lists, and people
 * write the same in several ways. Action names know no case (IAM user guide,
 * reference_policies_elements_action.html).
 */
function grantsTheSame(other: Statement, ours: PublicReadStatement): boolean {
  const { Sid: _, Effect, Principal, Action, Resource, Condition = {}, ...more } = other
  return (
    Effect === 'Allow' &&
    isEverybody(Principal) &&
    sameSet(lowerCase(listOf(Action)), [ours.Action.toLowerCase()]) &&
    sameSet(listOf(Resource), ours.Resource) &&
    isEmpty(Condition) &&
    isEmpty(more)
  )
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

const lowerCase = (values: unknown[]): unknown[] =>
  values.map((value) => (typeof value === 'string' ? value.toLowerCase() : value))

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0

/** `"*"` and `{"AWS": "*"}` are the same (IAM user guide, reference_policies_elements_principal.html). */
const isEverybody = (principal: unknown): boolean =>
  principal === '*' ||
  (isObject(principal) &&
    Object.keys(principal).length === 1 &&
    sameSet(listOf(principal['AWS']), ['*']))

const sameSet = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.every((value) => others.includes(value)) && others.every((value) => some.includes(value))
