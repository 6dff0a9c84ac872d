/** One step that is under way. */
export interface Ongoing {
  /** How far it is by now, such as `37/200`. */
  reached(detail: string): void
  done(detail?: string): void
  failed(): void
}

/** A time in which nothing happens. */
export interface Idle {
  over(): void
}

/** Where a walk says what it is doing. */
export interface Progress {
  begin(title: string): Ongoing
  /** On a terminal, a line that is there until it is over, and leaves no trace. */
  idle(text: string): Idle
  /** Something worth knowing that stops nothing. */
  warn(message: string): void
}
