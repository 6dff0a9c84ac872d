import { isNegated, matchesPattern, type Test } from '../trust-statement.ts'

/** What STS knows of a token by the time it asks a trust policy, as far as it is known here. */
export interface TrustQuestion {
  readonly providerArn: string
  /** The issuer without its scheme, as condition keys name it. */
  readonly claims: string
  readonly subject: string | undefined
  readonly audiences: readonly string[] | undefined
}

/** What a test asks for: the two claims, something no token of ours has, or something else. */
export type KeyKind = 'sub' | 'aud' | 'absent' | 'other'

/** One test of a statement, and whether the token passes it. */
export interface JudgedTest {
  readonly test: Test
  readonly kind: KeyKind
  readonly outcome: Outcome
}

export type Outcome = 'holds' | 'fails' | 'unsure'

/** Whether a token passes a test; `unsure` where only the moment of the call tells. */
export function judgeTest(test: Test, question: TrustQuestion): JudgedTest {
  const kind = kindOfKey(test.key, question.claims)
  return { test, kind, outcome: outcomeOf(test, kind, question) }
}

function outcomeOf(test: Test, kind: KeyKind, { subject, audiences }: TrustQuestion): Outcome {
  switch (kind) {
    case 'absent':
      return judgeAbsent(test)
    case 'other':
      return 'unsure'
    case 'sub':
      return judgePresent(test, subject === undefined ? undefined : [subject])
    case 'aud':
      return judgePresent(test, audiences)
  }
}

/** Claims that IAM knows of an issuer, but a Kubernetes token never carries. */
const OTHER_CLAIMS = ['oaud', 'amr', 'email']

/**
 * Keys of the request itself start with `aws:` or `sts:`. All others name an issuer, so that a token
 * of this one has none of them but its own (IAM user guide, reference_policies_iam-condition-keys.html).
 */
function kindOfKey(written: string, claims: string): KeyKind {
  const key = written.toLowerCase()
  const ours = `${claims.toLowerCase()}:`
  if (key === `${ours}sub`) return 'sub'
  if (key === `${ours}aud`) return 'aud'
  if (OTHER_CLAIMS.some((claim) => key === `${ours}${claim}`)) return 'absent'
  // No parameter of AssumeRoleWithWebIdentity (STS API reference).
  if (key === 'sts:externalid') return 'absent'
  return /^(aws|sts):/.test(key) ? 'other' : 'absent'
}

/** Policy variables stand for what is only known at the call: reference_policies_variables.html. */
const isVariable = (value: string): boolean => value.includes('${')

/**
 * A key that the request lacks passes the negated operators, IfExists and ForAllValues, and nothing
 * else: reference_policies_elements_condition_operators.html and …_condition-single-vs-multi-valued-context-keys.html.
 */
function judgeAbsent(test: Test): Outcome {
  const { operator, qualifier, ifExists, values } = test
  if (operator === 'null') return passes(values.includes('true'))
  if (qualifier === 'foranyvalue') return passes(ifExists)
  return passes(ifExists || qualifier === 'forallvalues' || isNegated(test))
}

function judgePresent(test: Test, actual: readonly string[] | undefined): Outcome {
  const { operator, qualifier, values } = test
  if (operator === 'null') return passes(values.includes('false'))
  const meets = MEETS[operator.replace('not', '')]
  if (actual === undefined || meets === undefined || values.some(isVariable)) return 'unsure'
  const negated = isNegated(test)
  const met = (value: string): boolean => values.some((one) => meets(value, one)) !== negated
  const every = qualifier === 'forallvalues' || (qualifier === undefined && negated)
  return passes(every ? actual.every(met) : actual.some(met))
}

/** The operators for texts; all others make no sense for a subject or an audience. */
const MEETS: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  stringequals: (actual, wanted) => actual === wanted,
  stringequalsignorecase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  stringlike: matchesPattern,
}

const passes = (holds: boolean): Outcome => (holds ? 'holds' : 'fails')
