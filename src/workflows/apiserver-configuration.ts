import { isMap, isScalar, isSeq, parseDocument, type Document, type Node } from 'yaml'

import { type Flag, settingsFor } from '../core/apiserver/flags.ts'
import type { ApiServerInput } from '../core/apiserver/input.ts'
import type { NodeFile } from '../core/apiserver/keys.ts'
import type { Entry, Fill, LinePage, Page } from '../core/apiserver/platform.ts'
import { findPlatform } from '../core/apiserver/platforms.ts'
import { readSituation } from '../core/apiserver/situation.ts'

/** What `print-apiserver-flags` answers; `text` is the configuration itself, with a final newline. */
export interface ApiServerConfiguration {
  readonly for: string
  readonly flags: readonly Pick<Flag, 'name' | 'value'>[]
  readonly files: readonly Pick<NodeFile, 'path' | 'from'>[]
  readonly text: string
  /** For stderr; `text` has them as comments, too. */
  readonly warnings: readonly string[]
}

/**
 * Writes the API server's configuration for one way of running Kubernetes.
 *
 * @param templates gives the text of `apiserver/<file>` of the templates folder
 * @throws Problem `apiserver/…`
 */
export function renderApiServerConfiguration(
  platform: string,
  input: ApiServerInput,
  templates: (name: string) => string,
): ApiServerConfiguration {
  const situation = readSituation(input, findPlatform(platform))
  const settings = settingsFor(situation)
  const texts = situation.platform
    .pages(situation, settings)
    .map((page) => pageText(page, templates))
  return {
    for: platform,
    flags: settings.flags.map(({ name, value }) => ({ name, value })),
    files: settings.files.map(({ path, from }) => ({ path, from })),
    text: texts.join('---\n'),
    warnings: settings.warnings,
  }
}

function pageText(page: Page, templates: (name: string) => string): string {
  if ('lines' in page) return lineText(page)
  // YAML 1.1 is what Go's parsers read, where a bare "on" or 0440 is not a text.
  const document = parseDocument(templates(`apiserver/${page.template}`), { version: '1.1' })
  for (const fill of page.fills) fillIn(document, fill)
  addHead(document, page.notes)
  return document.toString({ lineWidth: 0, directives: false, singleQuote: true })
}

/** A line of a comment with nothing in it: `yaml` writes "#" for it, and no "#" for an empty text. */
const EMPTY = ' '

const lineText = ({ notes, lines }: LinePage): string =>
  [
    ...[...paragraphs(notes), EMPTY].map((line) => `#${line.trimEnd()}`),
    ...lines.flatMap(({ why, text }) => [...wrapped(why).map((line) => `#${line}`), text]),
  ].join('\n') + '\n'

function fillIn(document: Document, { at, entries }: Fill): void {
  if (entries.length === 0) return removeEmpty(document, at)
  const place = at.length === 0 ? document.contents : document.getIn(at, true)
  if (isSeq(place)) place.items.push(...entries.map((entry) => item(document, entry)))
  else if (isMap(place))
    place.items.push(...(entries.map((entry) => pair(document, entry)) as never[]))
  else throw new Error(`the template has no list or map at ${at.join('.')}`)
  place.flow = false
}

/** Takes a place out, and what is around it when nothing else is left in there. */
function removeEmpty(document: Document, at: readonly string[]): void {
  document.deleteIn(at)
  const around = at.slice(0, -1)
  const parent = around.length > 0 ? document.getIn(around, true) : undefined
  if (isMap(parent) && parent.items.length === 0) removeEmpty(document, around)
}

function item(document: Document, { value, why }: Entry): Node {
  const node = document.createNode(value)
  if (why !== undefined) node.commentBefore = wrapped(why).join('\n')
  return node
}

function pair(document: Document, { key, value, why }: Entry) {
  const made = document.createPair(key, value)
  if (isScalar(made.key) && why !== undefined) made.key.commentBefore = wrapped(why).join('\n')
  return made
}

/** A template's head is the comment that an empty line parts from the rest. */
function addHead(document: Document, notes: readonly string[]): void {
  if (notes.length === 0) return
  document.commentBefore = [document.commentBefore, EMPTY, ...paragraphs(notes)].join('\n')
}

/** Notes as comment lines, with an empty one between two; indented ones stay with what is above. */
const paragraphs = (notes: readonly string[]): string[] =>
  notes.flatMap((note, index) =>
    note.startsWith('  ') ? [` ${note}`] : [...(index > 0 ? [EMPTY] : []), ...wrapped(note)],
  )

/** Lines of at most 90 characters, each with the blank that follows a "#"; long words stay whole. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > 90) lines.push(` ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
