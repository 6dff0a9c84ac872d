import { validationError, type AwsError } from '../errors.ts'
import type { Call } from '../http/call.ts'

/** The parameters of an AWS query request: the form in its body, or else in the URL. */
export function formOf(call: Call): URLSearchParams {
  const form = call.headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(call.body.toString('utf8'))
    : new URLSearchParams()
  for (const [name, value] of call.query) if (!form.has(name)) form.append(name, value)
  return form
}

/** A list, `<name>.member.1`, `.2`, …; `undefined` where the request does not name it at all. */
export function listOf(form: URLSearchParams, name: string): string[] | undefined {
  const values: string[] = []
  for (let n = 1; form.has(`${name}.member.${n}`); n += 1) {
    values.push(form.get(`${name}.member.${n}`) ?? '')
  }
  return values.length > 0 || form.has(name) || form.has(`${name}.member`) ? values : undefined
}

/** A parameter that must be there. @throws AwsError `ValidationError` */
export const required = (form: URLSearchParams, name: string): string =>
  form.get(name) ?? absent(name)

/** A list that must be there, though it may be empty. @throws AwsError `ValidationError` */
export const requiredList = (form: URLSearchParams, name: string): string[] =>
  listOf(form, name) ?? absent(name)

function absent(name: string): never {
  throw constraint(name, 'Member must not be null', 'null')
}

/** A number within limits, or its default. @throws AwsError `ValidationError` */
export function integer(
  form: URLSearchParams,
  name: string,
  [least, most, otherwise]: readonly [least: number, most: number, otherwise: number],
): number {
  const text = form.get(name)
  if (text === null) return otherwise
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  const [bound, relation] = value > most ? [most, 'less'] : [least, 'greater']
  throw constraint(name, `Member must have value ${relation} than or equal to ${bound}`, text)
}

/** A text within limits of length, and of the pattern if one is given. */
export function text(
  form: URLSearchParams,
  name: string,
  [least, most, pattern]: readonly [least: number, most: number, pattern?: RegExp],
): string {
  const value = required(form, name)
  if (value.length < least) {
    throw constraint(name, `Member must have length greater than or equal to ${least}`, value)
  }
  if (value.length > most) {
    throw constraint(name, `Member must have length less than or equal to ${most}`, value)
  }
  if (pattern && !pattern.test(value)) {
    throw constraint(
      name,
      `Member must satisfy regular expression pattern: ${pattern.source}`,
      value,
    )
  }
  return value
}

/** How IAM and STS word a request that does not fit their model. */
export function constraint(name: string, rule: string, value: string): AwsError {
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  return validationError(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  )
}
