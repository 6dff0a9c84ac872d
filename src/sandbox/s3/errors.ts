import { AwsError } from '../errors.ts'

/** S3 API reference, ErrorResponses.html, where more than one operation answers so. */
export const noSuchKey = (key: string): AwsError =>
  new AwsError(404, 'NoSuchKey', 'The specified key does not exist.', { elements: { Key: key } })

export const preconditionFailed = (condition: 'If-Match' | 'If-None-Match'): AwsError =>
  new AwsError(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    { elements: { Condition: condition } },
  )

export const noSuchBlock = (): AwsError =>
  new AwsError(
    404,
    'NoSuchPublicAccessBlockConfiguration',
    'The public access block configuration was not found',
  )

/** What strangers are told, and callers who may not know more. */
export const denied = (headers: Record<string, string> = {}): AwsError =>
  new AwsError(403, 'AccessDenied', 'Access Denied', { headers })
