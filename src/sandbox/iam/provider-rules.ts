import { validationError } from '../errors.ts'
import { invalidInput, overQuota } from './errors.ts'

/** IAM user guide, reference_iam-quotas.html and API_CreateOpenIDConnectProvider.html. */
export const MAX_PROVIDERS = 100
const MAX_URL = 255
const MAX_CLIENT_IDS = 100
const MAX_THUMBPRINTS = 5

const LOOPBACK = /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/

/** Refuses URLs that IAM refuses, but for one relaxation: a loopback issuer may carry its port. */
export function checkUrl(text: string): void {
  if (text.length > MAX_URL) throw invalidInput(`The URL is longer than ${MAX_URL} characters.`)
  if (!text.startsWith('https://')) throw invalidInput('The URL must begin with https://.')
  if (!URL.canParse(text)) throw invalidInput('The URL is not valid.')
  const { hostname, port, username, password } = new URL(text)
  if (/[?#]/.test(text)) throw invalidInput('The URL must not have a query or a fragment.')
  if (username || password) throw invalidInput('The URL must not name a user.')
  if (port !== '' && !LOOPBACK.test(hostname)) throw invalidInput('The URL must not have a port.')
}

/** Refuses client ids that are too many, or empty, or too long. */
export function checkClientIds(ids: readonly string[]): void {
  const odd = ids.find((id) => id.length < 1 || id.length > 255)
  if (odd !== undefined) {
    const rule = 'Member must have length between 1 and 255'
    throw validationError(
      `1 validation error detected: Value '${odd}' at 'clientIDList' failed to satisfy constraint: ${rule}`,
    )
  }
  if (ids.length > MAX_CLIENT_IDS) {
    throw overQuota('ClientIdsPerOpenIdConnectProvider', MAX_CLIENT_IDS)
  }
}

/** Thumbprints as IAM keeps them, in lower case. */
export function checkThumbprints(thumbprints: readonly string[]): string[] {
  if (thumbprints.some((one) => !/^[0-9a-f]{40}$/i.test(one))) {
    throw invalidInput('A thumbprint must consist of 40 hexadecimal digits.')
  }
  if (thumbprints.length > MAX_THUMBPRINTS) {
    throw overQuota('ThumbprintsPerOpenIdConnectProvider', MAX_THUMBPRINTS)
  }
  return thumbprints.map((one) => one.toLowerCase())
}
