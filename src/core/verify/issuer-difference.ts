import { listed } from '../words.ts'
import { escapedSigns } from './escaped.ts'

/** How one spelling of an issuer differs from another, byte for byte as STS and IAM compare them. */
export interface IssuerDifference {
  /** The end of "it differs by …", such as `a slash at its end`. */
  readonly by: string
  /** Both, one below the other, and a line that marks what differs in the second. */
  readonly marked: string
}

/** What the two lines begin with. */
export interface Labels {
  readonly wanted: string
  readonly found: string
}

/** Names what differs, and marks it; the two are not the same. */
export const issuerDifference = (
  wanted: string,
  found: string,
  labels: Labels = { wanted: 'expected', found: 'found' },
): IssuerDifference => ({
  by: listed(differencesOf(wanted.slice(0, LONGEST_READ), found.slice(0, LONGEST_READ))),
  marked: markedDifference(wanted, found, labels),
})

/** A scheme, also one that somebody wrote twice or without its colon. */
const SCHEMES = /^(?:[a-z]+:\/\/|https?(?:(?::|%3a)\/*|\/+))+/

/**
 * What is left of an issuer when spelling does not count, such as that of a provider's ARN, which
 * has no scheme: white space, case, scheme, doubled slashes and those at its end.
 */
export const looseIssuer = (text: string): string =>
  text
    .replaceAll(INVISIBLE, '')
    .toLowerCase()
    .replace(SCHEMES, '')
    .replaceAll(/\/{2,}/g, '/')
    .replace(/\/$/, '')

/** Whoever is asked may name an issuer of a megabyte; IAM takes 255 characters. */
const LONGEST_READ = 4_000
const LONGEST_SHOWN = 300

const INVISIBLE = /[\p{C}\p{Z}]/gu

function differencesOf(wanted: string, found: string): readonly string[] {
  const bare = found.replaceAll(INVISIBLE, '')
  const [one, other] = [partsOf(wanted), partsOf(bare)]
  const names = [
    bare === found ? [] : 'white space',
    schemes(one.scheme, other.scheme),
    hosts(one.host, other.host),
    one.port === other.port ? [] : 'the port',
    paths(one.path, other.path),
    one.rest === other.rest ? [] : 'a query or a fragment',
  ].flat()
  return names.length === 0 ? ['its spelling'] : [...new Set(names)]
}

interface Parts {
  readonly scheme: string
  readonly host: string
  readonly port: string
  readonly path: string
  readonly rest: string
}

/** RFC 3986 appendix B, with the authority taken apart; anything at all is taken for something. */
const URL_PARTS = /^(?:([a-z][a-z\d+.-]*):\/\/)?(\[[^\]]*\]|[^/?#:]*)(?::(\d*))?([^?#]*)([^]*)$/i

function partsOf(text: string): Parts {
  const [, scheme = '', host = '', port = '', path = '', rest = ''] = URL_PARTS.exec(text) ?? []
  return { scheme, host, port, path, rest }
}

type Names = string | readonly string[]

const CASE = 'upper and lower case'

function schemes(one: string, other: string): Names {
  if (one === other) return []
  if (one.toLowerCase() === other.toLowerCase()) return CASE
  return other === '' ? 'its missing scheme' : 'the scheme'
}

function hosts(one: string, other: string): Names {
  if (one === other) return []
  if (one.toLowerCase() === other.toLowerCase()) return CASE
  return asAscii(one) === asAscii(other) ? 'the encoding of the host' : 'the host'
}

/** Names outside of ASCII have another form in DNS (RFC 3492), which URL parsers write them in. */
const asAscii = (host: string): string =>
  URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : host

function paths(one: string, other: string): Names {
  const slash = one.endsWith('/') === other.endsWith('/') ? [] : 'a slash at its end'
  return [slash, innerPaths(withoutSlash(one), withoutSlash(other))].flat()
}

const withoutSlash = (path: string): string => path.replace(/(?<!\/)\/+$/, '')

function innerPaths(one: string, other: string): Names {
  if (one === other) return []
  if (decoded(one) === decoded(other)) return 'percent-encoding'
  if (one.toLowerCase() === other.toLowerCase()) return CASE
  return one === other.replaceAll(/\/{2,}/g, '/') ? 'a doubled slash' : 'the path'
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Both texts and a third line that marks what differs in the second. */
export function markedDifference(wanted: string, found: string, labels: Labels): string {
  const [one, other] = partsWithDifference(wanted, found)
  const start = commonLength(one, other)
  const end = commonLength(one.slice(start).toReversed(), other.slice(start).toReversed())
  const part = other.slice(start, other.length - end).join('')
  const width = Math.max(labels.wanted.length, labels.found.length) + 2
  const before = ' '.repeat(width + other.slice(0, start).join('').length)
  return [
    `${labels.wanted.padEnd(width)}${one.join('')}`,
    `${labels.found.padEnd(width)}${other.join('')}`,
    // Where something is missing, the mark stands where it would begin.
    `${before}${'^'.repeat(Math.max(part.length, 1))}`,
  ].join('\n')
}

/** Both whole, or as much of both around the first difference as people read. */
function partsWithDifference(wanted: string, found: string): readonly [Signs, Signs] {
  const texts = [wanted, found].map((text) => escapedSigns(text.slice(0, LONGEST_READ)))
  const [one = [], other = []] = texts
  if (Math.max(one.length, other.length) <= LONGEST_SHOWN) return [one, other]
  const from = Math.max(0, commonLength(one, other) - LONGEST_SHOWN / 2)
  const part = (signs: Signs): Signs => [
    ...(from === 0 ? [] : ['…']),
    ...signs.slice(from, from + LONGEST_SHOWN),
    ...(signs.length > from + LONGEST_SHOWN ? ['…'] : []),
  ]
  return [part(one), part(other)]
}

type Signs = readonly string[]

/** How many signs two texts begin with alike. */
export function commonLength(one: readonly string[], other: readonly string[]): number {
  const at = one.findIndex((sign, index) => sign !== other[index])
  return at === -1 ? one.length : at
}
