import type { LinkChange } from '../core/verify/changes.ts'
import { secondOf } from '../core/times.ts'
import type { Link } from '../core/verify/link.ts'
import { visibleLine } from '../core/visible.ts'
import { remedyView } from './finding-view.ts'
import type { Surface } from './report.ts'
import type { Theme } from './theme.ts'
import { wrap } from './wrap.ts'

const INDENT = '  '

/** What became of links, a line each, with what mends those that are broken now. */
export const changesView = (at: Date, changes: readonly LinkChange[], surface: Surface): string =>
  changes.flatMap((change) => linesOf(at, change, surface)).join('\n')

function linesOf(at: Date, { before, after }: LinkChange, surface: Surface): string[] {
  const { theme, screen } = surface
  const start = `${secondOf(at)} ${after.id} ${before.status} ${theme.symbols.arrow} `
  // In one word, since it is one: wherever the line is broken, it is after that.
  const head = `${start}${after.status}`
  const room = screen.isTerminal ? screen.width - INDENT.length : Infinity
  const [first = '', ...rest] = wrap(
    `${'_'.repeat(head.length)}  ${visibleLine(after.summary)}`,
    room,
  )
  return [
    theme.dim(start) + paintOf(after, theme)(after.status) + first.slice(head.length),
    ...rest.map((line) => `${INDENT}${line}`),
    ...after.findings
      .filter(({ severity }) => severity !== 'info')
      .flatMap((finding) => remedyView(finding, surface)),
  ]
}

function paintOf({ status }: Link, theme: Theme): (text: string) => string {
  const paints = { pass: theme.good, warn: theme.warn, fail: theme.bad, skip: theme.dim }
  return paints[status]
}
