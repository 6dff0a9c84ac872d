/** What else an error answer carries: response headers, and elements beside Code and Message. */
interface ErrorDetails {
  readonly headers?: Readonly<Record<string, string>>
  readonly elements?: Readonly<Record<string, string>>
}

/** An answer that AWS would refuse a request with. Anything else thrown is a bug of the sandbox. */
export class AwsError extends Error {
  override readonly name = 'AwsError'
  readonly status: number
  readonly code: string
  readonly details: ErrorDetails

  constructor(status: number, code: string, message: string, details: ErrorDetails = {}) {
    super(message)
    this.status = status
    this.code = code
    this.details = details
  }
}

/** What the sandbox does not do at all, said so instead of being answered wrongly. */
export const notImplemented = (what: string): AwsError =>
  new AwsError(501, 'NotImplemented', `The sandbox does not implement ${what}.`)

/** The constraint failures that IAM and STS report before they look at anything. */
export const validationError = (message: string): AwsError =>
  new AwsError(400, 'ValidationError', message)

/** Turns a bug into an answer, so that one broken handler does not take the server down. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new AwsError(500, 'InternalError', `The sandbox failed: ${message}`)
}
