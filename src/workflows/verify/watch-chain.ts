import { Problem } from '../../core/problems/problem.ts'
import { changesBetween, type LinkChange } from '../../core/verify/changes.ts'
import type { Verification } from '../../core/verify/link.ts'
import type { Clock } from '../../ports/local.ts'

/** One look at the whole chain. */
export interface Round {
  /** When it was over. */
  readonly at: Date
  readonly found: Verification
  /** Since the last round; undefined in the first one. */
  readonly changes: readonly LinkChange[] | undefined
}

/**
 * Looks at the chain again and again, with a pause of so many seconds in between. Ends when it is
 * interrupted: that is how a watch ends. Until something was seen that is a Problem as elsewhere.
 */
export async function* watchChain(
  clock: Clock,
  seconds: number,
  look: () => Promise<Verification>,
): AsyncGenerator<Round, void, void> {
  let before: Verification | undefined
  try {
    for (;;) {
      const found = await look()
      const changes = before && changesBetween(before, found)
      before = found
      yield { at: clock.now(), found, changes }
      await clock.sleep(seconds * 1000)
    }
  } catch (error) {
    if (before === undefined || !isInterruption(error)) throw error
  }
}

const isInterruption = (error: unknown): boolean =>
  error instanceof Problem && error.code === 'interrupted'
