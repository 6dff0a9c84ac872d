import type { Finding, Remedy, Severity } from '../core/verify/finding.ts'
import { isTypeable, visible, visibleLine } from '../core/visible.ts'
import { markOf } from './chain-view.ts'
import type { Surface } from './report.ts'
import { wrap, wrapLines } from './wrap.ts'

const INDENT = '  '
const LABEL = 6
const WIDEST = 100

const STATUS_OF = { high: 'fail', medium: 'warn', low: 'warn', info: 'pass' } as const

/** How many columns there are for words; lines of a pipe are broken by nobody. */
export const roomOf = ({ screen }: Surface, indent = INDENT.length + LABEL): number =>
  screen.isTerminal ? Math.min(screen.width, WIDEST) - indent : Infinity

/** A mark on a terminal, a word elsewhere. */
const signOf = (severity: Severity, { screen, theme }: Surface): string =>
  screen.isTerminal ? markOf(STATUS_OF[severity], theme) : STATUS_OF[severity]

/** A finding for people: what was seen where, why that breaks the chain, and what mends it. */
export function findingView(link: string, finding: Finding, surface: Surface): string {
  const { theme } = surface
  const [head = '', ...rest] = wrap(
    `${link}: ${visibleLine(finding.summary)}`,
    roomOf(surface, INDENT.length),
  )
  return [
    `${signOf(finding.severity, surface)} ${theme.strong(head)}`,
    ...rest.map((line) => `${INDENT}${theme.strong(line)}`),
    '',
    ...part('why', wrapLines(visible(finding.why), roomOf(surface)), surface),
    ...remedyView(finding, surface),
    '',
    `${INDENT}${theme.dim(`${finding.id}, ${finding.severity}`)}`,
  ].join('\n')
}

/** The command on a line of its own, which nothing breaks: it is there to be copied. */
export function remedyView({ fix, ...remedy }: Remedy, surface: Surface): string[] {
  const { theme } = surface
  const command = remedy.command && isTypeable(remedy.command) ? remedy.command : undefined
  const text = visible(fix)
  const words = wrapLines(
    command === undefined ? text : text.replace(/[.:]?$/, ':'),
    roomOf(surface),
  )
  return [
    ...part('fix', words, surface),
    ...(command === undefined ? [] : part('', [theme.command(command)], surface)),
  ]
}

/** Labelled lines; none where there is nothing to say. */
export const part = (label: string, lines: readonly string[], { theme }: Surface): string[] =>
  lines.join('') === ''
    ? []
    : lines.map(
        (line, index) => `${INDENT}${theme.dim((index === 0 ? label : '').padEnd(LABEL))}${line}`,
      )
