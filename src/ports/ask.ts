import type { Problem } from '../core/problems/problem.ts'

/** A question that a flag would have answered. */
export interface Question {
  /** As on the command line, `--name`; named where nobody can be asked. */
  readonly flag: string
  readonly message: string
  readonly initial?: string | undefined
  /** Throws a Problem when the answer will not do; its first line is shown and asked again. */
  readonly check?: ((answer: string) => void) | undefined
}

export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
}

/** The person at the terminal. Where there is none, every question is a Problem that names the flag. */
export interface Ask {
  /** Whether there is a person to ask. */
  readonly interactive: boolean
  text(question: Question): Promise<string>
  choose<Value extends string>(
    question: Omit<Question, 'initial' | 'check'>,
    choices: readonly Choice<Value>[],
  ): Promise<Value>
  /** Yes or no, no being the default. `unattended` is thrown where nobody can be asked. */
  confirm(message: string, unattended: () => Problem): Promise<boolean>
  /** What has to be typed in full, for what cannot be undone. */
  type(message: string, unattended: () => Problem): Promise<string>
}
