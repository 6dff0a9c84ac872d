import { isObject } from './jwk.ts'

/** A statement of a policy, as it was written: IAM user guide, reference_policies_grammar.html. */
export type Statement = Readonly<Record<string, unknown>>

export interface PolicyDocument {
  readonly Statement: Statement | readonly Statement[]
  readonly [member: string]: unknown
}

/** The statements of a policy; the grammar allows a lone one without a list around it. */
export function statementsOf(policy: unknown): readonly unknown[] {
  const statement = isObject(policy) ? policy['Statement'] : undefined
  if (statement === undefined) return []
  return Array.isArray(statement) ? statement : [statement]
}

/** IAM user guide, reference_iam-quotas.html: white space is not counted. */
export const policySize = (policy: unknown): number =>
  JSON.stringify(policy).replace(/\s/g, '').length

/** Members whose values are a set, and can do without a list around a lone one. */
const SETS = new Set(['Action', 'NotAction', 'Resource', 'NotResource'])
const ACTIONS = new Set(['Action', 'NotAction'])

/**
 * Whether two policies say the same. IAM keeps the text, but people and consoles write it in several
 * ways: another order of members and values, lone values in a list or without.
 */
export function samePolicy(one: unknown, other: unknown): boolean {
  return canonicalPolicy(one) === canonicalPolicy(other)
}

function canonicalPolicy(policy: unknown): string {
  // Without "Version" AWS reads a policy by the rules of 2008.
  const version = (isObject(policy) && policy['Version']) || '2008-10-17'
  return JSON.stringify([version, ...statementsOf(policy).map(canonicalStatement)])
}

/** A statement in the one form that all its spellings share. */
export function canonicalStatement(statement: unknown): string {
  if (!isObject(statement)) return JSON.stringify(statement)
  const members = Object.entries(statement)
    .filter(([, value]) => value !== undefined && value !== '' && !isEmpty(value))
    .map(([name, value]) => [name, canonicalMember(name, value)])
  return JSON.stringify(sortedByName(members as [string, unknown][]))
}

function canonicalMember(name: string, value: unknown): unknown {
  if (ACTIONS.has(name))
    return texts(value)
      .map((text) => text.toLowerCase())
      .toSorted()
  if (SETS.has(name)) return texts(value)
  if (name === 'Condition') return byLowerCase(value, (tests) => byLowerCase(tests, texts))
  if (name !== 'Principal' && name !== 'NotPrincipal') return value
  // Both mean everybody (IAM user guide, reference_policies_elements_principal.html).
  const principal = value === '*' ? { AWS: '*' } : value
  return isObject(principal)
    ? sortedByName(Object.entries(principal).map(([type, names]) => [type, texts(names)]))
    : principal
}

/** Operators and condition keys know no case. */
function byLowerCase(value: unknown, inner: (value: unknown) => unknown): unknown {
  if (!isObject(value)) return value
  return sortedByName(
    Object.entries(value).map(([name, more]) => [name.toLowerCase(), inner(more)]),
  )
}

const sortedByName = (entries: readonly [string, unknown][]): readonly [string, unknown][] =>
  entries.toSorted(([one], [other]) => (one < other ? -1 : 1))

const texts = (value: unknown): string[] => [...new Set([value].flat().map(String))].toSorted()

const isEmpty = (value: unknown): boolean => isObject(value) && Object.keys(value).length === 0
