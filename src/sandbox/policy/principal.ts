import { asList } from './document.ts'
import { PolicyFlaw } from './flaw.ts'
import type { PolicyPlace } from './syntax.ts'

/** IAM user guide, reference_policies_elements_principal.html: identity providers by their name. */
const KNOWN_PROVIDERS = new Set([
  'accounts.google.com',
  'cognito-identity.amazonaws.com',
  'graph.facebook.com',
  'www.amazon.com',
])

/** Whether a name can be one of this kind, the ARNs being of the given partition. */
const RULES: Readonly<Record<string, (name: string, place: PolicyPlace) => boolean>> = {
  // `cloudfront` stands in the account's place for origin access identities.
  AWS: (name, { partition }) =>
    /^(\*|\d{12})$/.test(name) ||
    matches(name, partition, /^iam::(\d{12}|cloudfront):(root|(user|role)\/[^*?]+)$/) ||
    matches(name, partition, /^sts::\d{12}:(assumed-role|federated-user)\/[^*?]+$/),
  Federated: (name, { partition }) =>
    KNOWN_PROVIDERS.has(name) ||
    matches(name, partition, /^iam::\d{12}:(oidc|saml)-provider\/[^*?]+$/),
  Service: (name) => /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name),
  // S3 user guide, security_iam_service-with-iam.html: only its own policies know canonical ids.
  CanonicalUser: (name, { kind }) => kind === 'bucket' && /^[0-9a-f]{64}$/i.test(name),
}

/** Refuses a Principal or NotPrincipal that names nobody, or somebody who cannot be. */
export function checkPrincipal(principal: unknown, place: PolicyPlace): void {
  if (principal === undefined || principal === '*') return
  if (typeof principal !== 'object' || principal === null || Array.isArray(principal)) throw flaw()
  const entries = Object.entries(principal)
  if (entries.length === 0) throw flaw()
  for (const [type, value] of entries) {
    const fits = Object.hasOwn(RULES, type) ? RULES[type] : undefined
    const names = asList<unknown>(value)
    const fine = names.every((name) => typeof name === 'string' && fits?.(name, place))
    if (names.length === 0 || !fine) throw flaw()
  }
}

function matches(arn: string, partition: string, rest: RegExp): boolean {
  const prefix = `arn:${partition}:`
  return arn.startsWith(prefix) && rest.test(arn.slice(prefix.length))
}

const flaw = (): PolicyFlaw => new PolicyFlaw('Invalid principal in policy')
