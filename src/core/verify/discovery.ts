import type { Issuer } from '../issuer.ts'
import { type DocumentPlace, rewrite } from './document-place.ts'
import type { Finding } from './finding.ts'
import { issuerDifference } from './issuer-difference.ts'
import { judgeKeySetUrl } from './key-set-url.ts'
import { quoted } from './escaped.ts'

type Document = Readonly<Record<string, unknown>>

/**
 * Judges what a discovery document says, as far as STS cares (IAM user guide,
 * id_roles_providers_create_oidc.html, "Prerequisites").
 */
export const judgeDiscovery = (
  document: Document,
  issuer: Issuer,
  place: DocumentPlace,
): readonly Finding[] => [
  ...judgeIssuer(document['issuer'], issuer, place),
  ...judgeKeySetUrl(document['jwks_uri'], issuer, place),
  ...REQUIRED.flatMap((member) => judgeList(document, member, place)),
  ...judgeClaims(document['claims_supported'], place),
]

function judgeIssuer(named: unknown, issuer: Issuer, place: DocumentPlace): readonly Finding[] {
  if (named === issuer) return []
  if (typeof named !== 'string' || named === '') {
    return [
      {
        id: 'discovery/issuer-missing',
        severity: 'high',
        summary: 'The discovery document names no "issuer"',
        why: `STS compares it with the issuer of the token, ${issuer}, and refuses the token where it is not there.`,
        ...rewrite(place),
      },
    ]
  }
  const { by, marked } = issuerDifference(issuer, named)
  return [
    {
      id: 'discovery/issuer-differs',
      severity: 'high',
      summary: `The discovery document speaks for ${quoted(named)}, which differs from the issuer by ${by}`,
      why: `STS compares the two byte for byte, and refuses every token:\n${marked}`,
      ...otherIssuer(place),
    },
  ]
}

/** irsa writes over no document of another issuer, however small the difference. */
const otherIssuer = ({ publish, remove, byHand }: DocumentPlace) =>
  publish === undefined || remove === undefined
    ? { fix: byHand }
    : {
        fix: 'If no token carries that other spelling, remove the document, which irsa does not write over, and have it written anew',
        command: `${remove} && ${publish}`,
      }

interface Member {
  readonly name: string
  /** What its list has to contain; any list will do without. */
  readonly value?: string
}

const REQUIRED: readonly Member[] = [
  { name: 'response_types_supported', value: 'id_token' },
  { name: 'subject_types_supported', value: 'public' },
  { name: 'id_token_signing_alg_values_supported' },
]

function judgeList(
  document: Document,
  { name, value }: Member,
  place: DocumentPlace,
): readonly Finding[] {
  const list = document[name]
  if (Array.isArray(list) && (value === undefined || list.includes(value))) return []
  const lacks = Array.isArray(list)
    ? `does not list "${value}" in "${name}"`
    : `has no list "${name}"`
  return [
    {
      id: 'discovery/member-missing',
      severity: 'high',
      summary: `The discovery document ${lacks}`,
      why: 'AWS requires that of the document of every OIDC provider, and may refuse its tokens otherwise.',
      ...rewrite(place),
    },
  ]
}

/** The same page requires these four; kube-apiserver lists none at all, and AWS takes its tokens. */
const CLAIMS = ['aud', 'iat', 'iss', 'sub']

function judgeClaims(listed: unknown, place: DocumentPlace): readonly Finding[] {
  const missing = CLAIMS.filter((claim) => !Array.isArray(listed) || !listed.includes(claim))
  if (missing.length === 0) return []
  return [
    {
      id: 'discovery/claims',
      severity: 'info',
      summary: `"claims_supported" does not list ${missing.join(', ')}`,
      why: 'The IAM user guide requires it, but STS is known to take tokens without: kube-apiserver itself writes no such list.',
      ...rewrite(place),
    },
  ]
}

/** Judges the list of algorithms against those of the published keys. */
export function judgeAlgorithms(
  document: Document,
  algs: readonly string[],
  place: DocumentPlace,
): readonly Finding[] {
  const listed = document['id_token_signing_alg_values_supported']
  if (!Array.isArray(listed)) return []
  const missing = [...new Set(algs)].filter((alg) => !listed.includes(alg))
  if (missing.length === 0) return []
  return [
    {
      id: 'discovery/algorithms',
      severity: 'medium',
      summary: `The discovery document does not list ${missing.join(', ')}, which published keys sign with`,
      why: `It lists ${listed.length === 0 ? 'none' : quoted(listed.join(', '))}. Whoever goes by that list refuses tokens of those keys.`,
      ...rewrite(place),
    },
  ]
}
