/** Does work once there is a lane free for it. */
export type Lanes = <T>(work: () => Promise<T>) => Promise<T>

/** IAM is one control plane per partition and puts callers off early: so many calls at a time. */
export const IAM_AT_A_TIME = 8

/** So many lanes: whatever is more waits for its turn, first come first served. */
export function lanes(count: number): Lanes {
  const waiting: (() => void)[] = []
  let free = count
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // A lane is handed over, so that nobody who comes meanwhile can take it.
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
