import { editDistance } from '../nearest.ts'
import type { Finding, Remedy } from './finding.ts'
import { quoted } from './escaped.ts'

/** The audience that tokens are for, and what the provider takes. */
export interface AudienceMiss {
  readonly audience: string
  /** Who says that tokens are for it. */
  readonly from: string
  readonly taken: readonly string[]
}

/** The audience of the provider that was probably meant, or that ours was meant to be. */
export const nearAudience = ({ audience, taken }: AudienceMiss): string | undefined =>
  taken.find((other) => plain(other) === plain(audience)) ??
  taken.find((other) => isTypo(plain(audience), plain(other)))

/** One edit in five letters, two at most: more is another word. */
function isTypo(audience: string, other: string): boolean {
  const edits = editDistance(audience, other)
  return edits <= 2 && edits * 5 <= Math.min(audience.length, other.length)
}

/** What people take for the same: the scheme, a slash, the suffix of a region or of China. */
const plain = (audience: string): string =>
  audience
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/+$/, '')
    .replace(/^sts\.[a-z]+(?:-[a-z]+)+-\d+\.amazonaws\.com/, 'sts.amazonaws.com')
    .replace(/amazonaws\.com\.cn$/, 'amazonaws.com')

/** What is wrong where the provider does not take what tokens are for. */
export function audienceMiss(miss: AudienceMiss, remedy: Remedy): Finding {
  const { audience, from, taken } = miss
  const near = nearAudience(miss)
  const takes = taken.map((one) => quoted(one)).join(', ')
  return {
    id: 'audience/not-in-provider',
    severity: 'high',
    summary: `The provider does not take tokens for ${quoted(audience)}, the audience of ${from}`,
    why: [
      `It takes ${takes}; STS compares letter by letter, and answers "Incorrect token audience".`,
      ...(near === undefined ? [] : [`${quoted(near)} and ${quoted(audience)} are not the same.`]),
    ].join('\n'),
    ...remedy,
  }
}
