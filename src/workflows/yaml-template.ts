import { isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml'
import { type Entry, type Fill, isEmbeddedYaml } from '../core/yaml-page.ts'
import { EMPTY_LINE, paragraphs, widthAt, wrapped } from './comments.ts'

/** A place of a template and the value that comes there; the template's comments stay. */
export interface Setting {
  readonly at: readonly (string | number)[]
  /** `undefined` takes the place out. */
  readonly value: unknown
}

export interface TemplateContent {
  /** Said in the head of the document, below what the template says there; one paragraph each. */
  readonly notes?: readonly string[]
  readonly fills?: readonly Fill[]
  readonly set?: readonly Setting[]
  /** How far the whole text will be indented, where it goes into another one. */
  readonly indent?: number
}

/**
 * Fills one YAML document: values are put in as data and serialised, never pasted into text, and
 * the template's own comments stay where they are. Ends with a line break.
 */
export function fillTemplate(
  template: string,
  { notes = [], fills = [], set = [], indent = 0 }: TemplateContent,
): string {
  // YAML 1.1 is what Go's parsers read, where a bare "on" or 0440 is not a text.
  const document = parseDocument(template, { version: '1.1' })
  for (const fill of fills) fillIn(document, fill, indent)
  for (const { at, value } of set) {
    if (value === undefined) document.deleteIn(at)
    else document.setIn(at, nodeOf(document, value))
  }
  addHead(document, notes)
  return document.toString({ lineWidth: 0, directives: false, singleQuote: true })
}

function fillIn(document: Document, { at, entries }: Fill, outer: number): void {
  if (entries.length === 0) return removeEmpty(document, at)
  const place = at.length === 0 ? document.contents : document.getIn(at, true)
  const indent = outer + 2 * at.length
  if (isSeq(place)) place.items.push(...entries.map((entry) => item(document, entry, indent)))
  else if (isMap(place))
    place.items.push(...(entries.map((entry) => pair(document, entry, indent)) as never[]))
  else throw new Error(`the template has no list or map at ${at.join('.')}`)
  place.flow = false
}

/** Takes a place out, and what is around it when nothing else is left in there. */
function removeEmpty(document: Document, at: readonly (string | number)[]): void {
  document.deleteIn(at)
  const around = at.slice(0, -1)
  const parent = around.length > 0 ? document.getIn(around, true) : undefined
  if ((isMap(parent) || isSeq(parent)) && parent.items.length === 0) removeEmpty(document, around)
}

/** Written out in full, also where the same object stands twice in it. */
const nodeOf = (document: Document, value: unknown): Node =>
  document.createNode(value, { aliasDuplicateObjects: false })

function item(document: Document, { value, why }: Entry, indent: number): Node {
  const node = nodeOf(document, withTexts(value, indent))
  if (why !== undefined) node.commentBefore = commentAt(indent, why)
  return node
}

function pair(document: Document, { key, value, why }: Entry, indent: number) {
  const made = document.createPair(key, withTexts(value, indent))
  if (isScalar(made.key) && why !== undefined) made.key.commentBefore = commentAt(indent, why)
  return made
}

const commentAt = (indent: number, why: string): string => wrapped(why, widthAt(indent)).join('\n')

/** Writes out the YAML that a value is or holds: as a text of its own, with its comments. */
function withTexts(value: unknown, indent: number): unknown {
  if (isEmbeddedYaml(value)) {
    return fillTemplate(value.template, { fills: value.fills, indent: indent + 2 })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, one]) => [key, withTexts(one, indent + 2)])
  return Object.fromEntries(entries)
}

/** A template's head is the comment that an empty line parts from the rest. */
function addHead(document: Document, notes: readonly string[]): void {
  if (notes.length === 0) return
  const own = document.commentBefore
  const lines = paragraphs(notes)
  document.commentBefore = [...(own ? [own, EMPTY_LINE] : []), ...lines].join('\n')
}
