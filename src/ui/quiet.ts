import type { Progress } from '../ports/progress.ts'
import type { Report } from '../ports/world.ts'

/** Say nothing: for workflows that run inside of a story that somebody else tells. */
export const quietReport: Report = {
  result: async () => undefined,
  entry: async () => undefined,
  isRead: () => true,
  planText: () => '',
  token: () => '',
  audit: () => '',
  fixes: () => undefined,
  plan: () => undefined,
  chain: () => '',
  verification: () => '',
  changes: () => '',
  note: () => undefined,
  next: () => undefined,
}

export const quietProgress: Progress = {
  begin: () => ({ reached: () => undefined, done: () => undefined, failed: () => undefined }),
  idle: () => ({ over: () => undefined }),
  warn: () => undefined,
}
