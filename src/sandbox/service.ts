import type { Caller, Principal } from './access/caller.ts'
import type { AwsError } from './errors.ts'
import type { Call, Reply } from './http/call.ts'

export type ServiceId = 's3' | 's3-control' | 'iam' | 'sts' | 'organizations'

/** S3 and S3 Control: one signing name, and errors of their own. */
export const isStorage = (service: ServiceId): boolean =>
  service === 's3' || service === 's3-control'

/** One API operation, found but not carried out yet. */
export type Operation = SignedOperation | OpenOperation

interface About {
  /** As in the API reference, e.g. `PutBucketPolicy`. */
  readonly name: string
  /** What it is about: a bucket, `bucket/key`, a role name, a provider's ARN or URL; maybe empty. */
  readonly resource: string
}

interface SignedOperation extends About {
  readonly anonymous: false
  run(caller: Principal): Reply | Promise<Reply>
}

/** One that needs no signature. */
interface OpenOperation extends About {
  readonly anonymous: true
  run(caller: Caller): Reply | Promise<Reply>
}

/** One of the services behind the port: finds operations, and speaks its own form of error. */
export interface Service {
  readonly id: ServiceId
  find(call: Call): Operation
  refuse(error: AwsError, call: Pick<Call, 'id' | 'path'>): Reply
}
