import type { Running } from './cli.ts'

/** Resolves once the run has said it: on stderr, or on the terminal that stands for both. */
export function said({ child }: Running, words: string): Promise<void> {
  return new Promise((resolve) => {
    let text = ''
    const listen = (chunk: string): void => {
      text += chunk
      if (text.includes(words)) resolve()
    }
    child.stderr.on('data', listen)
    child.stdout.on('data', listen)
  })
}

/** What a run says as soon as it is interrupted. */
export const STOPPING = 'Stopping after what is under way'
