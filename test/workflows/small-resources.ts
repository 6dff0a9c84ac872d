import type { Action } from '../../src/core/change.ts'
import type { Progress } from '../../src/ports/progress.ts'
import type { Resource } from '../../src/resources/resource.ts'

/** What happened, in order. */
export type Log = string[]

export interface Wish extends Partial<Resource<string>> {
  readonly id: string
  readonly log: Log
  /** What is there. */
  readonly there?: string | undefined
  readonly verdict?: Action
}

/** A resource made by hand, which writes down what is done with it. */
export function small({ id, log, there, verdict, ...rest }: Wish): Resource {
  const resource: Resource<string> = {
    kind: 'object',
    id,
    async read() {
      log.push(`read ${id}`)
      return there
    },
    compare: async (seen) => ({ action: verdict ?? (seen === undefined ? 'create' : 'none') }),
    async converge() {
      log.push(`converge ${id}`)
    },
    removal: async () => ({ action: verdict ?? 'delete' }),
    async remove() {
      log.push(`remove ${id}`)
    },
    ...rest,
  }
  return resource as Resource
}

/** A clock on which waiting takes no time. */
export function fastClock() {
  let time = Date.UTC(2026, 7, 1)
  const waits: number[] = []
  return {
    waits,
    now: () => new Date(time),
    async sleep(milliseconds: number) {
      if (milliseconds > 0) waits.push(milliseconds)
      time += milliseconds
    },
  }
}

export const noProgress: Progress = {
  begin: () => ({ reached: () => undefined, done: () => undefined, failed: () => undefined }),
  idle: () => ({ over: () => undefined }),
  warn: () => undefined,
}
