/** Text, a list (the element repeated), or child elements in their order. `undefined` is left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue }

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // XML 1.0 section 2.11: a parser turns a bare carriage return into a line feed.
  '\r': '&#13;',
}

/** One XML document with a declaration; the namespace, if any, is the root element's. */
export function xmlDocument(name: string, value: XmlValue, namespace?: string): string {
  const attribute = namespace ? ` xmlns="${namespace}"` : ''
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${attribute}>${content(value)}</${name}>`
}

function content(value: XmlValue): string {
  if (value === undefined) return ''
  if (value instanceof Date) return value.toISOString()
  if (typeof value !== 'object') return String(value).replace(/[&<>"\r]/g, (c) => ESCAPES[c] ?? c)
  return Object.entries(value)
    .map(([name, child]) => element(name, child))
    .join('')
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return value.map((item: XmlValue) => element(name, item)).join('')
  return `<${name}>${content(value)}</${name}>`
}
