import { API_VERSION } from '../core/config.ts'
import type { Problem } from '../core/problems/problem.ts'
import type { Theme } from './theme.ts'

const INDENT = '  '
const LABEL = 6
const WIDEST = 100

/** A problem for people: what, why, what to do; last the code to search for. */
export function problemView(problem: Problem, theme: Theme, width: number): string {
  const room = Math.min(width, WIDEST) - INDENT.length - LABEL
  const part = (label: string, lines: readonly string[]): string =>
    lines
      .map(
        (line, index) => `${INDENT}${theme.dim((index === 0 ? label : '').padEnd(LABEL))}${line}`,
      )
      .join('\n')
  return [
    `${theme.bad(theme.symbols.failed)} ${theme.strong(problem.what)}`,
    '',
    part('why', wrap(problem.why, room)),
    // Not broken by us: a command that is copied has to stay one line.
    part('fix', [problem.fix]),
    '',
    `${INDENT}${theme.dim(`${problem.code}, exit ${problem.exit}`)}`,
    '',
  ].join('\n')
}

/** The same for programs, one JSON object. */
export const problemDocument = ({ code, what, why, fix, exit }: Problem): string =>
  `${JSON.stringify({ apiVersion: API_VERSION, kind: 'Problem', code, what, why, fix, exit })}\n`

/**
 * Breaks at spaces; a word longer than the room stays whole, so that it can be copied, and so do
 * texts of several lines, such as a stack.
 */
function wrap(text: string, room: number): string[] {
  if (text.includes('\n')) return text.split('\n')
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
