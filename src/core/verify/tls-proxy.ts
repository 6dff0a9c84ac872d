import type { Finding } from './finding.ts'
import { type ServerSeen, shortName } from './tls-server.ts'
import { isUnknownCa } from './tls-trust.ts'

/**
 * Hosts that AWS serves under names of its own, with chains of Amazon's public CA. The isolated
 * partitions have other roots, so they are not among them.
 */
export const isServedByAws = (host: string): boolean =>
  /\.(?:amazonaws\.(?:com|com\.cn|eu)|cloudfront\.(?:net|cn))$/.test(host)

/** A chain of a host of AWS that does not lead to a public root is not that host's, nor AWS's to judge. */
export function proxyFinding(server: ServerSeen, issuer: string): Finding | undefined {
  const { trust, chain } = server
  const host = new URL(issuer).hostname
  const isForeign = trust.kind === 'added-root' || isUnknownCa(server)
  if (!isForeign || !isServedByAws(host)) return undefined
  return {
    id: 'tls/intercepted',
    severity: trust.kind === 'added-root' ? 'info' : 'medium',
    summary: `Something between here and ${host} presents certificates of its own, by ${shortName(chain.at(-1)?.issuer ?? '')}`,
    why: 'AWS serves that host with a chain of a public CA, so this is not what STS sees: the certificates of the host cannot be judged from here.',
    fix: 'Run it from where no proxy looks into TLS, or name the root of the proxy in NODE_EXTRA_CA_CERTS.',
  }
}
