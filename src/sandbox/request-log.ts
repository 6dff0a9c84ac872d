import type { ServiceId } from './service.ts'

/** One request as it was answered. */
export interface RecordedRequest {
  readonly service: ServiceId
  /** As in the API reference. */
  readonly operation: string
  readonly resource: string
  readonly signed: boolean
  /** 0 where the connection was cut instead of an answer. */
  readonly status: number
  readonly at: Date
}

/** Far more than a test makes, and a few megabytes in a sandbox that runs for weeks. */
const MAX_RECORDED = 10_000

/** Adds a request to the log, which forgets its oldest when it is full. */
export function record(log: RecordedRequest[], request: RecordedRequest): void {
  log.push(request)
  if (log.length > MAX_RECORDED) log.shift()
}
