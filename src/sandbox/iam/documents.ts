import type { State } from '../model.ts'
import { encode } from '../percent.ts'
import { PolicyFlaw } from '../policy/flaw.ts'
import { parsePolicy, type PolicyPlace } from '../policy/syntax.ts'
import { malformedDocument, overQuota } from './errors.ts'

/** IAM user guide, reference_iam-quotas.html; raising it to 4,096 is a quota of its own. */
const MAX_TRUST = 2048

/**
 * Refuses a trust policy that IAM refuses. It is counted with its white space: that IAM leaves that
 * out is documented for permission policies only, so nobody should build on it.
 */
export function checkTrustPolicy(text: string, { partition }: Pick<State, 'partition'>): void {
  checkDocument(text, { kind: 'trust', partition })
  if (text.length > MAX_TRUST) throw overQuota('ACLSizePerRole', MAX_TRUST)
}

/** Refuses an inline policy that IAM refuses; its size counts over all of a role's. */
export function checkInlinePolicy(text: string, { partition }: Pick<State, 'partition'>): void {
  checkDocument(text, { kind: 'identity', partition })
}

/** Size as IAM counts permission policies: without white space. */
export const sizeOf = (text: string): number => text.replace(/\s/g, '').length

/** Policies come back percent-encoded: API_GetRole, "URL-encoded compliant with RFC 3986". */
export const encodeDocument = (text: string): string => encode(text)

function checkDocument(text: string, place: PolicyPlace): void {
  // IAM API reference, PolicyDocument pattern: tab, line feed, carriage return, U+0020-U+00FF.
  if (!/^[\t\n\r\u0020-\u00FF]+$/.test(text)) {
    throw malformedDocument('The policy contains characters that are not allowed.')
  }
  try {
    parsePolicy(text, place)
  } catch (error) {
    if (error instanceof PolicyFlaw) throw malformedDocument(error.message)
    throw error
  }
}
