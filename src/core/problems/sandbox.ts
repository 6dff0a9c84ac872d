import { Problem } from './problem.ts'

export const portUnusable = (port: number, cause: unknown): Problem =>
  new Problem({
    code: 'sandbox/port',
    what: `The embedded AWS cannot listen on port ${port}.`,
    why: `The system says: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: 'Choose another with --port, or leave it out for a free one.',
    exit: 2,
    cause,
  })

export const demoInterrupted = (): Problem =>
  new Problem({
    code: 'interrupted',
    what: 'The demo was interrupted.',
    why: 'Its AWS and its folder are gone, and nothing is left behind.',
    fix: 'Run it again: irsa demo',
    exit: 130,
  })
