import type { Audit, AuditedRole, FixOutcome } from '../../core/audit/audit.ts'
import { type Judgement, judge } from '../../core/audit/judge.ts'
import { IAM_AT_A_TIME, lanes } from '../../core/lanes.ts'
import { samePolicy } from '../../core/policy-document.ts'
import { trustChangedMeanwhile } from '../../core/problems/audit.ts'
import { type ExitCode, Problem } from '../../core/problems/problem.ts'
import { declined } from '../../core/problems/usage.ts'
import { trustLength } from '../../core/role-wish.ts'
import type { RoleStore } from '../../ports/aws.ts'
import { Conflict } from '../../ports/conflict.ts'
import type { World } from '../../ports/world.ts'
import { audited } from './audited.ts'
import type { Inspection } from './audit-roles.ts'
import { policyDiff } from './policy-diff.ts'

/** Shows what would be changed, and asks. */
export type ApproveFixes = (account: string, roles: readonly AuditedRole[]) => Promise<boolean>

/** What is left after a fix. */
export interface Fixed {
  readonly audit: Audit
  /** How the first of those failed that could not be fixed; 0 where none did. */
  readonly exit: ExitCode
}

type Fixable = Judgement & { readonly mended: object }

/**
 * Makes every change that only ever narrows, once it was shown and agreed to. One that fails stops no
 * other. The audit afterwards is of what is left.
 *
 * @throws Problem `usage/declined`, `usage/yes-required`
 */
export async function fixRoles(
  world: World,
  inspection: Inspection,
  approve: ApproveFixes,
): Promise<Fixed> {
  const before = audited(world, inspection)
  const fixable = inspection.judgements.filter((one): one is Fixable => one.mended !== undefined)
  if (fixable.length === 0 || world.options.dryRun === true) return { audit: before, exit: 0 }
  const shown = before.roles.filter(({ diff }) => diff !== undefined)
  if (!(await approve(inspection.ground.account, shown))) throw declined()
  const problems = await applyAll(world, inspection.store, fixable)
  const judgements = inspection.judgements.map((one) =>
    one.mended === undefined || problems.has(one.role.arn)
      ? one
      : judge({ ...one.role, trust: one.mended }, inspection.ground),
  )
  const outcomes = fixable.map(
    (one) => [one.role.arn, outcomeOf(one, problems.get(one.role.arn))] as const,
  )
  const [first] = problems.values()
  return {
    audit: audited(world, { ...inspection, judgements }, new Map(outcomes)),
    exit: first?.exit ?? 0,
  }
}

function outcomeOf({ role, mended }: Fixable, problem: Problem | undefined): FixOutcome {
  if (problem === undefined) {
    return { kind: 'fixed', diff: policyDiff(role, role.trust, mended) }
  }
  const { what, why, fix } = problem
  return { kind: 'failed', what, why, fix }
}

/** What went wrong, by role ARN. */
async function applyAll(
  { progress, clock }: World,
  store: RoleStore,
  fixable: readonly Fixable[],
): Promise<ReadonlyMap<string, Problem>> {
  const fixing = progress.begin('Fixing trust policies')
  const lane = lanes(IAM_AT_A_TIME)
  const problems = new Map<string, Problem>()
  let done = 0
  const fixOne = async (one: Fixable): Promise<void> => {
    // An interrupted run begins no other.
    await clock.sleep(0)
    const problem = await applyOne(store, one)
    if (problem !== undefined) problems.set(one.role.arn, problem)
    fixing.reached(`${(done += 1)}/${fixable.length}`)
  }
  try {
    await Promise.all(fixable.map((one) => lane(() => fixOne(one))))
  } catch (error) {
    fixing.failed()
    throw error
  }
  const fixed = fixable.length - problems.size
  if (problems.size === 0) fixing.done(`${fixed} changed`)
  else fixing.failed()
  return problems
}

/** Sets a trust policy that is still the one that was judged. */
async function applyOne(
  store: RoleStore,
  { role: { name, trust }, mended }: Fixable,
): Promise<Problem | undefined> {
  try {
    trustLength(name, mended)
    if (!samePolicy(await store.trust(name), trust)) return trustChangedMeanwhile(name)
    await store.setTrust(name, mended)
    return undefined
  } catch (error) {
    if (error instanceof Conflict) return trustChangedMeanwhile(name, error)
    if (error instanceof Problem && error.code !== 'interrupted') return error
    throw error
  }
}
