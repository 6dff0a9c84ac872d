import { X509Certificate } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { checkServerIdentity, type PeerCertificate } from 'node:tls'

/**
 * Whether a certificate is made out to a host, as Node checks it (RFC 9110 section 4.3.4), but for
 * IPv6 addresses: Node 22.23 takes them for names and finds them in no certificate at all.
 *
 * @returns undefined when it is
 */
export function checkIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const isFor = isIPv6(host) && new X509Certificate(certificate.raw).checkIP(host) !== undefined
  return isFor ? undefined : checkServerIdentity(host, certificate)
}
