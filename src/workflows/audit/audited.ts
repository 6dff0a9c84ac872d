import {
  type Audit,
  type AuditedRole,
  type AuditFinding,
  type FixOutcome,
  rolesWorstFirst,
} from '../../core/audit/audit.ts'
import type { JudgedFinding, Judgement } from '../../core/audit/judge.ts'
import { shellWord } from '../../core/shell.ts'
import type { World } from '../../ports/world.ts'
import { optionsAsGiven } from '../given-options.ts'
import type { Inspection } from './audit-roles.ts'
import { policyDiff } from './policy-diff.ts'

/** What an inspection comes to, for people and programs; `outcomes` of `--fix` by role ARN. */
export const audited = (
  world: Pick<World, 'options'>,
  { ground, read, judgements, left }: Omit<Inspection, 'store'>,
  outcomes: ReadonlyMap<string, FixOutcome> = new Map(),
): Audit => ({
  account: ground.account,
  read,
  roles: rolesWorstFirst(
    judgements.map((judgement) => auditedRole(world, judgement, outcomes.get(judgement.role.arn))),
  ),
  left,
})

function auditedRole(
  world: Pick<World, 'options'>,
  { role, findings, mended }: Judgement,
  fix: FixOutcome | undefined,
): AuditedRole {
  return {
    arn: role.arn,
    name: role.name,
    findings: findings.map((finding) => withDiff(world, role, finding)),
    diff: mended === undefined ? undefined : policyDiff(role, role.trust, mended),
    fix,
  }
}

/** The commands are those of irsa and aws-cli, which share the names of these options. */
const NAMED = ['region', 'profile', 'endpointUrl'] as const

function withDiff(
  world: Pick<World, 'options'>,
  role: Judgement['role'],
  { advised, ...finding }: JudgedFinding,
): AuditFinding {
  const { fix, command = advised && updating(role.name, advised) } = finding
  return {
    ...finding,
    ...(command === undefined
      ? {}
      : { fix: fix.replace(/\.$/, ''), command: `${command}${optionsAsGiven(world, NAMED)}` }),
    diff: advised === undefined ? undefined : policyDiff(role, role.trust, advised),
  }
}

const updating = (name: string, policy: object): string =>
  `aws iam update-assume-role-policy --role-name ${shellWord(name)} --policy-document ${shellWord(JSON.stringify(policy))}`
