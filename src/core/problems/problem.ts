/**
 * How a run of irsa ends. 0 done, or already so; 1 failed, or a check failed; 2 usage or
 * configuration; 3 differences found, where asked for; 4 credentials or permission; 130 interrupted.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 130

/** What a problem says: everything a person needs to get on, without reading our source. */
export interface ProblemText {
  /** Stable name, `area/what`; scripts may switch on it. */
  readonly code: string
  /** What happened, one sentence. */
  readonly what: string
  /** Why it happened, or why irsa refuses to go on. */
  readonly why: string
  /** What to do next, with the command to type where there is one. */
  readonly fix: string
  readonly exit: Exclude<ExitCode, 0>
  readonly cause?: unknown
}

/**
 * Something a user can run into and put right. Every one is made by a function of the catalogue in
 * this folder; any other error is a bug of ours and is reported as one, with its stack.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: string
  readonly what: string
  readonly why: string
  readonly fix: string
  readonly exit: Exclude<ExitCode, 0>

  constructor({ code, what, why, fix, exit, cause }: ProblemText) {
    super(what, { cause })
    this.code = code
    this.what = what
    this.why = why
    this.fix = fix
    this.exit = exit
  }
}

/**
 * Throws on whatever is no problem of what was looked at: a bug of ours, or the wish to stop. What
 * comes after it can go on without what was to be seen.
 */
export function assertExpected(error: unknown): asserts error is Problem {
  if (!(error instanceof Problem) || error.code === 'interrupted') throw error
}
