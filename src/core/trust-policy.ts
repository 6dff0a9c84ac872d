import { type Issuer, withoutScheme } from './issuer.ts'
import { isObject } from './jwk.ts'
import { canonicalStatement, statementsOf, type Statement } from './policy-document.ts'
import { subjectOf } from './service-account.ts'
import type { Subject } from './subject.ts'

const ASSUME = 'sts:AssumeRoleWithWebIdentity'

export interface Trust {
  readonly providerArn: string
  readonly issuer: Issuer
  readonly subjects: readonly Subject[]
  readonly audiences: readonly string[]
}

/**
 * The trust policy that lets these service accounts assume a role, and nobody else: `aud` and `sub`
 * both, since without either every token of the cluster, or every token for another audience, would do.
 */
export const trustPolicy = (trust: Trust) => ({
  Version: '2012-10-17',
  Statement: trustStatements(trust),
})

/**
 * Service accounts and wildcards each have a statement, since only the operator StringLike takes
 * wildcards, and all operators of one statement would have to agree. Condition keys name the issuer
 * without its scheme (IAM user guide, reference_policies_iam-condition-keys.html).
 */
export function trustStatements({ providerArn, issuer, subjects, audiences }: Trust): Statement[] {
  const [aud, sub] = ['aud', 'sub'].map((claim) => `${withoutScheme(issuer)}:${claim}`) as [
    string,
    string,
  ]
  const allow = (Condition: object): Statement => ({
    Effect: 'Allow',
    Principal: { Federated: providerArn },
    Action: ASSUME,
    Condition,
  })
  const [exact, like] = [false, true].map((wanted) =>
    subjects.filter(({ wildcard }) => wildcard === wanted).map(subjectOf),
  ) as [string[], string[]]
  const audience = { [aud]: oneOrMore(audiences) }
  return [
    ...(exact.length > 0
      ? [allow({ StringEquals: { ...audience, [sub]: oneOrMore(exact) } })]
      : []),
    ...(like.length > 0
      ? [allow({ StringEquals: audience, StringLike: { [sub]: oneOrMore(like) } })]
      : []),
  ]
}

/** Each once, in one order, and a lone one without a list, as IAM gives it back. */
function oneOrMore(values: readonly string[]): string | readonly string[] {
  const each = [...new Set(values)].toSorted()
  return each.length === 1 ? (each[0] as string) : each
}

/** Whose statements are meant: those that let in whoever this provider speaks for. */
export type Mine = Pick<Trust, 'providerArn' | 'issuer'>

/**
 * A statement of ours: it has the shape of those that irsa writes, and so nothing that would be lost
 * when another takes its place. One that says more, with other actions or conditions, is of others.
 */
export function isOurStatement(statement: unknown, { providerArn, issuer }: Mine): boolean {
  if (!isObject(statement)) return false
  const { Sid: _, Condition = {}, ...rest } = statement
  const shape = { Effect: 'Allow', Principal: { Federated: providerArn }, Action: ASSUME }
  if (canonicalStatement(rest) !== canonicalStatement(shape) || !isObject(Condition)) return false
  const claims = withoutScheme(issuer).toLowerCase()
  const keys = new Set([`${claims}:aud`, `${claims}:sub`])
  return Object.entries(Condition).every(
    ([operator, tests]) =>
      /^String(Equals|Like)$/i.test(operator) &&
      isObject(tests) &&
      Object.keys(tests).every((key) => keys.has(key.toLowerCase())),
  )
}

/**
 * A trust policy with our statements set to the wish, where the first of them stood; those of others
 * stay as they are, in their order. Undefined when it says so already.
 */
export function withTrust(
  policy: unknown,
  mine: Mine,
  wish: readonly Statement[],
): object | undefined {
  if (ourMeaning(policy, mine) === meaningOf(wish)) return undefined
  const now = statementsOf(policy)
  const first = now.findIndex((statement) => isOurStatement(statement, mine))
  const others = now.filter((statement) => !isOurStatement(statement, mine))
  const before = first === -1 ? others.length : first
  return {
    Version: '2012-10-17',
    ...(policy as object),
    Statement: [...others.slice(0, before), ...wish, ...others.slice(before)],
  }
}

/** What our statements of a trust policy say, in the one form that all their spellings share. */
export const ourMeaning = (policy: unknown, mine: Mine): string =>
  meaningOf(statementsOf(policy).filter((statement) => isOurStatement(statement, mine)))

const meaningOf = (statements: readonly unknown[]): string =>
  statements.map(withoutSid).map(canonicalStatement).toSorted().join()

/** A label changes nothing. */
const withoutSid = (statement: unknown): unknown => ({ ...Object(statement), Sid: undefined })

/** The subject of a statement that names none. */
const EVERYBODY = 'system:serviceaccount:*:*'

/** The subjects that our statements of a trust policy let in now. */
export function trustedSubjects(policy: unknown, mine: Mine): readonly string[] {
  const ours = statementsOf(policy).filter((statement) => isOurStatement(statement, mine))
  return ours.flatMap((statement) => {
    const tests = Object.values(Object((statement as Statement)['Condition']))
    const subjects = tests
      .flatMap((test) => Object.entries(Object(test)))
      .flatMap(([key, value]) => (/:sub$/i.test(key) ? [value].flat().map(String) : []))
    return subjects.length === 0 ? [EVERYBODY] : subjects
  })
}

/**
 * What is left of a trust policy without our statements; undefined when it has none. Where they were
 * the only ones nobody is let in any more, which has to be said by a refusal: IAM takes no empty one.
 */
export function withoutTrust(
  policy: unknown,
  mine: Mine,
): { readonly policy: object; readonly nobody: boolean } | undefined {
  const rest = withTrust(policy, mine, [])
  if (rest === undefined) return undefined
  const nobody = statementsOf(rest).length === 0
  return { policy: nobody ? { ...rest, Statement: [NOBODY] } : rest, nobody }
}

/** What says that nobody is let in. */
export const NOBODY: Statement = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 'sts:AssumeRole',
}
