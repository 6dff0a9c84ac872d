import type { Finding } from './finding.ts'
import { atTheServer, isSelfSigned, lastOf, type ServerSeen, shortName } from './tls-server.ts'

/** A certificate made out to somebody else. */
export function nameFindings({ named, names }: ServerSeen, issuer: string): readonly Finding[] {
  if (named) return []
  const host = new URL(issuer).hostname
  const madeOutTo = names.slice(0, MOST_NAMES).join(', ')
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : ''
  return [
    {
      id: 'tls/wrong-name',
      severity: 'high',
      summary: `The certificate is made out to ${madeOutTo}${more}, not to ${host}`,
      why: `Nobody accepts it for this issuer, AWS included.${tooDeep(names, host)} Without SNI, or with a host that it does not know, a server presents its default certificate.`,
      fix: atTheServer(`Have a certificate issued for ${host}, and the server present it.`, issuer),
    },
  ]
}

const MOST_NAMES = 5

/** RFC 6125 section 6.4.3: the wildcard stands for one label, the first. */
const tooDeep = (names: readonly string[], host: string): string =>
  names.some((name) => name.startsWith('DNS:*.') && host.endsWith(name.slice('DNS:*'.length)))
    ? ' A wildcard covers one label only, so no name with more dots.'
    : ''

/** A chain that OpenSSL refuses for a reason that nothing else has told. */
export const refusalFinding = ({ trust }: ServerSeen, issuer: string): readonly Finding[] =>
  trust.kind === 'untrusted'
    ? [
        {
          id: 'tls/chain-invalid',
          severity: 'high',
          summary: trust.reason,
          why: `OpenSSL calls it ${trust.code}. AWS verifies the chain as well, before it reads a document.`,
          fix: atTheServer('Have the certificate issued anew, by a CA that may.', issuer),
        },
      ]
    : []

/** What is allowed, and good to know of a thumbprint. */
export function remarks(server: ServerSeen): readonly Finding[] {
  const { chain, trust } = server
  const { subject, sha1, notAfter } = lastOf(server)
  if (chain.length > 1 && isSelfSigned(server, chain.length - 1)) {
    return [
      remark('tls/root-sent', {
        summary: `The server sends its root along (${shortName(subject)})`,
        why: `That is allowed, and makes ${sha1} of the root the thumbprint, which outlives every renewal.`,
      }),
    ]
  }
  if (chain.length > 1 || trust.kind !== 'added-root') return []
  return [
    remark('tls/leaf-alone', {
      summary: `The server presents its own certificate alone (${shortName(subject)})`,
      why: `AWS does not know its CA, so the thumbprint is that of this certificate, which goes with its renewal, on ${notAfter} at the latest. Where its CA is presented as well, that one counts.`,
    }),
  ]
}

const remark = (id: string, { summary, why }: Pick<Finding, 'summary' | 'why'>): Finding => ({
  id,
  severity: 'info',
  summary,
  why,
  fix: 'Nothing has to be done.',
})
