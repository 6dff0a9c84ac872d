import { isIPv6 } from 'node:net'

/** The host as a person names it: with its port where that is not the usual one. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host || url : url
}

/** Host and port to connect to; brackets belong to URLs, not to addresses. */
export function addressOf(url: URL): { readonly host: string; readonly port: number } {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return { host, port: Number(url.port || (url.protocol === 'http:' ? 80 : 443)) }
}

/** The reverse, as CONNECT and people write it (RFC 3986 section 3.2.2). */
export const authority = (host: string, port: number | string): string =>
  `${isIPv6(host) ? `[${host}]` : host}:${port}`
