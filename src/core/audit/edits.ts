import { isObject } from '../jwk.ts'
import { type Statement, statementsOf } from '../policy-document.ts'
import type { Test } from '../trust-statement.ts'
import { asCompared } from './bounds.ts'
import { NOBODY } from '../trust-policy.ts'

/** A change to one statement as it was written; undefined takes it out. What it is not about stays. */
export type Edit = (statement: Statement) => Statement | undefined

/** An edit, and the statement it is for, counted from 0. */
export interface Mend {
  readonly statement: number
  readonly edit: Edit
}

/**
 * A trust policy after these edits, in their order; undefined where they come to nothing. Where no
 * statement is left nobody is let in, which has to be said by a refusal: IAM takes no empty policy.
 */
export function mended(policy: unknown, mends: readonly Mend[]): object | undefined {
  if (mends.length === 0 || !isObject(policy)) return undefined
  const left = statementsOf(policy).flatMap((statement, index) => {
    const edits = mends.filter((mend) => mend.statement === index)
    const edited = edits.reduce<unknown>(
      (now, { edit }) => (isObject(now) ? edit(now) : now),
      statement,
    )
    return edited === undefined ? [] : [edited]
  })
  const lone = left.length === 1 && !Array.isArray(policy['Statement'])
  const changed = { ...policy, Statement: left.length === 0 ? [NOBODY] : lone ? left[0] : left }
  return JSON.stringify(changed) === JSON.stringify(policy) ? undefined : changed
}

type Tests = Readonly<Record<string, unknown>>
type Conditions = Readonly<Record<string, Tests>>

const conditionsOf = ({ Condition }: Statement): Conditions => Object(Condition) as Conditions

function withConditions(statement: Statement, conditions: Conditions): Statement {
  const { Condition: _, ...rest } = statement
  const kept = Object.entries(conditions).filter(([, tests]) => Object.keys(tests).length > 0)
  return kept.length === 0 ? rest : { ...statement, Condition: Object.fromEntries(kept) }
}

/** The name by which an operator or a key stands in an object already, whatever its case. */
const nameIn = (object: Readonly<Record<string, unknown>>, name: string): string =>
  Object.keys(object).find((one) => one.toLowerCase() === name.toLowerCase()) ?? name

const valuesIn = (value: unknown): string[] => [value].flat().map(String)

const oneOrMore = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] as string) : values

function withoutTest(statement: Statement, { written, key }: Test): Statement {
  const conditions = conditionsOf(statement)
  const { [key]: _, ...tests } = conditions[written] ?? {}
  return withConditions(statement, { ...conditions, [written]: tests })
}

/**
 * Also tests a key for these values. Where the operator tests it already only what both let in, and
 * nothing is changed where that cannot be said by values alone.
 */
export const testing =
  (operator: string, key: string, values: readonly string[]): Edit =>
  (statement) =>
    alsoTesting(statement, operator, key, values) ?? statement

function alsoTesting(
  statement: Statement,
  operator: string,
  key: string,
  values: readonly string[],
): Statement | undefined {
  const conditions = conditionsOf(statement)
  const name = nameIn(conditions, operator)
  const tests = conditions[name] ?? {}
  const at = nameIn(tests, key)
  const both = tests[at] === undefined ? values : metByBoth(operator, [values, valuesIn(tests[at])])
  if (both.length === 0) return undefined
  return withConditions(statement, { ...conditions, [name]: { ...tests, [at]: oneOrMore(both) } })
}

/**
 * The values that meet several tests by one operator, since all tests of a statement have to be met,
 * and a claim is one value. Empty where none do, or where nobody can tell: the values of other
 * operators are patterns, or have several spellings.
 */
export function metByBoth(
  operator: string,
  [first = [], ...others]: readonly (readonly string[])[],
): readonly string[] {
  if (operator.toLowerCase() !== 'stringequals') return []
  return first.filter((value) => others.every((values) => values.includes(value)))
}

/** Whether a statement tests a key with an operator already. */
export function hasTest(statement: Statement, operator: string, key: string): boolean {
  const conditions = conditionsOf(statement)
  const tests = conditions[nameIn(conditions, operator)] ?? {}
  return nameIn(tests, key) in tests
}

/** What takes the place of a test; what is not said stays as it is. */
interface Replacement {
  readonly operator?: string
  readonly key?: string
  readonly values?: readonly string[]
}

/** Puts another operator, key or values in the place of a test, where it is still there. */
export const replacing =
  (test: Test, { operator = test.written, key = test.key, values }: Replacement): Edit =>
  (statement) => {
    const now = conditionsOf(statement)[test.written]?.[test.key]
    if (now === undefined) return statement
    const rest = withoutTest(statement, test)
    return alsoTesting(rest, operator, key, values ?? valuesIn(now)) ?? statement
  }

/** Takes values out of these tests. A test that has none left lets nobody in, nor does its statement. */
export const withoutValues =
  (tests: readonly Test[], gone: readonly string[]): Edit =>
  (statement) =>
    tests.reduce<Statement | undefined>((now, test) => {
      const values = test.values.filter((value) => !gone.includes(asCompared(test, value)))
      if (now === undefined || values.length === test.values.length) return now
      return values.length === 0 ? undefined : replacing(test, { values })(now)
    }, statement)

/** Lets in the tokens of one provider, and nobody else. */
export const trusting =
  (providerArn: string): Edit =>
  (statement) =>
    Object.fromEntries(
      Object.entries(statement).map(([name, value]) =>
        /^(Not)?Principal$/.test(name) ? ['Principal', { Federated: providerArn }] : [name, value],
      ),
    )

/** Allows these actions, and no others. */
export const acting =
  (action: string): Edit =>
  (statement) => ({ ...statement, Action: action })

/** Names another provider, or none, in the place of one. */
export const renamingProvider =
  (from: string, to: string | undefined): Edit =>
  (statement) => {
    const principal = Object(statement['Principal']) as Readonly<Record<string, unknown>>
    const now = valuesIn(principal['Federated'])
    // Everybody, and everybody but a few, name nobody.
    if (!now.includes(from)) return statement
    const names = now.flatMap((name) => (name === from ? (to ?? []) : [name]))
    const { Federated: _, ...others } = principal
    const Principal = names.length === 0 ? others : { ...principal, Federated: oneOrMore(names) }
    return Object.keys(Principal).length === 0 ? undefined : { ...statement, Principal }
  }
