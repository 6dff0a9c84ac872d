/** One step that is under way. */
export interface Ongoing {
  /** How far it is by now, such as `37/200`. */
  reached(detail: string): void
  done(detail?: string): void
  failed(): void
}

/** Where a walk says what it is doing. */
export interface Progress {
  begin(title: string): Ongoing
  /** Something worth knowing that stops nothing. */
  warn(message: string): void
}
