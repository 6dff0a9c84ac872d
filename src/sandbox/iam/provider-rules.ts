import { constraint, text } from '../query/form.ts'
import { invalidInput, overQuota } from './errors.ts'

/** IAM user guide, reference_iam-quotas.html and API_CreateOpenIDConnectProvider.html. */
export const MAX_PROVIDERS = 100
const URL_LENGTH = [1, 255] as const
const THUMBPRINT_LENGTH = 40
const MAX_CLIENT_IDS = 100
const MAX_THUMBPRINTS = 5

const LOOPBACK = /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/

/**
 * The issuer's URL. What IAM refuses is refused, but for one relaxation: a loopback issuer may carry
 * its port.
 */
export function urlOf(form: URLSearchParams): string {
  const url = text(form, 'Url', URL_LENGTH)
  if (!url.startsWith('https://')) throw invalidInput('The URL must begin with https://.')
  if (/\s/.test(url) || !URL.canParse(url)) throw invalidInput('The URL is not valid.')
  if (/[?#]/.test(url)) throw invalidInput('The URL must not have a query or a fragment.')
  const { hostname, username, password } = new URL(url)
  if (username || password) throw invalidInput('The URL must not name a user.')
  // In the text, since a parser drops the scheme's own port.
  const ported = /^https:\/\/[^/]*:\d*(\/|$)/.test(url)
  if (ported && !LOOPBACK.test(hostname)) throw invalidInput('The URL must not have a port.')
  return url
}

/** Refuses client ids that are too many, or empty, or too long. */
export function checkClientIds(ids: readonly string[]): void {
  const odd = ids.find((id) => id.length < 1 || id.length > 255)
  if (odd !== undefined) {
    throw constraint('clientIDList', 'Member must have length between 1 and 255', odd)
  }
  if (ids.length > MAX_CLIENT_IDS) {
    throw overQuota('ClientIdsPerOpenIdConnectProvider', MAX_CLIENT_IDS)
  }
}

/** Thumbprints as IAM keeps them, in lower case. */
export function checkThumbprints(thumbprints: readonly string[]): string[] {
  const odd = thumbprints.find((one) => one.length !== THUMBPRINT_LENGTH)
  if (odd !== undefined) {
    throw constraint('thumbprintList', `Member must have length ${THUMBPRINT_LENGTH}`, odd)
  }
  if (thumbprints.some((one) => !/^[0-9a-f]+$/i.test(one))) {
    throw invalidInput('A thumbprint must consist of 40 hexadecimal digits.')
  }
  if (thumbprints.length > MAX_THUMBPRINTS) {
    throw overQuota('ThumbprintsPerOpenIdConnectProvider', MAX_THUMBPRINTS)
  }
  return thumbprints.map((one) => one.toLowerCase())
}
