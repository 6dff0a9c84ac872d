import type { Link, Verification } from './link.ts'

/** A link that is not what it was when it was last looked at. */
export interface LinkChange {
  readonly before: Link
  readonly after: Link
}

/**
 * The links whose status is another one, or with which something else is wrong. Summaries do not
 * count: they may hold times.
 */
export const changesBetween = (before: Verification, after: Verification): readonly LinkChange[] =>
  after.links.flatMap((link, index) => {
    const last = before.links[index]
    return last === undefined || stateOf(last) === stateOf(link)
      ? []
      : [{ before: last, after: link }]
  })

const stateOf = ({ status, findings }: Link): string =>
  [status, ...findings.flatMap(({ id, severity }) => (severity === 'info' ? [] : [id]))].join(' ')
