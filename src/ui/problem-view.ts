import { API_VERSION } from '../core/config.ts'
import type { Problem } from '../core/problems/problem.ts'
import { withoutSecrets } from '../core/secrets.ts'
import { cut, visible, visibleJson, visibleLine } from '../core/visible.ts'
import type { Theme } from './theme.ts'
import { wrap } from './wrap.ts'

const INDENT = '  '
const LABEL = 6
const WIDEST = 100
/** A stack fits, and so do the errors of a long configuration. */
const LONGEST = 10_000

/** A problem for people: what, why, what to do; last the code to search for. */
export function problemView(problem: Problem, theme: Theme, width: number): string {
  const { what, why, fix } = told(problem)
  const room = Math.min(width, WIDEST) - INDENT.length - LABEL
  const part = (label: string, lines: readonly string[]): string =>
    lines
      .map(
        (line, index) => `${INDENT}${theme.dim((index === 0 ? label : '').padEnd(LABEL))}${line}`,
      )
      .join('\n')
  return [
    `${theme.bad(theme.symbols.failed)} ${theme.strong(visibleLine(what))}`,
    '',
    part('why', wrap(visible(why), room)),
    // Not broken by us: a command that is copied has to stay one line.
    part('fix', visible(fix).split('\n')),
    '',
    `${INDENT}${theme.dim(`${problem.code}, exit ${problem.exit}`)}`,
    '',
  ].join('\n')
}

/** The same for programs, one JSON object. */
export function problemDocument(problem: Problem): string {
  const { code, exit } = problem
  const document = { apiVersion: API_VERSION, kind: 'Problem', code, ...told(problem), exit }
  return `${visibleJson(JSON.stringify(document))}\n`
}

/** Its texts as they may be shown: others are quoted in them. */
const told = ({ what, why, fix }: Problem) => ({ what: said(what), why: said(why), fix: said(fix) })

const said = (text: string): string => cut(withoutSecrets(text), LONGEST)
