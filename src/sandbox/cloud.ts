import type { SecureContext } from 'node:tls'
import type { State } from './model.ts'

/** What every handler stands on: the state, and how to reach issuers. */
export interface Cloud {
  readonly state: State
  /** The roots that IAM and STS trust when they visit an issuer; made when first needed. */
  readonly trust: () => SecureContext
  /** Aborted when the sandbox closes, so that no visit outlives it. */
  readonly closing: AbortSignal
}
