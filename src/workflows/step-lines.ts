import { type Action, isChange } from '../core/change.ts'
import type { Lanes } from '../core/lanes.ts'
import type { Ongoing, Progress } from '../ports/progress.ts'
import type { Plan, Step } from './make-plan.ts'

/** How a walk speaks of what it does. */
export type Words = Readonly<Record<Action, string>> & {
  /** For many at once, such as `roles`. */
  readonly many: (kinds: string) => string
}

type Line = Pick<Ongoing, 'done' | 'failed'>

export interface StepLines {
  /** Says that a step begins; it has to be ended. */
  begin(step: Step): Line
  /** Ends what was left open because the walk stopped. */
  end(): void
}

/** More than so many that share their lanes have one line together. */
const FEW = 8

/** A line for each step, or where many of a kind share their lanes one that counts them. */
export function stepLines(plan: Plan, progress: Progress, words: Words): StepLines {
  const counts = new Map<Lanes, number>()
  for (const { resource, change } of plan) {
    const { lanes } = resource
    if (lanes && isChange(change)) counts.set(lanes, (counts.get(lanes) ?? 0) + 1)
  }
  const shared = new Map<Lanes, Line>()
  return {
    begin({ resource: { lanes }, change: { action, resource, id } }) {
      const count = (lanes && counts.get(lanes)) ?? 0
      if (lanes === undefined || count <= FEW) {
        return progress.begin(`${words[action]} ${resource} ${id}`)
      }
      const line =
        shared.get(lanes) ?? countingLine(progress.begin(words.many(`${resource}s`)), count)
      shared.set(lanes, line)
      return line
    },
    end: () => shared.forEach((line) => line.failed()),
  }
}

/** Ends when all have, or at the first that fails. */
function countingLine(line: Ongoing, all: number): Line {
  let done = 0
  let open = true
  line.reached(`0/${all}`)
  return {
    done() {
      done += 1
      if (!open) return
      line.reached(`${done}/${all}`)
      if (done < all) return
      open = false
      line.done(String(all))
    },
    failed() {
      if (open) line.failed()
      open = false
    },
  }
}
