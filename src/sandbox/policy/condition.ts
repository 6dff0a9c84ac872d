import { BlockList, isIPv6 } from 'node:net'

/** Condition keys of one request, in lower case: their names are compared without case. */
export type RequestContext = Readonly<Record<string, readonly string[]>>

interface Operator {
  /** Whether the request's value meets one value of the policy. */
  readonly meets: (actual: string, wanted: string) => boolean
  /** A negated operator holds when none of the policy's values is met. */
  readonly negated?: true
}

/** `*` and `?` as policies use them; everything else is literal. */
export function matchesPattern(text: string, pattern: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${source.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`, 'u').test(text)
}

const equals = (a: string, b: string): boolean => a === b
const equalsIgnoringCase = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const numeric = (test: (a: number, b: number) => boolean): Operator => ({
  meets: (a, b) => test(Number(a), Number(b)),
})
const not = (meets: Operator['meets']): Operator => ({ meets, negated: true })

/**
 * Operators of reference_policies_elements_condition_operators.html. `Null` is answered apart,
 * and the date operators are not here: nothing on this path uses them.
 */
export const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { meets: equals },
  StringNotEquals: not(equals),
  StringEqualsIgnoreCase: { meets: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: not(equalsIgnoringCase),
  StringLike: { meets: matchesPattern },
  StringNotLike: not(matchesPattern),
  ArnEquals: { meets: matchesPattern },
  ArnNotEquals: not(matchesPattern),
  ArnLike: { meets: matchesPattern },
  ArnNotLike: not(matchesPattern),
  NumericEquals: numeric((a, b) => a === b),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
  IpAddress: { meets: inRange },
  NotIpAddress: not(inRange),
  Bool: { meets: equalsIgnoringCase },
  Null: { meets: equals },
}

/** Whether one `operator: {key: values}` line of a Condition holds. */
export function holds(
  operator: string,
  key: string,
  wanted: readonly string[],
  context: RequestContext,
): boolean {
  const actual = context[key.toLowerCase()]
  if (operator === 'Null') return wanted.includes(String(actual === undefined))
  const [, set, base = '', optional] =
    /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/.exec(operator) ?? []
  const rule = OPERATORS[base]
  if (!rule) return false
  // A key that the request lacks meets the negated forms, IfExists and ForAllValues, nothing else.
  if (!actual) return optional !== undefined || set === 'ForAllValues' || rule.negated === true
  const met = (value: string): boolean =>
    wanted.some((one) => rule.meets(value, one)) !== (rule.negated === true)
  const all = set === 'ForAllValues' || (set === undefined && rule.negated === true)
  return all ? actual.every(met) : actual.some(met)
}

function inRange(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/')
  const family = isIPv6(network) ? 'ipv6' : 'ipv4'
  if (isIPv6(address) !== (family === 'ipv6')) return false
  const list = new BlockList()
  list.addSubnet(network, prefix ? Number(prefix) : family === 'ipv6' ? 128 : 32, family)
  return list.check(address, family)
}
