import type { TokenWords } from '../core/verify/token-words.ts'
import { visibleLine } from '../core/visible.ts'
import { fieldsView } from './fields-view.ts'
import { findingView } from './finding-view.ts'
import type { Surface } from './report.ts'

/** The token, what is remarkable of it, and what STS would say. */
export function tokenView(
  { title, fields, findings, verdict }: TokenWords,
  surface: Surface,
): string {
  const { theme } = surface
  const worst = findings[0]?.severity
  return [
    `${theme.strong(visibleLine(title))}\n\n${fieldsView(fields).replaceAll(/^(?=.)/gm, '  ')}`,
    ...findings.map((finding) => `${findingView('token', finding, surface)}\n`),
    `${worst === 'high' ? theme.bad(verdict) : theme.strong(verdict)}\n`,
  ].join('\n')
}
