import { namesEverybody, takesTokens, type TrustStatement } from '../trust-statement.ts'
import { readProviderArn } from '../provider-arn.ts'
import { isSharedService, readTokenKey } from './providers.ts'

/** Whose roles are looked at. */
export interface Scope {
  /** Host and path of the issuers that were named; undefined for all that may be a cluster's. */
  readonly issuers: readonly string[] | undefined
  /** Host and path of the account's providers; undefined where they may not be listed. */
  readonly known: readonly string[] | undefined
}

/** Whether a provider that a trust policy names is one of ours. */
export const isInScope = (issuer: string, { issuers }: Pick<Scope, 'issuers'>): boolean =>
  issuers === undefined ? !isSharedService(issuer) : issuers.includes(issuer)

/** Whether a role concerns us: one of our providers may let somebody have it. */
export const isConcerned = (statements: readonly TrustStatement[], scope: Scope): boolean =>
  statements.some(
    (statement) => providersNamed(statement, scope).length > 0 || isOpenToTokens(statement, scope),
  )

/** ARNs of our providers among the principals of a statement that allows. */
export const providersNamed = (
  { effect, notPrincipal, principals }: TrustStatement,
  scope: Scope,
): readonly string[] =>
  effect !== 'Allow' || notPrincipal
    ? []
    : (principals['Federated'] ?? []).filter((arn) => {
        const name = readProviderArn(arn)
        return name !== undefined && isInScope(name.issuer, scope)
      })

/** Whether a statement allows everybody, or everybody but a few. */
export const letsInEverybody = (statement: TrustStatement): boolean =>
  statement.effect === 'Allow' && (statement.notPrincipal || namesEverybody(statement))

/** Everybody, where that means tokens, and not those of other services alone. */
function isOpenToTokens(statement: TrustStatement, scope: Scope): boolean {
  if (!letsInEverybody(statement) || !takesTokens(statement)) return false
  return issuersInKeys(statement).length === 0 || issuersTested(statement, scope).length > 0
}

/** Host and path of our issuers whose tokens the conditions of a statement name. */
export function issuersTested(statement: TrustStatement, scope: Scope): readonly string[] {
  const ours = scope.issuers ?? scope.known
  const named = issuersInKeys(statement)
  if (ours === undefined) return named.filter((issuer) => !isSharedService(issuer))
  const lower = new Set(named.map((issuer) => issuer.toLowerCase()))
  return ours.filter((issuer) => lower.has(issuer.toLowerCase()) && isInScope(issuer, scope))
}

const issuersInKeys = ({ tests }: TrustStatement): readonly string[] => [
  ...new Set(tests.flatMap(({ key }) => readTokenKey(key)?.issuer ?? [])),
]
