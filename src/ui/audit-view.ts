import {
  type Audit,
  type AuditedRole,
  type AuditFinding,
  auditSummary,
} from '../core/audit/audit.ts'
import type { Severity } from '../core/verify/finding.ts'
import { visible, visibleLine } from '../core/visible.ts'
import { diffView } from './diff-view.ts'
import { part, remedyView, roomOf } from './finding-view.ts'
import type { Surface } from './report.ts'
import type { Theme } from './theme.ts'
import { wrap, wrapLines } from './wrap.ts'

/** From so many on, roles with which nothing is wrong are counted instead of listed. */
const CROWD = 20

/** An audit for people: a block for each role with findings, then the others, then what it adds up to. */
export function auditView(audit: Audit, surface: Surface): string {
  const { theme } = surface
  const bad = audit.roles.filter(hasMuchToSay)
  const good = audit.roles.filter((role) => !hasMuchToSay(role))
  const blocks = [
    ...bad.map((role) => roleView(role, surface)),
    ...(good.length === 0 ? [] : [healthyView(good, surface)]),
    ...(audit.left.length === 0 ? [] : [leftView(audit.left, surface)]),
    ...(audit.roles.length === 0
      ? [`No role of account ${audit.account} trusts a provider of a cluster.`]
      : []),
    verdictPaint(audit, theme)(theme.strong(auditSummary(audit))),
  ]
  return blocks.join('\n\n')
}

const hasMuchToSay = ({ findings, fix }: AuditedRole): boolean =>
  findings.length > 0 || fix !== undefined

function verdictPaint({ roles }: Audit, theme: Theme): (text: string) => string {
  const severities = new Set(roles.flatMap(({ findings }) => findings.map((one) => one.severity)))
  if (severities.has('high')) return theme.bad
  return severities.has('medium') || severities.has('low') ? theme.warn : theme.good
}

/** One role: its ARN, every finding, and last what `--fix` does about them. */
function roleView({ arn, findings, diff, fix }: AuditedRole, surface: Surface): string {
  const { theme } = surface
  return [
    theme.strong(visibleLine(arn)),
    ...findings.map((finding) => findingBlock(finding, surface)),
    ...(diff === undefined
      ? []
      : [`  What --fix would change:\n\n${diffView(diff, theme, '    ')}`]),
    ...(fix === undefined ? [] : [outcomeView(fix, surface)]),
  ].join('\n\n')
}

/** Severities stand where their reasons are labelled, a step further out. */
function findingBlock(finding: AuditFinding, surface: Surface): string {
  const { theme } = surface
  const { severity, summary, why, id, statement, automatic, diff } = finding
  const room = roomOf(surface, INDENT.length)
  const [head = '', ...rest] = wrap(visibleLine(summary), room)
  const about = [
    id,
    ...(statement === undefined ? [] : [`statement ${statement}`]),
    ...(automatic ? ['mended by --fix'] : []),
  ].join(', ')
  const below = [
    ...part('why', wrapLines(visible(why), room), surface),
    ...remedyView(finding, surface),
  ]
  return [
    `  ${paintOf(severity, theme)(severity.padEnd(LONGEST))}  ${theme.strong(head)}`,
    ...rest.map((line) => `${INDENT}${theme.strong(line)}`),
    ...below.map((line) => `  ${line}`),
    `${INDENT}${theme.dim(about)}`,
    ...(diff === undefined ? [] : ['', diffView(diff, theme, INDENT)]),
  ].join('\n')
}

const LONGEST = 'medium'.length
const INDENT = ' '.repeat(LONGEST + 4)

const paintOf = (severity: Severity, theme: Theme): ((text: string) => string) =>
  ({ high: theme.bad, medium: theme.warn, low: theme.warn, info: theme.dim })[severity]

function outcomeView(fix: NonNullable<AuditedRole['fix']>, surface: Surface): string {
  const { theme } = surface
  // What was done stands above, where it was agreed to.
  if (fix.kind === 'fixed') return `  ${theme.good('fixed')}`
  return [
    `  ${theme.bad('not fixed')}  ${visibleLine(fix.what)}`,
    ...part('why', wrapLines(visible(fix.why), roomOf(surface)), surface),
    ...part('fix', wrapLines(visible(fix.fix), roomOf(surface)), surface),
  ].join('\n')
}

function healthyView(roles: readonly AuditedRole[], { theme }: Surface): string {
  const shown = roles.length > CROWD ? roles.slice(0, CROWD - 1) : roles
  const more = roles.length - shown.length
  return [
    ...shown.map(({ arn }) => `${theme.good(theme.symbols.done)} ${visibleLine(arn)}`),
    ...(more > 0 ? [theme.dim(`  and ${more} more with which nothing is wrong`)] : []),
  ].join('\n')
}

const leftView = (left: readonly string[], surface: Surface): string =>
  left
    .flatMap((text) => {
      const [head = '', ...rest] = wrap(visibleLine(text), roomOf(surface, 2))
      return [`${surface.theme.symbols.skipped} ${head}`, ...rest.map((line) => `  ${line}`)]
    })
    .map((line) => surface.theme.dim(line))
    .join('\n')
