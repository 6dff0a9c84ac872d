import { AwsError } from '../errors.ts'

/** IAM API reference, CommonErrors and each action's errors. */
export const noSuchEntity = (message: string): AwsError =>
  new AwsError(404, 'NoSuchEntity', message)

export const alreadyExists = (message: string): AwsError =>
  new AwsError(409, 'EntityAlreadyExists', message)

export const invalidInput = (message: string): AwsError =>
  new AwsError(400, 'InvalidInput', message)

export const malformedDocument = (message: string): AwsError =>
  new AwsError(400, 'MalformedPolicyDocument', message)

export const overQuota = (quota: string, limit: number): AwsError =>
  new AwsError(409, 'LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`)

export const deleteConflict = (message: string): AwsError =>
  new AwsError(409, 'DeleteConflict', message)
