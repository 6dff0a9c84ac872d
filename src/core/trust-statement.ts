import { isObject } from './jwk.ts'
import { statementsOf } from './policy-document.ts'

/** One test of a statement's conditions: IAM user guide, reference_policies_elements_condition_operators.html. */
export interface Test {
  /** As it was written, such as `ForAllValues:StringLikeIfExists`. */
  readonly written: string
  /** The operator alone, in lower case, such as `stringlike`. */
  readonly operator: string
  readonly qualifier: 'forallvalues' | 'foranyvalue' | undefined
  readonly ifExists: boolean
  /** As it was written; IAM compares keys without case. */
  readonly key: string
  readonly values: readonly string[]
}

/** A statement of a trust policy, taken apart. */
export interface TrustStatement {
  /** Counts from 0 within the policy. */
  readonly index: number
  readonly sid: string | undefined
  readonly effect: string
  /** In lower case. */
  readonly actions: readonly string[]
  /** `NotAction` is used in the place of `Action`. */
  readonly notAction: boolean
  /** By type, such as `Federated`; everybody is `*` of type `AWS`. */
  readonly principals: Readonly<Record<string, readonly string[]>>
  /** `NotPrincipal` is used in the place of `Principal`. */
  readonly notPrincipal: boolean
  readonly tests: readonly Test[]
}

/** The statements of a trust policy; what is no statement is left out. */
export const trustStatementsOf = (policy: unknown): readonly TrustStatement[] =>
  statementsOf(policy).flatMap((statement, index) =>
    isObject(statement) ? [takenApart(statement, index)] : [],
  )

function takenApart(statement: Readonly<Record<string, unknown>>, index: number): TrustStatement {
  const { Sid, Effect, Action, NotAction, Principal, NotPrincipal, Condition } = statement
  return {
    index,
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: String(Effect),
    actions: texts(Action ?? NotAction).map((action) => action.toLowerCase()),
    notAction: Action === undefined && NotAction !== undefined,
    principals: principalsOf(Principal ?? NotPrincipal),
    notPrincipal: Principal === undefined && NotPrincipal !== undefined,
    tests: Object.entries(Object(Condition)).flatMap(([written, keys]) =>
      Object.entries(Object(keys)).map(([key, values]) => testOf(written, key, texts(values))),
    ),
  }
}

function principalsOf(principal: unknown): TrustStatement['principals'] {
  // Both mean everybody (IAM user guide, reference_policies_elements_principal.html).
  if (typeof principal === 'string') return { AWS: [principal] }
  return Object.fromEntries(
    Object.entries(Object(principal)).map(([type, names]) => [type, texts(names)]),
  )
}

function testOf(written: string, key: string, values: readonly string[]): Test {
  const [, qualifier, operator = '', ifExists] =
    /^(?:(forallvalues|foranyvalue):)?(.*?)(ifexists)?$/.exec(written.toLowerCase()) ?? []
  return {
    written,
    operator,
    qualifier: qualifier as Test['qualifier'],
    ifExists: ifExists !== undefined,
    key,
    values,
  }
}

/** What a policy writes as one text or as a list of them. */
export const texts = (value: unknown): readonly string[] =>
  value === undefined ? [] : [value].flat().map((one) => String(one))

/** What tokens are exchanged by: service authorization reference, list_awssecuritytokenservice.html. */
const WEB_IDENTITY = 'sts:assumerolewithwebidentity'

/** Whether a statement is about exchanging tokens. */
export const takesTokens = ({ actions, notAction }: TrustStatement): boolean =>
  actions.some((pattern) => matchesPattern(WEB_IDENTITY, pattern)) !== notAction

/** Whether a statement names everybody there is, whoever vouches for them. */
export const namesEverybody = ({ principals }: Pick<TrustStatement, 'principals'>): boolean =>
  ['AWS', 'Federated'].some((type) => principals[type]?.includes('*') === true)

/** Whether a test is met by whatever is not listed in it. */
export const isNegated = ({ operator }: Pick<Test, 'operator'>): boolean =>
  operator === 'notipaddress' || /^\w+?not/.test(operator)

/**
 * Whether a text matches a pattern of StringLike: `*` is any text and `?` one character, nothing else.
 * No more steps than the two lengths multiplied, whatever somebody put into a policy.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const [from, by] = [[...text], [...pattern]]
  let [at, next, star, again] = [0, 0, -1, 0]
  while (at < from.length) {
    if (by[next] === '*') {
      star = next
      next += 1
      again = at
    } else if (next < by.length && (by[next] === '?' || by[next] === from[at])) {
      at += 1
      next += 1
    } else if (star === -1) {
      return false
    } else {
      // The last star takes one character more.
      next = star + 1
      again += 1
      at = again
    }
  }
  return by.slice(next).every((one) => one === '*')
}
