import { isChange, type Change, type ResourceKind } from '../core/change.ts'
import { Problem } from '../core/problems/problem.ts'
import { Conflict } from '../ports/conflict.ts'
import { type ApplyContext, contended } from './apply-plan.ts'
import { firstFailureInOrder, inLane, type Plan, type Step } from './make-plan.ts'
import { type StepLines, stepLines } from './step-lines.ts'

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

const WORDS = {
  create: 'Creating',
  update: 'Mending',
  delete: 'Deleting',
  none: 'Checking',
  many: (kinds: string) => `Taking ${kinds} away`,
}

const ATTEMPTS = 5
const FIRST_WAIT_MS = 500

/**
 * Takes away what the plan names, one after the other, since the order is what keeps strangers from
 * taking over: the provider goes before the documents it trusts. Only what shares its lanes goes side
 * by side. Goes on where one thing fails, and reports what is left.
 */
export async function removePlan(plan: Plan, context: ApplyContext): Promise<Removal> {
  const changes: Change[] = []
  const left: Leftover[] = []
  const lines = stepLines(plan, context.progress, WORDS)
  for (const batch of batchesOf(plan)) {
    const removals = batch.map((step) =>
      inLane(step.resource, () => removeIfAsked(step, left, { ...context, lines })),
    )
    const reasons = await firstFailureInOrder(removals).finally(() => lines.end())
    for (const [index, { change }] of batch.entries()) {
      const why = reasons[index]
      if (why === undefined) changes.push(change)
      else left.push({ resource: change.resource, id: change.id, why })
    }
  }
  return { changes, left }
}

/** Neighbours that share their lanes, together; everything else alone. */
function batchesOf(plan: Plan): readonly Step[][] {
  const batches: Step[][] = []
  for (const step of plan) {
    const { lanes } = step.resource
    const last = batches.at(-1)
    if (lanes && last?.[0]?.resource.lanes === lanes) last.push(step)
    else batches.push([step])
  }
  return batches
}

interface RemovalContext extends ApplyContext {
  readonly lines: StepLines
}

const reasonOf = ({ what, why, fix }: Problem): string => `${what} ${why} ${fix}`

/** Nothing is pulled from under what still stands on it, a provider above all. */
async function removeIfAsked(
  step: Step,
  left: readonly Leftover[],
  context: RemovalContext,
): Promise<string | undefined> {
  if (step.obstacle) return reasonOf(step.obstacle)
  if (!isChange(step.change)) return undefined
  // A role that is left does no harm: with its provider gone it trusts nobody.
  const first = left.find(({ resource }) => resource !== 'role')
  if (step.change.resource !== 'bucket' || first === undefined) return removeStep(step, context)
  return `It stays while there is a ${first.resource} left that needs it.`
}

async function removeStep(step: Step, context: RemovalContext): Promise<string | undefined> {
  await context.clock.sleep(0)
  const ongoing = context.lines.begin(step)
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
      if (attempt === ATTEMPTS) {
        throw error.cause instanceof Problem ? error.cause : contended(resource, attempt, error)
      }
    }
    await clock.sleep(FIRST_WAIT_MS * attempt)
    current = await resource.read()
    if (current === undefined) return
  }
}
