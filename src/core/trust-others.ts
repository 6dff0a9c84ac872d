import { isObject } from './jwk.ts'
import { type Statement, statementsOf } from './policy-document.ts'
import { isOurStatement, type Mine } from './trust-policy.ts'

/** The statements of a trust policy that let in others than irsa does. */
const lettingOthersIn = (policy: unknown, mine: Mine): readonly Statement[] =>
  statementsOf(policy)
    .filter(isObject)
    .filter((statement) => statement['Effect'] === 'Allow' && !isOurStatement(statement, mine))

/** Who else may have a role, each once, everybody first; empty where the role is ours alone. */
export function othersTrusted(policy: unknown, mine: Mine): readonly string[] {
  const others = lettingOthersIn(policy, mine).flatMap((statement) => {
    const principals = principalsOf(statement)
    if (principals.includes('*')) return [everybody(statement)]
    return principals.map((principal) =>
      principal === mine.providerArn ? ownStatement(statement) : principal,
    )
  })
  return [...new Set(others)].toSorted((one, other) => rank(one) - rank(other))
}

const EVERYBODY = 'EVERYBODY, from any AWS account'

const rank = (who: string): number => (who.startsWith(EVERYBODY) ? 0 : 1)

/** A principal of * is everybody: IAM user guide, reference_policies_elements_principal.html. */
const everybody = (statement: Statement): string =>
  `${EVERYBODY}${'Condition' in statement ? `, under conditions (${conditionsOf(statement)})` : ''}`

/** `NotPrincipal` is everybody but a few. */
function principalsOf({ Principal }: Statement): readonly string[] {
  if (!isObject(Principal)) return ['*']
  return Object.values(Principal).flat().map(String)
}

/** Another statement for our provider, with what tells it from one of ours. */
function ownStatement(statement: Statement): string {
  const actions = [statement['Action'] ?? []].flat().map(String)
  const conditions = 'Condition' in statement ? `, if ${conditionsOf(statement)}` : ''
  return `service accounts of this issuer by a statement of others (${actions.join(', ')}${conditions}), which does not bound that of irsa`
}

const conditionsOf = ({ Condition }: Statement): string =>
  Object.entries(Object(Condition))
    .flatMap(([operator, tests]) => Object.keys(Object(tests)).map((key) => `${operator} ${key}`))
    .join(', ')

/** The IAM OIDC providers that a trust policy names, ours among them. */
export const providersTrusted = (policy: unknown): readonly string[] =>
  statementsOf(policy)
    .filter(isObject)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(principalsOf)
    .filter((principal) => principal.includes(':oidc-provider/'))
