import type { Finding } from './finding.ts'

/** A token in words, ready to be laid out. */
export interface TokenWords {
  readonly title: string
  readonly fields: readonly (readonly [label: string, value: string | readonly string[]])[]
  /** The worst ones first. */
  readonly findings: readonly Finding[]
  /** What to conclude from all of it. */
  readonly verdict: string
}
