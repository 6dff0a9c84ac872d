import { judgeAlgorithms, judgeDiscovery } from '../../core/verify/discovery.ts'
import type { Finding } from '../../core/verify/finding.ts'
import { fetchableKeySetUrl, keySetUrlClosed } from '../../core/verify/key-set-url.ts'
import { algsOfKeys, keysIn } from '../../core/verify/key-set.ts'
import { publishedKeySet } from '../../core/verify/published-kids.ts'
import { quotedValue } from '../../core/verify/escaped.ts'
import { closedKeySetHost } from './closed-key-set.ts'
import { lookAtDocument, type Read, type Reading } from './document-link.ts'
import type { LookAt, Walk } from './walk.ts'

/** The discovery document: whether STS gets it, and whether it speaks for this issuer. */
export const lookAtDiscovery: LookAt = async (walk) =>
  lookAtDocument(walk, 'discovery', await walk.sights.discovery(), (reading) => read(walk, reading))

async function read(walk: Walk, { place, document }: Reading): Promise<Read> {
  const keySet = publishedKeySet(await walk.sights.keySet())
  const algs = algsOfKeys((keySet && keysIn(keySet)) ?? [])
  return {
    proved: `it speaks for ${walk.given.issuer}, and names ${quotedValue(document['jwks_uri'])}`,
    findings: [
      ...(await closedFindings(walk, { place, document })),
      ...judgeDiscovery(document, walk.given.issuer, place),
      ...judgeAlgorithms(document, algs, place),
    ],
    evidence: [{ label: 'Discovery document', text: membersOf(document) }],
  }
}

async function closedFindings(
  walk: Walk,
  { place, document }: Reading,
): Promise<readonly Finding[]> {
  const url = fetchableKeySetUrl(document)
  const addresses = url === undefined ? undefined : await closedKeySetHost(walk, url)
  if (url === undefined || addresses === undefined) return []
  return [keySetUrlClosed(url, addresses, place)]
}

const SHOWN = [
  'issuer',
  'jwks_uri',
  'response_types_supported',
  'subject_types_supported',
  'id_token_signing_alg_values_supported',
]

/** The ones that matter, and no others: what somebody put there by mistake is nobody's business. */
const membersOf = (document: Readonly<Record<string, unknown>>): string =>
  SHOWN.filter((member) => Object.hasOwn(document, member))
    .map((member) => `${member}: ${quotedValue(document[member], 300).slice(1, -1)}`)
    .join('\n')
