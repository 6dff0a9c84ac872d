import { countActions, type Action, type Change } from '../core/change.ts'
import type { Theme } from './theme.ts'

const SIGNS: Readonly<Record<Action, string>> = { create: '+', update: '~', delete: '-', none: '=' }

/** A plan for people: one line per resource, then what it adds up to. */
export function planView(changes: readonly Change[], theme: Theme): string {
  const width = Math.max(...changes.map(({ resource }) => resource.length))
  const lines = changes.flatMap((change) => [
    lineOf(change, width, theme),
    ...(change.notes ?? []).map((note) => `    ${' '.repeat(width)}  ${theme.warn(`! ${note}`)}`),
  ])
  return [...lines, '', `  ${summary(changes)}`].join('\n')
}

function lineOf({ action, resource, id, detail }: Change, width: number, theme: Theme): string {
  const paint = { create: theme.good, update: theme.warn, delete: theme.bad, none: theme.dim }[
    action
  ]
  const words = detail === undefined || detail === '' ? '' : `  ${theme.dim(detail)}`
  return `  ${paint(SIGNS[action])} ${resource.padEnd(width)}  ${action === 'none' ? theme.dim(id) : id}${words}`
}

/** `2 to create, 0 to change, 0 to delete, 5 already right` */
export function summary(changes: readonly Change[]): string {
  const { create, update, delete: gone, none } = countActions(changes)
  return `${create} to create, ${update} to change, ${gone} to delete, ${none} already right`
}
