import { BlockList, isIPv6 } from 'node:net'

/** Condition keys of one request, in lower case: their names are compared without case. */
export type RequestContext = Readonly<Record<string, readonly string[]>>

interface Operator {
  /** Whether the request's value meets one value of the policy. */
  readonly meets: (actual: string, wanted: string) => boolean
  /** A negated operator holds when none of the policy's values is met. */
  readonly negated?: true
}

/** The keys of every request that tell its time: reference_policies_condition-keys.html. */
export const timeContext = (at: Date): RequestContext => ({
  'aws:currenttime': [at.toISOString()],
  'aws:epochtime': [String(Math.floor(at.getTime() / 1000))],
})

/** `*` and `?` as policies use them; everything else is literal. */
export function matchesPattern(text: string, pattern: string): boolean {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${source.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`, 'u').test(text)
}

const equals = (a: string, b: string): boolean => a === b
const equalsIgnoringCase = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
const not = (meets: Operator['meets']): Operator => ({ meets, negated: true })

const compared =
  (read: (text: string) => number) =>
  (test: (a: number, b: number) => boolean): Operator => ({
    meets: (a, b) => test(read(a), read(b)),
  })
const numeric = compared(Number)
const date = compared(momentOf)
const same = (a: number, b: number): boolean => a === b

/** Operators of reference_policies_elements_condition_operators.html; `Null` is answered apart. */
const OPERATORS: Readonly<Record<string, Operator>> = {
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
  NumericEquals: numeric(same),
  NumericNotEquals: not(numeric(same).meets),
  NumericLessThan: numeric((a, b) => a < b),
  NumericLessThanEquals: numeric((a, b) => a <= b),
  NumericGreaterThan: numeric((a, b) => a > b),
  NumericGreaterThanEquals: numeric((a, b) => a >= b),
  DateEquals: date(same),
  DateNotEquals: not(date(same).meets),
  DateLessThan: date((a, b) => a < b),
  DateLessThanEquals: date((a, b) => a <= b),
  DateGreaterThan: date((a, b) => a > b),
  DateGreaterThanEquals: date((a, b) => a >= b),
  BinaryEquals: { meets: equals },
  IpAddress: { meets: inRange },
  NotIpAddress: not(inRange),
  Bool: { meets: equalsIgnoringCase },
}

const SPELLING = /^(?:(ForAnyValue|ForAllValues):)?(.*?)(IfExists)?$/

/** Whether a Condition may use this operator: `Null` asks about existence itself, so no IfExists. */
export function takesOperator(operator: string): boolean {
  const [, , base = '', optional] = SPELLING.exec(operator) ?? []
  return base === 'Null' ? optional === undefined : Object.hasOwn(OPERATORS, base)
}

/** Whether one `operator: {key: values}` line of a Condition holds. */
export function holds(
  operator: string,
  key: string,
  wanted: readonly string[],
  context: RequestContext,
): boolean {
  const actual = context[key.toLowerCase()]
  const [, set, base = '', optional] = SPELLING.exec(operator) ?? []
  if (base === 'Null') return wanted.includes(String(actual === undefined))
  const rule = OPERATORS[base]
  if (!rule) return false
  const negated = rule.negated === true
  const all = set === 'ForAllValues' || (set === undefined && negated)
  // A key that the request lacks meets the negated forms, IfExists and ForAllValues, nothing else.
  if (!actual) return optional !== undefined || all
  const met = (value: string): boolean => wanted.some((one) => rule.meets(value, one)) !== negated
  return all ? actual.every(met) : actual.some(met)
}

/** ISO 8601, or seconds since 1970. */
function momentOf(text: string): number {
  return /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text)
}

function inRange(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/')
  const family = isIPv6(network) ? 'ipv6' : 'ipv4'
  if (isIPv6(address) !== (family === 'ipv6')) return false
  const list = new BlockList()
  list.addSubnet(network, prefix ? Number(prefix) : family === 'ipv6' ? 128 : 32, family)
  return list.check(address, family)
}
