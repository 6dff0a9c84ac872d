import {
  issuerHasExtras,
  issuerHasPort,
  issuerHostInvalid,
  issuerNotCanonical,
  issuerNotHttps,
  issuerNotUrl,
  issuerTooLong,
  issuerTrailingSlash,
  issuerUpperCase,
} from './problems/issuer.ts'

declare const checked: unique symbol

/** An issuer URL that IAM and kube-apiserver both accept, byte for byte as it goes into tokens. */
export type Issuer = string & { readonly [checked]: true }

/** Object keys below the issuer: OpenID Connect Discovery 1.0 section 4, and our `jwks_uri`. */
export const DISCOVERY_PATH = '.well-known/openid-configuration'
export const KEY_SET_PATH = 'keys.json'

/** IAM, API_CreateOpenIDConnectProvider: `Url`, at most 255 characters. */
const MAX_LENGTH = 255

/** RFC 1123 section 2.1, with the underscore that some buckets have; or an IPv6 address. */
const HOST = /^[a-z\d._-]+$|^\[[\da-f:.]+\]$/

/** What RFC 3986 section 3.3 has in no path, and URL parsers let through. */
const FOREIGN = /[^\w.~!$&'()*+,;=:@%/-]/g

/**
 * Reads an issuer as a person wrote it. Nothing is corrected silently, since the text must be the
 * same in the token, the discovery document, the API server's flag and the IAM provider.
 *
 * A port is refused, as by IAM, unless `portAllowed`: emulators listen wherever they can.
 *
 * @throws Problem `issuer/…`
 */
export function parseIssuer(text: string, { portAllowed = false } = {}): Issuer {
  if (!URL.canParse(text)) throw issuerNotUrl(text)
  const url = new URL(text)
  if (url.protocol !== 'https:') throw issuerNotHttps(text)
  if (!HOST.test(url.hostname)) throw issuerHostInvalid(text, url.hostname)
  if (url.username !== '' || url.password !== '') refuseExtras(text, 'user name', url)
  if (text.includes('?')) refuseExtras(text, 'query', url)
  if (text.includes('#')) refuseExtras(text, 'fragment', url)
  const [origin = '', authority = ''] = /^https:\/\/([^/]*)/i.exec(text) ?? []
  if (origin !== origin.toLowerCase()) {
    throw issuerUpperCase(text, `${origin.toLowerCase()}${text.slice(origin.length)}`)
  }
  if (/:\d*$/.test(authority) && !(portAllowed && url.port !== '')) {
    throw issuerHasPort(text, `https://${url.hostname}${url.pathname.replace(/\/+$/, '')}`)
  }
  if (text.endsWith('/')) throw issuerTrailingSlash(text, text.replace(/\/+$/, ''))
  const path = url.pathname.replace(FOREIGN, encodeURIComponent)
  const canonical = `${url.origin}${path}`.replace(/\/$/, '')
  if (canonical !== text) throw issuerNotCanonical(text, canonical)
  if (text.length > MAX_LENGTH) throw issuerTooLong(text)
  return text as Issuer
}

function refuseExtras(text: string, part: string, url: URL): never {
  throw issuerHasExtras(text, part, `https://${url.host}${url.pathname.replace(/\/+$/, '')}`)
}

/** The issuer as IAM names it in ARNs and condition keys: host and path, without the scheme. */
export const withoutScheme = (issuer: Issuer): string => issuer.slice('https://'.length)

/** What our discovery document names as `jwks_uri`. */
export const keySetUrl = (issuer: Issuer): string => `${issuer}/${KEY_SET_PATH}`
