import type { Caller } from './access/caller.ts'
import type { AwsError } from './errors.ts'
import type { Call, Reply } from './http/call.ts'

export type ServiceId = 's3' | 's3-control' | 'iam' | 'sts'

/** One API operation, found but not carried out yet. */
export interface Operation {
  /** As in the API reference, e.g. `PutBucketPolicy`. */
  readonly name: string
  /** What it is about: a bucket, `bucket/key`, a role name, a provider's ARN or URL; maybe empty. */
  readonly resource: string
  /** Which calls need no signature. */
  readonly anonymous: boolean
  run(caller: Caller): Reply | Promise<Reply>
}

/** One of the services behind the port: finds operations, and speaks its own form of error. */
export interface Service {
  readonly id: ServiceId
  find(call: Call): Operation
  refuse(error: AwsError, call: Pick<Call, 'id' | 'path'>): Reply
}
