import { AwsError } from '../errors.ts'

/** STS API reference, AssumeRoleWithWebIdentity, Errors; texts as AWS's own guides quote them. */
export const invalidToken = (message: string): AwsError =>
  new AwsError(400, 'InvalidIdentityToken', message)

export const noVerificationKey = (): AwsError =>
  invalidToken(
    "Couldn't retrieve verification key from your identity provider, please reference " +
      'AssumeRoleWithWebIdentity documentation for requirements',
  )

export const notAuthorized = (): AwsError =>
  new AwsError(403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity')
