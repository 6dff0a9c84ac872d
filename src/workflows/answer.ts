import { answerMissing } from '../core/problems/usage.ts'
import type { Question } from '../ports/ask.ts'
import type { World } from '../ports/world.ts'

type Asking = Pick<World, 'ask' | 'options'>

/** Whether defaults stand: with `--yes`, and where there is no person. */
export const isUnattended = ({ ask, options }: Asking): boolean =>
  options.yes === true || !ask.interactive

/** Asks for what has no default. @throws Problem `usage/answer-missing` where nobody can be asked */
export async function mustAnswer({ ask, options }: Asking, question: Question): Promise<string> {
  if (isUnattended({ ask, options })) throw answerMissing(question.flag, question.message)
  return ask.text(question)
}
