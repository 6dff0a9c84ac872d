import { X509Certificate } from 'node:crypto'
import type { DetailedPeerCertificate } from 'node:tls'
import { verificationReason } from '../core/tls-reasons.ts'
import type { PresentedChain } from '../ports/documents.ts'
import { oneLine } from './distinguished-name.ts'
import { checkIdentity } from './server-identity.ts'
import type { TrustedRoots } from './trusted-roots.ts'

/** What a handshake has shown. */
export interface Handshake {
  /** The name or address that was asked for. */
  readonly host: string
  /** OpenSSL's or Node's code for why the chain does not verify; undefined when it does. */
  readonly fault: string | undefined
  /** Leaf first, as presented. */
  readonly chain: readonly X509Certificate[]
  /** The leaf as Node completes it: linked to its issuers up to the root of the local store. */
  readonly completed: DetailedPeerCertificate
}

/**
 * What this process thinks of a chain. OpenSSL has judged it during the handshake, the name
 * included; what is left to find out is whose root it was that made it trusted.
 */
export function judgeChain(seen: Handshake, roots: TrustedRoots): PresentedChain['trust'] {
  if (seen.fault !== undefined) {
    return { kind: 'untrusted', reason: reasonFor(seen.fault, seen), code: seen.fault }
  }
  if (anchorAmong(roots.nodes(seen.chain), seen.chain) !== undefined) return { kind: 'public' }
  const root = anchorAmong(roots.added(), seen.chain) ?? topOf(seen.completed)
  return { kind: 'added-root', root: oneLine(root.subject), sha1: sha1Of(root) }
}

/**
 * The root that the first certificate leads to, by signatures, through what was presented. Cross
 * signatures make several ends possible, so every root is tried before going one step up.
 */
function anchorAmong(
  roots: readonly X509Certificate[],
  [leaf, ...others]: readonly X509Certificate[],
): X509Certificate | undefined {
  if (leaf === undefined) return undefined
  const anchor = roots.find((root) => leaf.raw.equals(root.raw) || issued(root, leaf))
  if (anchor !== undefined) return anchor
  const above = others.find((other) => issued(other, leaf))
  return above && anchorAmong(roots, [above, ...others.filter((other) => other !== above)])
}

const issued = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

/** For roots that neither Node nor our variables brought, such as the system's own. */
function topOf(completed: DetailedPeerCertificate): X509Certificate {
  let top = completed
  while (top.issuerCertificate !== undefined && top.issuerCertificate !== top) {
    top = top.issuerCertificate
  }
  return new X509Certificate(top.raw)
}

/** 40 lower-case hex digits. */
export const sha1Of = ({ fingerprint }: X509Certificate): string =>
  fingerprint.replaceAll(':', '').toLowerCase()

/** For each of a chain the positions of those of it that may have signed it. */
export const signersWithin = (chain: readonly X509Certificate[]): readonly (readonly number[])[] =>
  chain.map((certificate) =>
    chain.flatMap((other, position) => (issued(other, certificate) ? [position] : [])),
  )

/** Whether the leaf is made out to the host. */
export const isNamed = ({ host, completed }: Handshake): boolean =>
  checkIdentity(host, completed) === undefined

/** As Node shows alternative names, with the common name where there are none. */
export const namesOf = ({ completed }: Pick<Handshake, 'completed'>): readonly string[] =>
  completed.subjectaltname?.split(/, (?=[A-Z][A-Za-z ]*:)/) ?? [`CN=${completed.subject.CN}`]

/** OpenSSL names one fault only; a wrong name is told as well, or it would be the next surprise. */
function reasonFor(code: string, seen: Handshake): string {
  const fault = verificationReason(code) ?? `The chain does not verify (${code})`
  if (isNamed(seen)) return fault
  const madeOut = `made out to ${namesOf(seen).join(', ')}, not to ${seen.host}`
  return code === 'ERR_TLS_CERT_ALTNAME_INVALID'
    ? `The certificate is ${madeOut}`
    : `${fault}, and it is ${madeOut}`
}
