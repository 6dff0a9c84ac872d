import type { Progress } from '../ports/progress.ts'
import type { Report } from '../ports/world.ts'

/** Say nothing: for workflows that run inside of a story that somebody else tells. */
export const quietReport: Report = {
  result: async () => undefined,
  planText: () => '',
  plan: () => undefined,
  chain: () => '',
  note: () => undefined,
  next: () => undefined,
}

export const quietProgress: Progress = {
  begin: () => ({ reached: () => undefined, done: () => undefined, failed: () => undefined }),
  warn: () => undefined,
}
