import type { Ongoing, Progress } from '../ports/progress.ts'

/** Does a step that people see. It is done with the work, and failed with whatever the work throws. */
export async function during<T>(
  progress: Pick<Progress, 'begin'>,
  title: string,
  work: (step: Ongoing) => Promise<T>,
  /** What is said of it in the end. */
  outcome: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  const step = progress.begin(title)
  try {
    const result = await work(step)
    step.done(outcome(result))
    return result
  } catch (error) {
    step.failed()
    throw error
  }
}
