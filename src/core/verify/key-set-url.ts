import { closedTo } from '../address-reach.ts'
import type { Issuer } from '../issuer.ts'
import { type DocumentPlace, rewrite } from './document-place.ts'
import type { Finding } from './finding.ts'
import { cut } from '../visible.ts'
import { quoted, quotedValue } from './escaped.ts'

/** Judges the `jwks_uri` of a discovery document. */
export function judgeKeySetUrl(
  named: unknown,
  issuer: Issuer,
  place: DocumentPlace,
): readonly Finding[] {
  const flaw = flawOf(named, issuer)
  return flaw === undefined ? [] : [{ ...flaw, ...rewrite(place) }]
}

/** The URL that STS would fetch; undefined where there is none that it could. */
export function fetchableKeySetUrl(
  document: Readonly<Record<string, unknown>> | undefined,
): string | undefined {
  const named = document?.['jwks_uri']
  return typeof named === 'string' && isFetchable(named) ? named : undefined
}

/** RFC 9110 section 4.1: of longer ones nobody has to take any. */
const LONGEST_URL = 8_000

const isFetchable = (text: string): boolean =>
  text.length <= LONGEST_URL &&
  /^https:\/\/[^/?#]/i.test(text) &&
  !/[\s\p{C}]/u.test(text) &&
  URL.canParse(text)

/**
 * A key set that is where nobody on the internet gets. It is not fetched from here either: whoever
 * writes the document would have this machine ask within its own network.
 *
 * @param addresses of its host, as this machine resolves it
 */
export function keySetUrlClosed(
  url: string,
  addresses: readonly string[],
  place: DocumentPlace,
): Finding {
  const host = hostOf(url)
  const literal = addresses.includes(host) || LOOPBACK.test(host)
  const shown = addresses.map((address) => `${address} (${closedTo(address) ?? ''})`).join(', ')
  return {
    id: 'discovery/jwks-uri-closed',
    // A name may resolve to other addresses elsewhere.
    severity: literal ? 'high' : 'medium',
    summary: `The key set is to be fetched from ${quoted(host)}, which is ${shown}`,
    why: `STS fetches it from the internet, where nobody reaches that address, so it was not asked from here either.${literal ? '' : ' If the name resolves to a public address elsewhere, all is well.'}`,
    ...rewrite(place),
  }
}

/** The host of a URL as a resolver takes it. */
export const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '')

/** RFC 6761 section 6.3. */
const LOOPBACK = /(^|\.)localhost\.?$/

type Flaw = Pick<Finding, 'id' | 'severity' | 'summary' | 'why'>

function flawOf(named: unknown, issuer: Issuer): Flaw | undefined {
  if (named === undefined) return flaw('missing', named, ABSENT)
  if (typeof named !== 'string' || named === '') return flaw('missing', named, NO_TEXT)
  if (/^http:/i.test(named)) return flaw('not-https', named, PLAIN)
  if (!/^[a-z][a-z\d+.-]*:/i.test(named)) return flaw('relative', named, RELATIVE)
  if (!isFetchable(named)) return flaw('invalid', named, INVALID)
  const [host, own] = [new URL(named).host, new URL(issuer).host]
  return host === own ? undefined : otherHost(host, own)
}

/** What is wrong with it, and what STS makes of that. */
type Words = readonly [is: string, why: string]

const UNFETCHABLE = 'so STS does not get at the keys and refuses every token'

const ABSENT: Words = ['is not there', `Nothing else says where the keys are, ${UNFETCHABLE}.`]
const NO_TEXT: Words = ['says nothing', ABSENT[1]]
const PLAIN: Words = ['is not https', `STS fetches over TLS only, ${UNFETCHABLE}.`]
const RELATIVE: Words = ['is no whole URL', `STS does not complete it, ${UNFETCHABLE}.`]
const INVALID: Words = [
  'is no URL that can be fetched',
  `It is taken as it stands, ${UNFETCHABLE}.`,
]

function flaw(what: string, named: unknown, [is, why]: Words): Flaw {
  const value = named === undefined ? '' : `: ${quotedValue(named)}`
  return {
    id: `discovery/jwks-uri-${what}`,
    severity: 'high',
    summary: `The "jwks_uri" of the discovery document ${is}${value}`,
    why,
  }
}

const otherHost = (host: string, own: string): Flaw => ({
  id: 'discovery/jwks-uri-other-host',
  severity: 'medium',
  summary: `The key set is on another host than the issuer, ${quoted(host)}`,
  why: `STS has to reach both, so there is one more thing to fail. Where IAM falls back to thumbprints, the provider needs those of ${cut(host)} and of ${own}.`,
})
