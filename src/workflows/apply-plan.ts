import type { Change } from '../core/change.ts'
import { documentContended } from '../core/problems/documents.ts'
import { notSettled } from '../core/problems/bucket.ts'
import { Problem } from '../core/problems/problem.ts'
import { Conflict } from '../ports/conflict.ts'
import type { Clock } from '../ports/local.ts'
import type { Progress } from '../ports/progress.ts'
import type { Resource } from '../resources/resource.ts'
import { firstFailureInOrder, inLane, type Plan, type Step } from './make-plan.ts'
import { type StepLines, stepLines } from './step-lines.ts'

export interface ApplyContext {
  readonly clock: Clock
  readonly progress: Progress
  /** A number from 0 to 1, to keep concurrent writers from meeting again and again. */
  readonly random: () => number
}

/** Something that has to hold between two resources, such as the read-back before the provider. */
export interface Gate {
  readonly before: Resource
  readonly pass: () => Promise<void>
}

/** S3's configuration races usually end within a minute (terraform-provider-aws issue 7628). */
const CONTENTION_MS = 60_000
const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000

const WORDS = {
  create: 'Creating',
  update: 'Updating',
  delete: 'Deleting',
  none: 'Checking',
  many: (kinds: string) => `Bringing ${kinds} in line`,
}

/**
 * Carries out a plan: each step once everything it stands on is in line, steps that do not depend
 * on each other side by side, as far as there are lanes. Stops at the first failure, after what is under way has ended.
 * Running it again finishes the rest.
 */
export async function applyPlan(
  plan: Plan,
  context: ApplyContext,
  gates: readonly Gate[] = [],
): Promise<readonly Change[]> {
  const done = new Map<Resource, Promise<void>>()
  const lines = stepLines(plan, context.progress, WORDS)
  let failed = false
  const attempt = async (step: Step): Promise<void> => {
    const { within, after = [] } = step.resource
    await Promise.all([...(within ? [within] : []), ...after].map((need) => done.get(need)))
    if (failed) return
    await gates.find(({ before }) => before === step.resource)?.pass()
    await inLane(step.resource, async () => {
      if (!failed) await carryOut(step, context, lines)
    })
  }
  for (const step of plan) {
    const attempted = attempt(step).catch((error: unknown) => {
      failed = true
      throw error
    })
    done.set(step.resource, attempted)
  }
  await firstFailureInOrder([...done.values()]).finally(() => lines.end())
  return plan.map(({ change }) => change)
}

async function carryOut(step: Step, context: ApplyContext, lines: StepLines): Promise<void> {
  const { change, resource } = step
  if (change.action === 'none') return
  // Also the place where an interrupted run stops: between two calls, not in one.
  await context.clock.sleep(0)
  const ongoing = lines.begin(step)
  try {
    await convergeAgainstOthers(resource, step.seen, context)
    ongoing.done()
  } catch (error) {
    ongoing.failed()
    throw error
  }
}

/** Where others write at the same time: look again, compare again, try again, until it is in line. */
async function convergeAgainstOthers(
  resource: Resource,
  firstSeen: unknown,
  { clock, random }: ApplyContext,
): Promise<void> {
  const deadline = clock.now().getTime() + CONTENTION_MS
  let seen = firstSeen
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await resource.converge(seen)
    } catch (error) {
      if (!(error instanceof Conflict)) throw error
      if (clock.now().getTime() > deadline) {
        throw error.cause instanceof Problem ? error.cause : contended(resource, attempt, error)
      }
    }
    await clock.sleep(Math.min(FIRST_WAIT_MS * 2 ** attempt, LONGEST_WAIT_MS) * random())
    seen = await resource.read()
    if ((await resource.compare(seen)).action === 'none') return
  }
}

/** Somebody else kept writing, or AWS needs longer to settle than we wait. */
export const contended = ({ kind, id }: Resource, attempts: number, cause: unknown): Problem =>
  kind === 'object' ? documentContended(id, attempts, cause) : notSettled(`${kind} ${id}`, cause)
