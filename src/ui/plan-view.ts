import { countActions, type Action, type Change } from '../core/change.ts'
import { visibleLine } from '../core/visible.ts'
import type { Theme } from './theme.ts'

const SIGNS: Readonly<Record<Action, string>> = { create: '+', update: '~', delete: '-', none: '=' }

/**
 * A plan for people: one line per resource, then what it adds up to. Where a line would not fit into
 * `columns`, its last part goes below.
 */
export function planView(changes: readonly Change[], theme: Theme, columns: number): string {
  const width = Math.max(...changes.map(({ resource }) => resource.length))
  const indent = ' '.repeat(width + 6)
  const lines = withoutCrowds(changes).flatMap((change) => [
    lineOf(change, { width, indent, columns }, theme),
    ...remarksOn(change).map((remark) => `${indent}${theme.warn(`! ${visibleLine(remark)}`)}`),
  ])
  return [...lines, '', `  ${summary(changes)}`].join('\n')
}

/** From so many on, those of a kind that need nothing are counted instead of listed. */
const CROWD = 10

/** Puts one line in the place of many of a kind of which there is nothing to say. */
function withoutCrowds(changes: readonly Change[]): readonly Change[] {
  const isQuiet = ({ action, notes, kept, unreadable }: Change): boolean =>
    action === 'none' && !notes?.length && kept === undefined && unreadable === undefined
  const crowdOf = (kind: Change['resource']): number =>
    changes.filter((change) => change.resource === kind && isQuiet(change)).length
  const counted = new Set<Change['resource']>()
  return changes.flatMap((change) => {
    const { resource } = change
    const crowd = isQuiet(change) ? crowdOf(resource) : 0
    if (crowd < CROWD) return [change]
    if (counted.has(resource)) return []
    counted.add(resource)
    return [{ action: 'none', resource, id: `${crowd} of them need nothing` }]
  })
}

const remarksOn = ({ notes = [], removesKeys = [] }: Change): readonly string[] => [
  ...notes,
  ...removesKeys.map((kid) => `removes the key ${kid}: tokens signed with it stop working`),
]

interface Column {
  readonly width: number
  readonly indent: string
  readonly columns: number
}

function lineOf(
  { action, resource, unreadable, ...change }: Change,
  { width, indent, columns }: Column,
  theme: Theme,
): string {
  const [id, detail] = [change.id, change.detail ?? ''].map(visibleLine) as [string, string]
  const paint = { create: theme.good, update: theme.warn, delete: theme.bad, none: theme.dim }[
    action
  ]
  const sign = unreadable === true ? theme.bad('!') : paint(SIGNS[action])
  const line = `  ${sign} ${resource.padEnd(width)}  ${action === 'none' ? theme.dim(id) : id}`
  if (detail === '') return line
  const fits = indent.length + id.length + 2 + detail.length <= columns
  return `${line}${fits ? '  ' : `\n${indent}`}${theme.dim(detail)}`
}

/** `2 to create, 0 to change, 0 to delete, 5 already right`, or `… 1 stays as it is` of a removal. */
export function summary(changes: readonly Change[]): string {
  const unreadable = changes.filter((change) => change.unreadable === true).length
  const { create, update, delete: gone, none } = countActions(changes)
  const idle = none - unreadable
  const rest =
    gone > 0
      ? `${idle} ${idle === 1 ? 'stays as it is' : 'stay as they are'}`
      : `${idle} already right`
  return [
    `${create} to create, ${update} to change, ${gone} to delete, ${rest}`,
    ...(unreadable > 0 ? [`${unreadable} could not be looked at`] : []),
  ].join(', ')
}
