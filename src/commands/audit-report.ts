import { type Audit, type AuditedRole, auditSummary } from '../core/audit/audit.ts'
import { sarifOf } from '../core/audit/sarif.ts'
import { confirmationMissing } from '../core/problems/usage.ts'
import { shellWord } from '../core/shell.ts'
import { remedyText } from '../core/verify/finding.ts'
import type { NextCommand, World } from '../ports/world.ts'
import type { AuditFlags } from '../workflows/audit/audit-roles.ts'
import type { ApproveFixes } from '../workflows/audit/fix-roles.ts'
import { optionsAsGiven } from '../workflows/given-options.ts'

/**
 * Shows what would be changed, and asks unless `--yes` was given. Nobody's access changes unseen: with
 * `--yes` it is shown to quiet runs as well, and a document has the diff of every role it says fixed.
 */
export const fixApproval =
  ({ report, options, ask }: World): ApproveFixes =>
  async (account, roles) => {
    const asked = options.yes !== true
    report.fixes(roles, asked ? ask.interactive : options.output === 'human')
    const count = roles.length === 1 ? 'this role' : `these ${roles.length} roles`
    return (
      !asked ||
      ask.confirm(`Change the trust of ${count} in account ${account}?`, confirmationMissing)
    )
  }

interface AuditOptions extends AuditFlags {
  readonly format?: 'sarif'
  readonly fix?: true
}

/** Prints what was found, in the form that was asked for, and what to type next. */
export async function reportAudit(
  world: World,
  audit: Audit,
  flags: AuditOptions,
  version: string,
): Promise<void> {
  const { report, options } = world
  const text =
    flags.format === 'sarif'
      ? JSON.stringify(sarifOf(audit, version), undefined, 2)
      : options.output === 'human'
        ? report.audit(audit)
        : ''
  await report.result(auditDocument(audit), text)
  if (flags.format === 'sarif') {
    for (const left of audit.left) report.note(left)
    report.note(auditSummary(audit))
    return
  }
  report.next(afterAudit(world, audit, flags))
}

/** As `-o json` prints it. */
const auditDocument = ({ account, read, roles, left }: Audit) => ({
  kind: 'Audit',
  account,
  read,
  roles: roles.map(({ arn, findings, diff, fix }) => ({
    arn,
    findings: findings.map((finding) => ({ ...finding, fix: remedyText(finding) })),
    ...(diff === undefined ? {} : { diff }),
    ...outcomeIn(fix),
  })),
  left,
})

function outcomeIn(fix: AuditedRole['fix']) {
  if (fix === undefined) return {}
  return fix.kind === 'fixed' ? { fixed: true, diff: fix.diff } : { fixed: false, problem: fix }
}

/** What to type next, whole. */
function afterAudit(world: World, { roles }: Audit, flags: AuditOptions): readonly NextCommand[] {
  const given = [
    ...(flags.issuer ?? []).map((issuer) => ` --issuer ${shellWord(issuer)}`),
    ...(flags.cluster ? [] : [' --no-cluster']),
    optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl']),
  ].join('')
  const fixable = roles.some(({ diff }) => diff !== undefined)
  const found = roles.some(({ findings }) => findings.length > 0)
  const fix = { command: `irsa audit-roles --fix${given}`, why: 'apply these diffs, once asked' }
  const sarif = {
    command: `irsa audit-roles --format sarif${given} > irsa.sarif`,
    why: 'for code scanning',
  }
  return [...(fixable ? [fix] : []), ...(found ? [sarif] : [])]
}
