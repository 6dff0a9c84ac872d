import { shellWord } from '../shell.ts'
import type { Problem } from '../problems/problem.ts'

/** A certificate as it was presented. Dates are ISO 8601, UTC; `sha1` is 40 lower-case hex digits. */
export interface CertificateSeen {
  readonly subject: string
  readonly issuer: string
  readonly notBefore: string
  readonly notAfter: string
  readonly sha1: string
}

/** A TLS server as it was seen from here. */
export interface ServerSeen {
  /** Leaf first, exactly what came over the wire; at least one. */
  readonly chain: readonly CertificateSeen[]
  /** What the roots of this machine make of it. */
  readonly trust:
    | { readonly kind: 'public' }
    | { readonly kind: 'added-root'; readonly root: string; readonly sha1: string }
    | { readonly kind: 'untrusted'; readonly reason: string; readonly code: string }
  /** What was agreed on, such as `TLSv1.3`. */
  readonly protocol: string
  /** Whether it agrees on TLS 1.2 with who knows nothing newer; undefined where that was not seen. */
  readonly tls12: boolean | undefined
  /** Whom the first certificate is made out to, such as `DNS:oidc.example.com`. */
  readonly names: readonly string[]
  /** Whether the host is among them. */
  readonly named: boolean
  /** For each certificate the positions of those presented that may have signed it. */
  readonly signedBy: readonly (readonly number[])[]
}

/** What came of connecting to the issuer's host. */
export type ChainSeen =
  | { readonly kind: 'presented'; readonly server: ServerSeen }
  | { readonly kind: 'silent'; readonly problem: Problem }

/** The certificate whose thumbprint counts (IAM user guide, id_roles_providers_create_oidc_verify-thumbprint.html). */
export const lastOf = ({ chain }: Pick<ServerSeen, 'chain'>): CertificateSeen => chain.at(-1)!

/** By position, as people count, and name: `certificate 2 (CN=…)`. */
export const shown = ({ chain }: Pick<ServerSeen, 'chain'>, position: number): string =>
  `certificate ${position + 1} (${shortName(chain[position]?.subject ?? '')})`

/** The most specific part of a distinguished name on one line, mostly `CN=…`; commas are escaped in it. */
export const shortName = (name: string): string => /^(?:[^,\\]|\\.)*/.exec(name)?.[0] ?? name

/** Whether it signed itself, as roots do. */
export const isSelfSigned = ({ signedBy }: Pick<ServerSeen, 'signedBy'>, position: number) =>
  signedBy[position]?.includes(position) === true

/** How to see what a server presents, for a URL (openssl-s_client(1)). */
export function shownByOpenssl(url: string): string {
  const { hostname, port } = new URL(url)
  const isAddress = /^[\d.]+$|^\[/.test(hostname)
  // RFC 6066 section 3: no literal addresses in SNI.
  const name = isAddress ? '' : ` -servername ${shellWord(hostname)}`
  const place = shellWord(`${hostname}:${port || 443}`)
  return `openssl s_client -connect ${place}${name} -showcerts </dev/null`
}

/** For what only whoever runs the server can mend. */
export const atTheServer = (sentence: string, url: string): string =>
  `${sentence} This shows what it presents: ${shownByOpenssl(url)}`
