import { visibleLine } from '../core/visible.ts'
import type { Screen } from './terminal.ts'
import type { Theme } from './theme.ts'
import { wrap } from './wrap.ts'

/** One link of the chain from a pod to its credentials. */
export interface ChainLink {
  readonly id: string
  readonly status: 'pass' | 'warn' | 'fail' | 'skip'
  readonly summary: string
}

type Arrows = Readonly<Record<ChainLink['status'], string>>

/** How the way leads on to a link, and how it leads past it. */
interface Way {
  readonly arrows: Arrows
  readonly past: string
}

const UNICODE: Readonly<Record<'tee' | 'end', Way>> = {
  tee: { arrows: { pass: '├─▶', warn: '├─▶', fail: '├─╳', skip: '├╌╌' }, past: '│' },
  end: { arrows: { pass: '└─▶', warn: '└─▶', fail: '└─╳', skip: '└╌╌' }, past: ' ' },
}
const ASCII: typeof UNICODE = {
  tee: { arrows: { pass: '|->', warn: '|->', fail: '|-x', skip: '|..' }, past: '|' },
  end: { arrows: { pass: '`->', warn: '`->', fail: '`-x', skip: '`..' }, past: ' ' },
}

interface Drawn {
  readonly way: Way
  /** Columns of the widest id. */
  readonly column: number
  /** Columns of the screen. */
  readonly width: number
  /** Whether the chain breaks here, and not before. */
  readonly isFirst: boolean
}

/**
 * The chain as a picture, top to bottom, a link after the other with what was seen of it. Where the
 * screen is a terminal, lines that would not fit go on below, between the words.
 */
export function chainView(
  links: readonly ChainLink[],
  theme: Theme,
  { unicode, isTerminal, width }: Pick<Screen, 'unicode' | 'isTerminal' | 'width'>,
): string {
  const { tee, end } = unicode ? UNICODE : ASCII
  const column = Math.max(...links.map(({ id }) => id.length))
  const first = links.find(({ status }) => status === 'fail')
  const lines = links.map((link, index) =>
    lineOf(link, theme, {
      way: index === links.length - 1 ? end : tee,
      column,
      width: isTerminal ? width : Infinity,
      isFirst: link === first,
    }),
  )
  return [`  ${theme.strong('pod')}`, ...lines].join('\n')
}

function lineOf(link: ChainLink, theme: Theme, { way, column, width, isFirst }: Drawn): string {
  const { id, status } = link
  const indent = `   ${way.past}${' '.repeat(column + 7)}`
  // Said in a word as well, for whoever sees no colours.
  const word = status === 'fail' ? (isFirst ? 'BROKEN HERE: ' : 'BROKEN: ') : ''
  const [head = '', ...rest] = wrap(
    `${word}${visibleLine(link.summary)}`,
    Math.max(width - indent.length, NARROWEST),
  )
  const paint = status === 'pass' || status === 'skip' ? theme.dim : plain
  const arrow = arrowPaint(status, theme)(way.arrows[status])
  const start = `   ${arrow} ${id.padEnd(column)}  ${markOf(status, theme)} `
  const shown = `${word && theme.bad(theme.strong(head.slice(0, word.length)))}${paint(head.slice(word.length))}`
  return [start + shown, ...rest.map((line) => `${indent}${paint(line)}`)].join('\n')
}

/** Below this, what is narrower than its words is left to the terminal. */
const NARROWEST = 20

const plain = (text: string): string => text

const arrowPaint = (status: ChainLink['status'], theme: Theme): ((text: string) => string) =>
  status === 'fail' ? theme.bad : status === 'skip' ? theme.dim : plain

/** The mark of a link in its colour. */
export function markOf(status: ChainLink['status'], { symbols, ...theme }: Theme): string {
  const marks = {
    pass: theme.good(symbols.done),
    warn: theme.warn(symbols.warning),
    fail: theme.bad(symbols.failed),
    skip: theme.dim(symbols.skipped),
  }
  return marks[status]
}
