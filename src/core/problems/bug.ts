import { Problem } from './problem.ts'

/** Anything that is not a Problem. The only place where a stack is shown. */
export const bug = (error: unknown): Problem =>
  new Problem({
    code: 'internal/bug',
    what: 'irsa has a bug: this should not have happened.',
    why: error instanceof Error ? (error.stack ?? error.message) : String(error),
    fix: 'Report it, with the lines above and the command you ran.',
    exit: 1,
    cause: error,
  })
