import { statementsOf } from '../policy-document.ts'
import { takesTokens, type Test, type TrustStatement } from '../trust-statement.ts'
import type { ProviderName } from '../provider-arn.ts'

/** How one claim of a token is bounded by the conditions of a statement. */
export interface Bound {
  /** The condition key as it should be written, such as `oidc.example.com:sub`. */
  readonly key: string
  /** These have to be met by a claim that is there. */
  readonly firm: readonly Test[]
  /** These are met by a token without the claim as well. */
  readonly loose: readonly Test[]
  /** These are met by whatever is not listed. */
  readonly negated: readonly Test[]
}

const POSITIVE = new Set([
  'stringequals',
  'stringequalsignorecase',
  'stringlike',
  'arnequals',
  'arnlike',
])
const NEGATED: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
}

/** Whether the values are compared as they are, so that `*` and `?` are characters like any other. */
export const comparesLiterally = ({ operator }: Test): boolean =>
  operator.startsWith('stringequals')

/** A value as this operator compares it. */
export const asCompared = ({ operator }: Test, value: string): string =>
  operator.includes('ignorecase') ? value.toLowerCase() : value

export const isPositive = ({ operator }: Test): boolean => POSITIVE.has(operator)

/**
 * A key that is absent meets these two (IAM user guide, reference_policies_condition-single-vs-
 * multi-valued-context-keys.html and reference_policies_elements_condition_operators.html).
 */
export const isLoose = ({ qualifier, ifExists }: Test): boolean =>
  qualifier === 'forallvalues' || ifExists

/** How a claim is bounded in a statement, and by the refusals of the whole policy. */
export function boundOf(
  statement: TrustStatement,
  claim: 'aud' | 'sub',
  provider: ProviderName,
  refusals: readonly TrustStatement[],
): Bound {
  const key = `${provider.issuer}:${claim}`
  const own = statement.tests.filter((test) => isAbout(test, key))
  const positive = own.filter(isPositive)
  const present = own.some(({ operator, values }) => operator === 'null' && saysFalse(values))
  const isFirm = (test: Test): boolean => present || !isLoose(test)
  return {
    key,
    firm: [...positive.filter(isFirm), ...refusedOtherwise(refusals, key)],
    loose: positive.filter((test) => !isFirm(test)),
    negated: own.filter(({ operator }) => operator in NEGATED),
  }
}

const isAbout = (test: Test, key: string): boolean => test.key.toLowerCase() === key.toLowerCase()

const saysFalse = (values: readonly string[]): boolean =>
  values.length > 0 && values.every((value) => value.toLowerCase() === 'false')

/** A refusal of all but these values bounds a claim as well as an allowance of these alone. */
const refusedOtherwise = (refusals: readonly TrustStatement[], key: string): readonly Test[] =>
  refusals.flatMap(({ tests: [test, ...more] }) => {
    const operator = test === undefined ? undefined : NEGATED[test.operator]
    if (test === undefined || operator === undefined || more.length > 0) return []
    // It would not refuse a token without the claim.
    if (test.qualifier === 'foranyvalue') return []
    return isAbout(test, key) ? [{ ...test, operator, qualifier: undefined, ifExists: false }] : []
  })

/** The statements of a policy that refuse tokens of a provider. */
export const refusalsFor = (
  { arn }: ProviderName,
  statements: readonly TrustStatement[],
  policy: unknown,
): readonly TrustStatement[] => {
  const raws = statementsOf(policy)
  return statements.filter((statement) => {
    const { effect, notPrincipal, principals, index } = statement
    if (effect !== 'Deny' || notPrincipal || !takesTokens(statement)) return false
    // `AWS: *` is hardly about tokens: see principal.ts.
    const everybody = Object(raws[index])['Principal'] === '*'
    return everybody || [arn, '*'].some((name) => principals['Federated']?.includes(name) === true)
  })
}
