import { lowerFirst } from '../words.ts'
import type { Finding, Remedy } from './finding.ts'
import type { Seen } from './link.ts'
import type { ProviderSeen } from './sights.ts'
import { atTheServer, isSelfSigned, lastOf, type ServerSeen, shortName } from './tls-server.ts'

/** OpenSSL's codes for a chain with nothing wrong but that nobody here knows its CA. */
const UNKNOWN_CA = new Set([
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Whether the chain fails here for its CA alone, so that a thumbprint can make up for it. */
export const isUnknownCa = ({ trust }: Pick<ServerSeen, 'trust'>): boolean =>
  trust.kind === 'untrusted' && UNKNOWN_CA.has(trust.code)

const takesTls13Only = ({ tls12 }: Pick<ServerSeen, 'tls12'>): boolean => tls12 === false

/**
 * Whether AWS compares thumbprints: where its own roots do not verify the chain, and where the server
 * requires TLS 1.3 (IAM user guide, id_roles_providers_create_oidc_verify-thumbprint.html).
 */
export const thumbprintCounts = (server: ServerSeen): boolean =>
  server.trust.kind === 'added-root' || isUnknownCa(server) || takesTls13Only(server)

export interface Trusting {
  readonly server: ServerSeen
  readonly issuer: string
  readonly provider: Seen<ProviderSeen>
  /** The API server serves the documents itself, with the CA of its cluster. */
  readonly byCluster: boolean
  /** An irsa.yaml of this issuer is at hand, so that its provider was made to accept the chain. */
  readonly ours: boolean
  /** How the provider is made to list the thumbprint. */
  readonly mend: Remedy
  /** STS has just given credentials for a token of this issuer. */
  readonly proved: boolean
}

/** What becomes of a chain that AWS can only accept for its thumbprint. */
export function thumbprintFinding(trusting: Trusting): Finding {
  const { server, provider } = trusting
  const listed = provider.kind === 'seen' ? provider.value.provider?.thumbprints : undefined
  if (listed?.includes(lastOf(server).sha1) === true) return accepted(server)
  if (listed !== undefined && trusting.proved && server.trust.kind === 'added-root') {
    return seenHereAlone(server, listed)
  }
  if (lacksIntermediate(trusting)) return intermediateMissing(trusting, listed !== undefined)
  return listed === undefined ? undecided(trusting) : stale(trusting, listed)
}

const accepted = (server: ServerSeen): Finding => ({
  id: 'tls/thumbprint-used',
  severity: 'info',
  summary: `AWS accepts this chain for its thumbprint ${lastOf(server).sha1}, which the provider lists`,
  why: `${because(server)}.`,
  fix: 'When that certificate changes, the provider has to follow.',
})

/** An API server usually presents its certificate alone; other servers should not. */
const lacksIntermediate = ({ server, byCluster }: Trusting): boolean =>
  server.chain.length === 1 &&
  server.trust.kind === 'untrusted' &&
  !isSelfSigned(server, 0) &&
  !byCluster

function intermediateMissing(trusting: Trusting, certain: boolean): Finding {
  const { server, issuer, mend } = trusting
  const { sha1, issuer: above } = lastOf(server)
  const fix =
    'Serve the full chain: the certificate, then each intermediate that your CA sent along.'
  return {
    id: 'tls/intermediate-missing',
    severity: certain ? 'high' : unknownSeverity(trusting),
    summary: `The server presents its own certificate alone, without that of ${shortName(above)}, which issued it`,
    why:
      'Browsers may know the intermediate from elsewhere; AWS and this machine do not fetch it, and the chain leads nowhere. ' +
      `What is left is the thumbprint ${sha1} of that one certificate, ${certain ? 'which the provider does not list' : 'if the provider lists it'}, and it goes with the next renewal.`,
    ...(certain
      ? {
          fix: `${fix} Until then, or for a private root of your own: ${lowerFirst(mend.fix)}`,
          command: mend.command,
        }
      : { fix: atTheServer(fix, issuer) }),
  }
}

function stale({ server, mend }: Trusting, listed: readonly string[]): Finding {
  const { sha1, subject } = lastOf(server)
  return {
    id: 'tls/thumbprint-stale',
    severity: 'high',
    summary: `The provider does not list the thumbprint of the last presented certificate (${shortName(subject)})`,
    why: [
      `${because(server)}, so STS compares thumbprints: "HTTPS certificate doesn't match configured thumbprint".`,
      `listed:    ${listed.join(', ') || 'none'}`,
      `presented: ${sha1}`,
      ...(server.trust.kind === 'public' ? [] : [MAY_BE_A_PROXY]),
    ].join('\n'),
    ...mend,
  }
}

/** What STS was presented is in order; what is presented here goes by a root that this machine has. */
function seenHereAlone(server: ServerSeen, listed: readonly string[]): Finding {
  const root = server.trust.kind === 'added-root' ? server.trust.root : ''
  return {
    id: 'tls/thumbprint-stale',
    severity: 'medium',
    summary:
      'The chain that is presented here is not what the provider lists, and STS takes what it is presented',
    why: [
      `STS has just given credentials for a token of this issuer. Here the chain leads to ${root}, a root that was added on this machine, so there is probably a proxy in between, which AWS does not go through.`,
      `listed:    ${listed.join(', ') || 'none'}`,
      `presented: ${lastOf(server).sha1}`,
      'Without a proxy it is the new certificate of the issuer, and STS goes by what it has fetched before.',
    ].join('\n'),
    fix: 'Look again from where there is no proxy, and leave the thumbprint of one out of the provider.',
  }
}

const MAY_BE_A_PROXY =
  'If a proxy between here and the issuer presents it, AWS sees another one: then look from where there is no proxy.'

/**
 * How bad a chain is that leads to no known root where the provider could not be seen. AWS takes it for
 * its thumbprint alone, which nobody but who made the provider can count on.
 */
function unknownSeverity({ provider, ours, proved }: Trusting): Finding['severity'] {
  if (proved) return 'info'
  return provider.kind === 'unseen' && !ours ? 'high' : 'medium'
}

/** The provider is not there, or could not be seen. */
function undecided(trusting: Trusting): Finding {
  const { server, issuer, provider, mend } = trusting
  const { sha1 } = lastOf(server)
  const unknown =
    provider.kind === 'seen'
      ? 'There is no provider yet that could list it.'
      : `Whether the provider lists it could not be seen: ${provider.why}.`
  const why = `${because(server)}, so what counts is the thumbprint of the last presented certificate, ${sha1}. ${unknown}`
  const fix =
    provider.kind === 'seen'
      ? mend
      : { fix: atTheServer(`${ADVICE[causeOf(server)]} ${provider.takes}`.trim(), issuer) }
  const cause = causeOf(server)
  const severity = cause === 'untrusted' ? { severity: unknownSeverity(trusting) } : {}
  return { ...UNDECIDED[cause](server), ...severity, why, ...fix }
}

type Cause = 'untrusted' | 'tls13' | 'added-root'

function causeOf(server: ServerSeen): Cause {
  if (isUnknownCa(server)) return 'untrusted'
  return takesTls13Only(server) ? 'tls13' : 'added-root'
}

const ADVICE: Readonly<Record<Cause, string>> = {
  untrusted:
    'Have the certificate issued by a public CA, or see that the provider lists its thumbprint.',
  tls13: 'Let the server take TLS 1.2 as well, or see that the provider lists the thumbprint.',
  'added-root':
    'See that the provider lists the thumbprint, unless that root is of a proxy in between.',
}

const UNDECIDED: Readonly<
  Record<Cause, (server: ServerSeen) => Pick<Finding, 'id' | 'severity' | 'summary'>>
> = {
  untrusted: ({ trust }) => ({
    id: 'tls/untrusted',
    severity: 'medium',
    summary: `The chain is not trusted: ${trust.kind === 'untrusted' ? trust.reason : ''}`,
  }),
  tls13: () => ({
    id: 'tls/tls13-only',
    severity: 'medium',
    summary: 'The server requires TLS 1.3, and refuses TLS 1.2',
  }),
  'added-root': ({ trust }) => ({
    id: 'tls/added-root',
    severity: 'info',
    summary: `The chain verifies only through a root that was added on this machine: ${trust.kind === 'added-root' ? trust.root : ''}`,
  }),
}

/** Why thumbprints count, half a sentence. */
function because(server: ServerSeen): string {
  const { trust } = server
  if (trust.kind === 'added-root') return `AWS does not know the root ${trust.root}`
  if (trust.kind === 'untrusted') return 'The chain leads to no root that is known here'
  return 'The server requires TLS 1.3, where AWS leaves its own roots aside'
}
