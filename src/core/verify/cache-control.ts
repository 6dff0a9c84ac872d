import { type DocumentPlace, resend } from './document-place.ts'
import type { Finding } from './finding.ts'
import type { LinkId } from './link.ts'
import { quoted } from './escaped.ts'

/** Longer than this, a key that was added is not seen for a day. */
const LONGEST_SECONDS = 24 * 60 * 60

const BY_SERVER =
  'Let the web server send the header Cache-Control: public, max-age=300 with both documents.'

/**
 * Judges how long a document may be kept. STS honours it: GitLab quotes AWS with no-cache and
 * max-age=0 making STS fetch the keys for every token, and fail when it does so too often.
 */
export function judgeCaching(
  link: LinkId,
  header: string | undefined,
  place: DocumentPlace,
): readonly Finding[] {
  const remedy = resend(place, BY_SERVER)
  if (header === undefined || header.trim() === '') {
    return [{ ...finding(link, 'low', NOT_SAID), ...remedy }]
  }
  const { forbidden, seconds } = readCacheControl(header)
  const summary = `Cache-Control is ${quoted(header)}`
  if (forbidden || seconds === 0) {
    return [{ ...finding(link, 'medium', { summary, why: FORBIDDEN }), ...remedy }]
  }
  if (seconds !== undefined && seconds > LONGEST_SECONDS) {
    return [{ ...finding(link, 'low', { summary, why: TOO_LONG }), ...remedy }]
  }
  return []
}

const finding = (
  link: LinkId,
  severity: Finding['severity'],
  text: Pick<Finding, 'summary' | 'why'>,
) => ({ id: `${link}/cache-control`, severity, ...text })

const NOT_SAID = {
  summary: 'The answer has no Cache-Control',
  why: 'Without it nobody knows how long STS keeps the document, so nobody knows either when a new key can be signed with.',
}

const FORBIDDEN =
  'STS honours it, so it fetches the document for every token, and was seen to fail where it does that too often.'

const TOO_LONG =
  'STS honours it. A key that is added may not be seen for longer than a day, and one that is taken away stays good for as long.'

/** RFC 9111 sections 4.2.1 and 5.2.2; a shared cache prefers `s-maxage`. */
function readCacheControl(header: string) {
  const directives = new Map(
    header
      .toLowerCase()
      .split(',')
      .map((directive) => directive.trim().split('='))
      .map(([name = '', value = '']) => [name.trim(), value.replaceAll('"', '').trim()] as const),
  )
  const age = directives.get('s-maxage') ?? directives.get('max-age')
  return {
    forbidden: directives.has('no-cache') || directives.has('no-store'),
    seconds: age !== undefined && /^\d+$/.test(age) ? Number(age) : undefined,
  }
}
