import { withoutSecrets } from '../secrets.ts'
import { cut, isTypeable } from '../visible.ts'
import type { Finding } from './finding.ts'
import type { Link, Verification } from './link.ts'

/** The verification as it may be shown, in whatever form. */
export const shareable = (found: Verification): Verification => ({
  ...found,
  links: found.links.map(shareableLink),
})

/** More than anybody reads: whoever answers us may quote itself at any length. */
const LONGEST = 4_000

const LONGEST_SENTENCE = 1_000

const shown = (text: string, longest = LONGEST): string => cut(withoutSecrets(text), longest)

const shareableLink = (link: Link): Link => ({
  ...link,
  summary: shown(link.summary, LONGEST_SENTENCE),
  why: shown(link.why),
  fix: shown(link.fix),
  findings: link.findings.map(shareableFinding),
  evidence: link.evidence.map(({ label, text }) => ({
    label: shown(label),
    // A token is quoted there whole, but for its signature: up to 20,000 characters.
    text: shown(text, 5 * LONGEST),
  })),
})

/** The finding as it may be shown. A command that nobody could type as it stands is left out. */
export function shareableFinding<F extends Finding>(finding: F): F {
  const { command, ...rest } = finding
  const told = {
    ...rest,
    summary: shown(rest.summary, LONGEST_SENTENCE),
    why: shown(rest.why),
    fix: shown(rest.fix),
  }
  if (command === undefined) return told as F
  return isTypeable(command) && shown(command) === command
    ? ({ ...told, command } as F)
    : ({ ...told, fix: told.fix.replace(/(?<![.!?:])$/, '.') } as F)
}
