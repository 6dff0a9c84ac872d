/** How bad it is. From `high` on a link is broken, and a check has failed. */
export type Severity = 'high' | 'medium' | 'low' | 'info'

export const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low', 'info']

/** What is to be done about it: words, and the command that does it where there is one. */
export interface Remedy {
  /** A sentence; without its full stop where a command follows. */
  readonly fix: string
  /** To be typed as it stands. */
  readonly command?: string | undefined
  /** The command only looks: it helps, and mends nothing. */
  readonly looks?: true | undefined
}

/** Something that was seen and deserves to be said. Findings are data: nothing is thrown for them. */
export interface Finding extends Remedy {
  /** Stable name, `link/what`, such as `jwks/kid-missing`; scripts may switch on it. */
  readonly id: string
  readonly severity: Severity
  /** What was seen, one sentence. */
  readonly summary: string
  /** Why that breaks the chain, or may. Lines are kept, so that a difference can be marked. */
  readonly why: string
}

/** What a command does, where there may be none. @param fix a sentence without its full stop */
export const remedy = (fix: string, command: string | undefined): Remedy =>
  command === undefined ? { fix: `${fix}.` } : { fix, command }

/** The remedy in one text, as documents carry it. */
export const remedyText = ({ fix, command }: Remedy): string =>
  command === undefined ? fix : `${fix}: ${command}`

/** A finding as documents carry it. */
export const findingDocument = ({ id, severity, summary, why, fix, command }: Finding) => ({
  id,
  severity,
  summary,
  why,
  fix: remedyText({ fix, command }),
  ...(command === undefined ? {} : { command }),
})

/** The worst ones first, in the order they came otherwise. */
export const worstFirst = <F extends { readonly severity: Severity }>(
  findings: readonly F[],
): readonly F[] => findings.toSorted((one, other) => rankOf(one.severity) - rankOf(other.severity))

/** 0 for `high`. */
export const rankOf = (severity: Severity): number => SEVERITIES.indexOf(severity)
