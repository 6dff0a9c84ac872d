import { isChange, type Change, type ResourceKind } from '../core/change.ts'
import { Problem } from '../core/problems/problem.ts'
import { Conflict } from '../ports/conflict.ts'
import { type ApplyContext, contended } from './apply-plan.ts'
import type { Plan, Step } from './make-plan.ts'

/** Something that could not be taken away. */
export interface Leftover {
  readonly resource: ResourceKind
  readonly id: string
  readonly why: string
}

export interface Removal {
  readonly changes: readonly Change[]
  readonly left: readonly Leftover[]
}

/** After these nothing else would work either. */
const ENDING = new Set(['interrupted', 'aws/expired-credentials', 'aws/rejected-credentials'])

const ATTEMPTS = 5
const FIRST_WAIT_MS = 500

/**
 * Takes away what the plan names, one after the other, since the order is what keeps strangers from
 * taking over: the provider goes before the documents it trusts. Goes on where one thing fails, and
 * reports what is left.
 */
export async function removePlan(plan: Plan, context: ApplyContext): Promise<Removal> {
  const changes: Change[] = []
  const left: Leftover[] = []
  for (const step of plan) {
    const why = step.obstacle ? reasonOf(step.obstacle) : await removeIfAsked(step, left, context)
    if (why === undefined) changes.push(step.change)
    else left.push({ resource: step.change.resource, id: step.change.id, why })
  }
  return { changes, left }
}

const reasonOf = ({ what, why, fix }: Problem): string => `${what} ${why} ${fix}`

/** Nothing is pulled from under what still stands on it, a provider above all. */
async function removeIfAsked(
  step: Step,
  left: readonly Leftover[],
  context: ApplyContext,
): Promise<string | undefined> {
  if (!isChange(step.change)) return undefined
  const [first] = left
  if (step.change.resource !== 'bucket' || first === undefined) return removeStep(step, context)
  return `It stays while there is a ${first.resource} left that needs it.`
}

async function removeStep(step: Step, context: ApplyContext): Promise<string | undefined> {
  const { change } = step
  await context.clock.sleep(0)
  const verb = change.action === 'update' ? 'Mending' : 'Deleting'
  const ongoing = context.progress.begin(`${verb} ${change.resource} ${change.id}`)
  try {
    await removeAgainstOthers(step, context)
    ongoing.done()
    return undefined
  } catch (error) {
    ongoing.failed()
    if (!(error instanceof Problem) || ENDING.has(error.code)) throw error
    return reasonOf(error)
  }
}

/** S3 answers 409 while a bucket's configuration settles; the SDK does not retry that. */
async function removeAgainstOthers(
  { resource, seen }: Step,
  { clock }: ApplyContext,
): Promise<void> {
  let current = seen
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await resource.remove(current)
    } catch (error) {
      if (!(error instanceof Conflict)) throw error
      if (attempt === ATTEMPTS) throw contended(resource, attempt, error)
    }
    await clock.sleep(FIRST_WAIT_MS * attempt)
    current = await resource.read()
    if (current === undefined) return
  }
}
