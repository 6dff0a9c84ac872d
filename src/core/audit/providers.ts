/**
 * Issuers of services that speak for all of their customers, and for no cluster of anybody's. The
 * first part is the list for which AWS itself demands conditions (IAM user guide,
 * id_roles_providers_oidc_secure-by-default.html), the rest are more of their kind.
 */
const SHARED = [
  'agent.buildkite.com',
  'api.pulumi.com/oidc',
  'app.terraform.io',
  'cognito-identity.amazonaws.com',
  'gitlab.com',
  'oidc-configuration.audit-log.githubusercontent.com',
  'oidc.codefresh.io',
  'oidc.vercel.com',
  'proidc.upbound.io',
  'sandboxes.cloud',
  'scalr.io',
  'studio.datachain.ai/api',
  'token.actions.githubusercontent.com',
  'tokens.cloud.shisho.dev',
  'vstoken.actions.githubusercontent.com',

  'accounts.google.com',
  'api.bitbucket.org',
  'app.harness.io',
  'graph.facebook.com',
  'login.microsoftonline.com',
  'oidc.circleci.com',
  'oidc.fly.io',
  'sts.windows.net',
  'www.amazon.com',
]

/** Whether an issuer, by host and path, is a service that many share, and no cluster. */
export function isSharedService(issuer: string): boolean {
  const name = issuer.toLowerCase()
  return (
    SHARED.some((shared) => name === shared || name.startsWith(`${shared}/`)) ||
    // Amazon Cognito user pools.
    /^cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//.test(name)
  )
}

/** What condition keys say of a token: IAM user guide, reference_policies_iam-condition-keys.html. */
const CLAIMS = new Set(['amr', 'aud', 'email', 'oaud', 'sub'])

/** A condition key about tokens of some issuer, taken apart. */
export interface TokenKey {
  /** `https://` in front of it, which no key has. */
  readonly scheme: string
  readonly issuer: string
  readonly claim: string
  /** Whether IAM makes such a key of tokens like those of a cluster. */
  readonly exists: boolean
}

/** Undefined for a key about something else, such as `aws:SourceIp`: an issuer has a dot in its host. */
export function readTokenKey(key: string): TokenKey | undefined {
  const [, scheme = '', issuer, claim = ''] =
    /^(https?:\/\/)?([^:]*\.[^:]*(?::\d+[^:]*)?|[^.:]+:\d+[^:]*):([^:]+)$/i.exec(key) ?? []
  if (issuer === undefined) return undefined
  return { scheme, issuer, claim, exists: CLAIMS.has(claim.toLowerCase()) }
}

/** IAM compares condition keys without case. */
export const sameIssuer = (one: string, other: string): boolean =>
  one.toLowerCase() === other.toLowerCase()
