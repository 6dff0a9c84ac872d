import {
  isNegated,
  namesEverybody,
  takesTokens,
  type TrustStatement,
  trustStatementsOf,
} from '../trust-statement.ts'
import { type JudgedTest, judgeTest, type TrustQuestion } from './trust-test.ts'

/** A statement of a trust policy, held against a token. */
export interface JudgedStatement {
  readonly statement: TrustStatement
  /** It is about the provider. */
  readonly names: boolean
  /** It is about exchanging tokens. */
  readonly acts: boolean
  readonly tests: readonly JudgedTest[]
  /** Whether its effect is on this token. */
  readonly outcome: 'holds' | 'fails' | 'unsure'
}

/** What a trust policy says to a token. */
export interface JudgedTrust {
  readonly answer: 'lets-in' | 'refuses' | 'unsure'
  readonly allows: readonly JudgedStatement[]
  /** Those that keep the token out, or may. */
  readonly denies: readonly JudgedStatement[]
  /** Of those that do not let it in, the one that is closest to doing so. */
  readonly nearest: JudgedStatement | undefined
}

/**
 * Whether a trust policy lets a token in, as IAM would decide: a Deny wins, then an Allow counts, and
 * else nobody is let in (IAM user guide, reference_policies_evaluation-logic.html).
 */
export function judgeTrust(policy: unknown, question: TrustQuestion): JudgedTrust {
  const judged = trustStatementsOf(policy).map((one) => judgeStatement(one, question))
  const allows = judged.filter(({ statement }) => statement.effect === 'Allow')
  const denies = judged.filter(
    ({ statement, outcome }) => statement.effect === 'Deny' && outcome !== 'fails',
  )
  return { answer: answerOf(allows, denies), allows, denies, nearest: nearestOf(allows) }
}

function answerOf(
  allows: readonly JudgedStatement[],
  denies: readonly JudgedStatement[],
): JudgedTrust['answer'] {
  if (denies.some(({ outcome }) => outcome === 'holds')) return 'refuses'
  const some = new Set(allows.map(({ outcome }) => outcome))
  if (!some.has('holds')) return some.has('unsure') ? 'unsure' : 'refuses'
  return denies.length > 0 ? 'unsure' : 'lets-in'
}

function judgeStatement(statement: TrustStatement, question: TrustQuestion): JudgedStatement {
  const names = namesProvider(statement, question.providerArn)
  const about = { names, acts: takesTokens(statement) }
  const tests = statement.tests.map((test) => judgeTest(test, question))
  return { statement, ...about, tests, outcome: outcomeOf(about, tests) }
}

function outcomeOf(
  { names, acts }: Pick<JudgedStatement, 'names' | 'acts'>,
  tests: readonly JudgedTest[],
): JudgedStatement['outcome'] {
  if (!names || !acts || tests.some(({ outcome }) => outcome === 'fails')) return 'fails'
  return tests.some(({ outcome }) => outcome === 'unsure') ? 'unsure' : 'holds'
}

/** `*` is everybody, whoever vouches for them. */
function namesProvider({ principals, notPrincipal }: TrustStatement, arn: string): boolean {
  const federated = principals['Federated'] ?? []
  return (federated.includes(arn) || namesEverybody({ principals })) !== notPrincipal
}

/** Whether a statement bounds a claim, in whatever way, but for naming a few that are not meant. */
export const bounds = ({ tests }: JudgedStatement, kind: 'sub' | 'aud'): boolean =>
  tests.some(({ kind: about, test }) => about === kind && !isNegated(test) && asksForValue(test))

const asksForValue = ({ operator }: { readonly operator: string }): boolean => operator !== 'null'

/** Whether a statement lets in some tokens of the provider, if not this one. */
export const letsSomeIn = ({ names, acts, tests }: JudgedStatement): boolean =>
  names && acts && tests.every(({ kind, outcome }) => kind !== 'absent' || outcome === 'holds')

function nearestOf(allows: readonly JudgedStatement[]): JudgedStatement | undefined {
  const misses = allows.filter(({ outcome }) => outcome === 'fails')
  return misses.toSorted((one, other) => distance(one) - distance(other))[0]
}

/** A wrong provider or action is further off than a test; no provider at all the furthest. */
function distance({ statement, names, acts, tests }: JudgedStatement): number {
  const failed = tests.filter(({ outcome }) => outcome === 'fails').length
  const stranger = !names && !namesSomeProvider(statement) ? 16 : 0
  return stranger + (names ? 0 : 4) + (acts ? 0 : 4) + failed
}

/** Whether it is about an OIDC provider at all. */
export const namesSomeProvider = ({ principals }: TrustStatement): boolean =>
  (principals['Federated'] ?? []).some((one) => /oidc-provider\//.test(one))
