import type { Evidence, Seen } from './link.ts'
import type { ProviderSeen } from './sights.ts'
import { type ServerSeen, shortName } from './tls-server.ts'

/** What is right with a chain with which nothing is wrong. */
export function provedOf(server: ServerSeen): string {
  const { chain, trust } = server
  const [leaf] = chain
  const until = `${shortName(leaf?.subject ?? '')} until ${leaf?.notAfter ?? ''}`
  return `${until}, ${ROOT[trust.kind]}, ${versionsOf(server)}`
}

const ROOT = {
  public: 'public root',
  'added-root': 'root added on this machine',
  untrusted: 'root unknown here',
} as const

function versionsOf({ protocol, tls12 }: Pick<ServerSeen, 'protocol' | 'tls12'>): string {
  const agreed = protocol.replace(/^TLSv/, 'TLS ')
  if (agreed === 'TLS 1.2' || tls12 === undefined) return agreed
  return tls12 ? `${agreed} and 1.2` : `${agreed} only`
}

/** The chain as it was presented, and the thumbprints where they count. */
export const chainEvidence = (
  server: ServerSeen,
  provider: Seen<ProviderSeen> | undefined,
): readonly Evidence[] => [
  { label: 'TLS', text: versionsOf(server) },
  ...server.chain.map(({ subject, issuer, notBefore, notAfter, sha1 }, position) => ({
    label: `certificate ${position + 1} of ${server.chain.length}`,
    text: `${subject}\nissued by ${issuer}\nvalid from ${notBefore} until ${notAfter}\nsha1 ${sha1}`,
  })),
  { label: 'trust', text: trustOf(server) },
  ...(provider?.kind === 'seen' && provider.value.provider !== undefined
    ? [
        {
          label: 'thumbprints of the provider',
          text: provider.value.provider.thumbprints.join('\n') || 'none',
        },
      ]
    : []),
]

function trustOf({ trust }: Pick<ServerSeen, 'trust'>): string {
  if (trust.kind === 'untrusted') return `${trust.reason} (${trust.code})`
  return trust.kind === 'public'
    ? 'a public root'
    : `added on this machine: ${trust.root}, sha1 ${trust.sha1}`
}
