import type { Finding } from '../../src/core/verify/finding.ts'
import {
  type Link,
  LINK_IDS,
  type LinkId,
  looked,
  skipped,
  unseen,
  type Verification,
  verification,
} from '../../src/core/verify/link.ts'

export const ISSUER = 'https://oidc.example.com/production'

export const KID = 'lBDOnvd3PQYLzwnT1rMCmiFmtBrGo4LtXR5MDHBNPzw'

/** Breaks `jwks`, and can be mended with one command. */
export const KID_MISSING: Finding = {
  id: 'jwks/kid-missing',
  severity: 'high',
  summary: `The published keys do not have kid ${KID}`,
  why: 'The API server signs with that key, and STS looks for it in the published ones: every token is refused with InvalidIdentityToken.',
  fix: 'Publish it',
  command: 'irsa publish-jwks --public-key keys/sa-signer.pub --region eu-west-3',
}

/** Its reason is a picture. */
export const ISSUER_DIFFERS: Finding = {
  id: 'discovery/issuer-differs',
  severity: 'high',
  summary: 'The discovery document names another issuer',
  why: `STS compares them byte for byte:\n  wanted  ${ISSUER}\n  found   ${ISSUER}/\n          ${' '.repeat(ISSUER.length)}^ a slash too many`,
  fix: 'Write both documents again',
  command: 'irsa apply',
}

export const STALE: Finding = {
  id: 'tls/thumbprint-stale',
  severity: 'medium',
  summary: 'The provider has a thumbprint that the server does not present any more',
  why: 'AWS ignores it while the certificate comes from a public authority.',
  fix: 'Bring it in line',
  command: 'irsa create-provider --thumbprint auto',
}

export const NO_CACHE: Finding = {
  id: 'jwks/no-cache-control',
  severity: 'info',
  summary: 'The keys have no Cache-Control',
  why: 'Caches decide for themselves how long they keep them.',
  fix: '',
}

const NO_CLUSTER = unseen(
  'kubectl is not there',
  'Install kubectl, or name a cluster with a token.',
)

/** A chain that holds, but for the links that are given. */
export function chainOf(others: Partial<Record<LinkId, Link>> = {}): Verification {
  const proved: Readonly<Record<string, string>> = {
    'signer-key': `kid ${KID}`,
    discovery: `${ISSUER}/.well-known/openid-configuration`,
    jwks: `${ISSUER}/keys.json has 1 key`,
  }
  const links = LINK_IDS.map((id) => others[id] ?? looked(id, proved[id] ?? `${id} is right`))
  return verification(ISSUER, links)
}

/** One of everything: broken in two places, warned of, noted, and not walked to its end. */
export const EVERYTHING = chainOf({
  tls: looked('tls', '', { findings: [STALE] }),
  discovery: looked('discovery', '', {
    findings: [ISSUER_DIFFERS],
    evidence: [
      {
        label: `GET ${ISSUER}/.well-known/openid-configuration`,
        text: `200, 84 ms\ncontent-type: application/json\n\n{\n  "issuer": "${ISSUER}/"\n}`,
      },
    ],
  }),
  jwks: looked('jwks', '', { findings: [NO_CACHE, KID_MISSING] }),
  apiserver: skipped('apiserver', NO_CLUSTER),
  webhook: skipped('webhook', NO_CLUSTER),
  sts: skipped('sts', unseen('there is no token to exchange', 'Pass one with --token.')),
})
