import { knownPolicies } from './iam/managed.ts'
import { ID_LENGTH, uniqueId } from './iam/ids.ts'
import type { Credential, PublicAccessBlock, State } from './model.ts'
import { partitionOf } from './partition.ts'
import type { PolicyDocument } from './policy/document.ts'
import { emptyBucket } from './s3/buckets.ts'

/** A key pair that the sandbox knows from the start. */
export interface KnownCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** What its user may do; an administrator's without it. */
  readonly policy?: PolicyDocument
}

/** What an account is like when the sandbox starts. */
interface InitialState {
  readonly account: string
  readonly region: string
  readonly credentials: readonly KnownCredentials[]
  readonly accountBlock?: PublicAccessBlock | undefined
  readonly organizationEnforced?: boolean | undefined
  /** Buckets of other accounts. */
  readonly takenBuckets: readonly TakenBucket[]
  readonly created: Date
}

export interface TakenBucket {
  readonly name: string
  readonly account: string
  readonly region: string
}

export function initialState(initial: InitialState): State {
  const { account, region, takenBuckets, created } = initial
  const partition = partitionOf(region)
  const buckets = takenBuckets.map(
    ({ name, account: owner, region }) =>
      [name, emptyBucket({ name, owner, region, created })] as const,
  )
  return {
    account,
    region,
    partition,
    buckets: new Map(buckets),
    accountBlock: initial.accountBlock,
    organizationEnforced: initial.organizationEnforced ?? false,
    providers: new Map(),
    roles: new Map(),
    managedPolicies: knownPolicies(partition),
    credentials: new Map(initial.credentials.map(asUser)),
  }
}

function asUser(known: KnownCredentials, index: number): [string, Credential] {
  const { accessKeyId, secretAccessKey, policy } = known
  const name = index === 0 ? 'sandbox' : `sandbox-${index + 1}`
  const userId = uniqueId('AIDA', ID_LENGTH)
  return [accessKeyId, { kind: 'user', secretAccessKey, name, userId, policy }]
}
