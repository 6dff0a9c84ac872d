import { type Issuer, keySetUrl } from './issuer.ts'
import { isObject } from './jwk.ts'
import { discoveryUnparsable, otherIssuer } from './problems/documents.ts'

/** OpenID Connect Discovery 1.0 section 3, as far as STS and kube-apiserver speak it. */
export interface DiscoveryDocument {
  readonly issuer: Issuer
  readonly jwks_uri: string
  readonly authorization_endpoint: string
  readonly response_types_supported: readonly string[]
  readonly subject_types_supported: readonly string[]
  readonly id_token_signing_alg_values_supported: readonly string[]
  readonly claims_supported: readonly string[]
}

/** The discovery document of an issuer whose keys sign with these algorithms, in any order. */
export function discoveryDocument(issuer: Issuer, algs: readonly string[]): DiscoveryDocument {
  return {
    issuer,
    jwks_uri: keySetUrl(issuer),
    // Required by the standard, though nobody can log in here: the self-hosting guide of
    // aws/amazon-eks-pod-identity-webhook and kops use this name.
    authorization_endpoint: 'urn:kubernetes:programmatic_authorization',
    response_types_supported: ['id_token'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: sortedOnce(algs),
    // IAM user guide, id_roles_providers_create_oidc.html: aud, iat, iss and sub are required.
    claims_supported: ['aud', 'exp', 'iat', 'iss', 'sub'],
  }
}

const sortedOnce = (texts: readonly string[]): string[] => [...new Set(texts)].toSorted()

/** The document as it is published: two spaces, final newline, the same bytes every time. */
export const serialiseDiscovery = (document: DiscoveryDocument): string =>
  `${JSON.stringify(document, undefined, 2)}\n`

/** What matters of a discovery document that is already there. */
export interface PublishedDiscovery {
  /** Undefined when it names none. */
  readonly issuer: string | undefined
  readonly algs: readonly string[]
  /** `jwks_uri` */
  readonly keySetUrl?: string | undefined
}

/**
 * Reads a published discovery document with tolerance, since it is about to be written anew: what it
 * lacks does not matter, and an empty file is a document that says nothing.
 *
 * @throws Problem `documents/discovery-unparsable` when it is something else altogether.
 */
export function parseDiscovery(text: string, where: string): PublishedDiscovery {
  const value = text.trim() === '' ? {} : parseObject(text, where)
  const { issuer, jwks_uri: keySetUrl, id_token_signing_alg_values_supported: algs } = value
  return {
    issuer: typeof issuer === 'string' ? issuer : undefined,
    keySetUrl: typeof keySetUrl === 'string' ? keySetUrl : undefined,
    algs: Array.isArray(algs) ? algs.filter((alg) => typeof alg === 'string') : [],
  }
}

function parseObject(text: string, where: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isObject(value)) return value
  } catch (error) {
    throw discoveryUnparsable(where, error)
  }
  throw discoveryUnparsable(where)
}

/**
 * The algorithms to list: ours, and those that the published document of the same issuer lists.
 *
 * @throws Problem `documents/other-issuer` when the document there is somebody else's.
 */
export function mergedAlgs(
  published: PublishedDiscovery | undefined,
  issuer: Issuer,
  algs: readonly string[],
  where: string,
): string[] {
  const theirs = published?.issuer
  if (theirs !== undefined && theirs !== issuer) throw otherIssuer(where, theirs, issuer)
  return sortedOnce([...(published?.algs ?? []), ...algs])
}
