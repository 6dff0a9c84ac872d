import type { Readable, Writable } from 'node:stream'
import { Problem } from '../core/problems/problem.ts'
import { answerMissing, interrupted } from '../core/problems/usage.ts'
import { visible, visibleLine } from '../core/visible.ts'
import type { Ask, Question } from '../ports/ask.ts'

/** Where questions are asked: on stderr, since stdout belongs to the result. */
export interface AskStreams {
  readonly input: Readable
  readonly output: Writable
}

/** As inquirer takes it. */
type PromptQuestion = Readonly<Record<string, unknown>> & { readonly message: string }

/** Asks nobody: without a terminal, or with `--no-input`, every question is a usage error. */
export const nobody: Ask = {
  interactive: false,
  text: async ({ flag, message }) => {
    throw answerMissing(flag, message)
  },
  choose: async ({ flag, message }) => {
    throw answerMissing(flag, message)
  },
  confirm: async (_message, unattended) => {
    throw unattended()
  },
  type: async (_message, unattended) => {
    throw unattended()
  },
}

/** The person at the terminal. Ctrl-C in a question is an interruption, not a crash. */
export function person(streams: AskStreams): Ask {
  const prompt = async <Value>(question: PromptQuestion): Promise<Value> => {
    const { default: inquirer } = await import('inquirer')
    const ask = inquirer.createPromptModule({
      input: streams.input as NodeJS.ReadStream,
      output: streams.output as NodeJS.WriteStream,
    })
    try {
      const message = visible(question.message)
      const { answer } = await ask([{ name: 'answer', ...question, message }] as never)
      return answer as Value
    } catch (error) {
      if (error instanceof Error && error.name === 'ExitPromptError') throw interrupted()
      throw error
    }
  }
  return {
    interactive: true,
    text: ({ message, initial, check }) =>
      prompt<string>({
        type: 'input',
        message,
        ...(initial === undefined ? {} : { default: initial }),
        validate: validator(check),
      }),
    choose: ({ message }, choices) =>
      prompt({
        type: 'select',
        message,
        choices: choices.map(({ value, label }) => ({ value, name: visibleLine(label) })),
      }),
    confirm: (message) => prompt<boolean>({ type: 'confirm', message, default: false }),
    type: (message) => prompt<string>({ type: 'input', message }),
  }
}

/** A Problem of the check becomes inquirer's line below the question. */
const validator = (check: Question['check']) => (answer: string) => {
  if (answer.trim() === '') return 'Please give an answer, or leave with Ctrl-C.'
  try {
    check?.(answer)
    return true
  } catch (error) {
    if (error instanceof Problem) return visible(`${error.what} ${error.fix}`)
    throw error
  }
}
