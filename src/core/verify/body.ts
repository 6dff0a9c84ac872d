import { jsonIn } from '../json.ts'
import { isObject } from '../jwk.ts'
import { DOCUMENT_NAMES, type DocumentLink, type JudgedAnswer } from './document.ts'
import { type DocumentPlace, replace, rewrite } from './document-place.ts'
import { exposedText } from './exposed.ts'
import type { Finding } from './finding.ts'
import { quoted } from './escaped.ts'

/** Reads the body of an answer; what keeps it from being a JSON object is a finding. */
export function readBody(link: DocumentLink, body: string, place: DocumentPlace): JudgedAnswer {
  const value = jsonIn(body)
  const exposed = exposedText(link, body, value !== undefined, place)
  if (isObject(value)) return { findings: exposed, document: value }
  const flaw = value === undefined ? flawOf(body) : NOT_AN_OBJECT
  return { findings: [...exposed, finding(link, flaw, place)] }
}

interface Flaw {
  readonly id: string
  /** The end of "… is …" */
  readonly is: string
  readonly why: string
}

const NO_USE = 'STS reads JSON and nothing else, so it has no document.'

/** RFC 8259 section 8.1 forbids to begin with the mark, and lets parsers choke on it. */
const MARKED: Flaw = {
  id: 'byte-order-mark',
  is: 'JSON behind a byte order mark',
  why: 'JSON must not begin with that mark, which some editors put there unseen, and most parsers refuse it.',
}
const EMPTY: Flaw = { id: 'empty', is: 'empty', why: NO_USE }
const NOT_AN_OBJECT: Flaw = { id: 'not-object', is: 'JSON, but no object', why: NO_USE }
const NOT_JSON: Flaw = { id: 'not-json', is: 'not JSON', why: NO_USE }
/** The first two bytes of gzip (RFC 1952 section 2.3.1), as they come out of UTF-8. */
const COMPRESSED: Flaw = {
  id: 'compressed',
  is: 'compressed, though nobody asked for that',
  why: 'An object that was stored compressed is compressed for everybody. Whoever does not expect it has no JSON.',
}

function flawOf(body: string): Flaw {
  if (body.trim() === '') return EMPTY
  if (body.startsWith('\uFEFF') && jsonIn(body.slice(1)) !== undefined) return MARKED
  if (body.startsWith('\u001F\uFFFD')) return COMPRESSED
  if (!/^\s*</.test(body)) return NOT_JSON
  const is = `a web page, which begins ${quoted(body.trim(), 40)}`
  const why = `${NO_USE} A login page, a catch-all of the web server, or an error page stands in its place.`
  return { id: 'html', is, why }
}

const finding = (link: DocumentLink, { id, is, why }: Flaw, place: DocumentPlace): Finding => ({
  id: `${link}/${id}`,
  severity: 'high',
  summary: `What is served as ${DOCUMENT_NAMES[link]} is ${is}`,
  why,
  // Of a document that says nothing irsa is not afraid; an empty key set it cannot read.
  ...(id === 'empty' && link === 'discovery' ? rewrite(place) : replace(place)),
})
