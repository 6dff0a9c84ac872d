import { counted } from '../words.ts'
import { type Finding, rankOf, SEVERITIES, type Severity } from '../verify/finding.ts'

/** A finding about the trust of one role. */
export interface AuditFinding extends Finding {
  /** The statement it is about, counted from 1; undefined where it is about all of them. */
  readonly statement: number | undefined
  /** Whether `--fix` mends it. */
  readonly automatic: boolean
  /** What was probably meant, as a unified diff. Nobody can be sure, so `--fix` leaves it alone. */
  readonly diff: string | undefined
}

/** A role that trusts one of our providers. */
export interface AuditedRole {
  readonly arn: string
  readonly name: string
  /** The worst ones first. */
  readonly findings: readonly AuditFinding[]
  /** Everything that `--fix` would change in the trust policy, as a unified diff. */
  readonly diff: string | undefined
  /** With `--fix`: what became of it. */
  readonly fix: FixOutcome | undefined
}

export type FixOutcome =
  | { readonly kind: 'fixed'; readonly diff: string }
  | { readonly kind: 'failed'; readonly what: string; readonly why: string; readonly fix: string }

/** What an audit found. */
export interface Audit {
  /** Twelve digits. */
  readonly account: string
  /** How many roles were read. */
  readonly read: number
  /** Those that trust one of our providers, the worst ones first, then by ARN. */
  readonly roles: readonly AuditedRole[]
  /** What could not be looked at, and what that leaves out; a sentence each. */
  readonly left: readonly string[]
}

/** From which severity on an audit fails. */
export type FailOn = Exclude<Severity, 'info'> | 'never'

export const FAIL_ON: readonly FailOn[] = ['high', 'medium', 'low', 'never']

/** Whether there is a finding that is as bad, or worse. */
export const fails = ({ roles }: Audit, failOn: FailOn): boolean =>
  failOn !== 'never' &&
  roles.some(({ findings }) => findings.some(({ severity }) => rankOf(severity) <= rankOf(failOn)))

/** Roles with the worst findings first, then by ARN. */
export const rolesWorstFirst = (roles: readonly AuditedRole[]): readonly AuditedRole[] =>
  roles.toSorted((one, other) => worstOf(one) - worstOf(other) || (one.arn < other.arn ? -1 : 1))

const worstOf = ({ findings }: AuditedRole): number =>
  Math.min(SEVERITIES.length, ...findings.map(({ severity }) => rankOf(severity)))

/** `2000 roles read, 12 trust a provider, 3 findings: 1 high, 2 medium` */
export function auditSummary({ read, roles }: Audit): string {
  const findings = roles.flatMap((role) => role.findings)
  const counts = SEVERITIES.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    return count === 0 ? [] : [`${count} ${severity}`]
  })
  return [
    `${counted(read, 'role')} read`,
    `${roles.length} ${roles.length === 1 ? 'trusts' : 'trust'} a provider`,
    findings.length === 0
      ? 'no findings'
      : `${counted(findings.length, 'finding')}: ${counts.join(', ')}`,
  ].join(', ')
}
