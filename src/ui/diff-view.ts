import type { AuditedRole } from '../core/audit/audit.ts'
import { visible } from '../core/visible.ts'
import type { Theme } from './theme.ts'

/** A unified diff in the colours that diffs have, each line behind the same indent. */
export function diffView(diff: string, theme: Theme, indent = '  '): string {
  return visible(diff)
    .trimEnd()
    .split('\n')
    .map((line) => `${indent}${paintOf(line, theme)(line)}`.trimEnd())
    .join('\n')
}

function paintOf(line: string, theme: Theme): (text: string) => string {
  if (/^(---|\+\+\+) /.test(line)) return theme.strong
  if (line.startsWith('@@')) return theme.command
  if (line.startsWith('+')) return theme.good
  if (line.startsWith('-')) return theme.bad
  return (text) => text
}

/** What would become of each role's trust policy. */
export const fixesView = (
  roles: readonly Pick<AuditedRole, 'arn' | 'diff'>[],
  theme: Theme,
): string =>
  roles
    .map(({ arn, diff = '' }) => `${theme.strong(visible(arn))}\n\n${diffView(diff, theme)}`)
    .join('\n\n')
