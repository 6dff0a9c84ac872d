import { integer } from '../query/form.ts'

/** IAM API reference, `MaxItems` and `Marker` of the List actions. */
const SIZE = [1, 1000, 100] as const

/** The page of a list that a request asks for, in the order of its keys. */
export function pageOf<T>(entries: readonly (readonly [string, T])[], form: URLSearchParams) {
  const after = Buffer.from(form.get('Marker') ?? '', 'base64url').toString()
  const rest = entries.filter(([key]) => key > after).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const page = rest.slice(0, integer(form, 'MaxItems', SIZE))
  const truncated = rest.length > page.length
  return {
    page,
    IsTruncated: truncated,
    Marker: truncated ? Buffer.from(page.at(-1)?.[0] ?? '').toString('base64url') : undefined,
  }
}
