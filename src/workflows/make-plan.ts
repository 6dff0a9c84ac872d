import type { Change } from '../core/change.ts'
import { Problem } from '../core/problems/problem.ts'
import type { Resource, Verdict } from '../resources/resource.ts'

/** One resource, what was seen of it, and what is to be done about it. */
export interface Step {
  readonly resource: Resource
  readonly seen: unknown
  readonly change: Change
  /** Why it could not be looked at; only a removal goes on in spite of that. */
  readonly obstacle?: Problem | undefined
}

/** Steps in the order in which they may be carried out. */
export type Plan = readonly Step[]

/**
 * Looks at every resource and says what bringing it in line would take. Changes nothing.
 * Everything that does not depend on something else is read side by side, as far as there are lanes.
 */
export function makePlan(resources: readonly Resource[]): Promise<Plan> {
  const read = reader()
  return firstFailureInOrder(
    resources.map(async (resource): Promise<Step> => {
      const seen = await read(resource)
      return { resource, seen, change: changeOf(resource, await resource.compare(seen)) }
    }),
  )
}

/** The same for taking everything away, in the opposite order; what is not there needs nothing. */
export async function makeRemovalPlan(resources: readonly Resource[]): Promise<Plan> {
  const read = reader()
  const steps = resources.map(async (resource): Promise<Step> => {
    try {
      const seen = await read(resource)
      const verdict: Verdict =
        seen === undefined
          ? { action: 'none', detail: 'is not there' }
          : await inLane(resource, () => resource.removal(seen))
      return { resource, seen, change: changeOf(resource, verdict) }
    } catch (obstacle) {
      if (!(obstacle instanceof Problem) || obstacle.code === 'interrupted') throw obstacle
      const change = changeOf(resource, {
        action: 'none',
        unreadable: true,
        detail: obstacle.what,
      })
      return { resource, seen: undefined, change, obstacle }
    }
  })
  return (await firstFailureInOrder(steps)).toReversed()
}

/** Reads each resource once, and not at all where what it lives in is absent. */
function reader(): (resource: Resource) => Promise<unknown> {
  const readings = new Map<Resource, Promise<unknown>>()
  const readInside = async (resource: Resource): Promise<unknown> => {
    const absent = resource.within !== undefined && (await read(resource.within)) === undefined
    return absent ? undefined : inLane(resource, () => resource.read())
  }
  const read = (resource: Resource): Promise<unknown> => {
    const known = readings.get(resource)
    if (known !== undefined) return known
    const reading = readInside(resource)
    readings.set(resource, reading)
    return reading
  }
  return read
}

/** Does something with a resource as soon as one of its lanes is free. */
export const inLane = <T>({ lanes }: Resource, work: () => Promise<T>): Promise<T> =>
  lanes === undefined ? work() : lanes(work)

/** A resource's verdict as a line of the plan. */
export const changeOf = ({ kind, id }: Resource, verdict: Verdict): Change => ({
  ...verdict,
  resource: kind,
  id,
})

/** Waits for all, so that nothing is left running, and throws what failed first in the list. */
export async function firstFailureInOrder<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(work)
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value
  })
}
