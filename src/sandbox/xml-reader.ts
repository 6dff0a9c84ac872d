import { AwsError } from './errors.ts'

/** One element of a request body; name without its prefix, attributes left out. */
export interface XmlElement {
  readonly name: string
  readonly children: XmlElement[]
  text: string
}

/** Declarations, comments and processing instructions; opening, closing and empty tags; text. */
const TOKEN =
  /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

/**
 * Reads the root element of a body that S3 takes. Document types and CDATA are refused: no client
 * sends them.
 * @throws AwsError `MalformedXML`
 */
export function readXml(body: Buffer): XmlElement {
  const top: XmlElement = { name: '', children: [], text: '' }
  const open = [top]
  let end = 0
  const text = body.toString('utf8').replace(/^\uFEFF/, '')
  for (const [token, slash, name, , empty, characters] of text.matchAll(TOKEN)) {
    end += token.length
    const parent = open.at(-1) ?? top
    if (characters !== undefined) parent.text += unescapeText(characters)
    if (name === undefined) continue
    if (slash === '/') close(open, local(name))
    else parent.children.push(enter(open, local(name), empty === '/'))
  }
  const [root, second] = top.children
  if (end !== text.length || open.length !== 1 || !root || second) throw malformedXml()
  return root
}

/** The first child of this name. */
export const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
  element?.children.find((candidate) => candidate.name === name)

/** The text of the first child of this name, without the white space around it. */
export const childText = (element: XmlElement | undefined, name: string): string | undefined =>
  child(element, name)?.text.trim()

/** All children of this name. */
export const children = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((candidate) => candidate.name === name) ?? []

/** S3 error responses, MalformedXML. */
export const malformedXml = (): AwsError =>
  new AwsError(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  )

function enter(open: XmlElement[], name: string, empty: boolean): XmlElement {
  const element: XmlElement = { name, children: [], text: '' }
  if (!empty) open.push(element)
  return element
}

function close(open: XmlElement[], name: string): void {
  if (open.length === 1 || open.pop()?.name !== name) throw malformedXml()
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function unescapeText(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([\da-fA-F]+)|(\w+));/g, (_, decimal, hex, name) => {
    if (name) return ENTITIES[name] ?? refuse()
    const code = Number.parseInt(decimal ?? hex, decimal ? 10 : 16)
    return code <= 0x10ffff ? String.fromCodePoint(code) : refuse()
  })
}

function refuse(): never {
  throw malformedXml()
}
