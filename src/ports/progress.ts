/** One step that is under way. */
export interface Ongoing {
  done(detail?: string): void
  failed(): void
}

/** Where a walk says what it is doing. */
export interface Progress {
  begin(title: string): Ongoing
  /** Something worth knowing that stops nothing. */
  warn(message: string): void
}
