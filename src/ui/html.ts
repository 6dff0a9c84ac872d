import { visible } from '../core/visible.ts'

const MARKUP = Symbol('markup')

/** Markup that `html` made: its texts are escaped already. */
export interface Html {
  readonly [MARKUP]: string
}

type Part = Html | string | number | undefined | readonly Part[]

/**
 * Markup from a template. Whatever is put in is text, and is escaped, for elements as well as for
 * attributes in double quotes; only what `html` itself made goes in as it is. Lists are joined.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  [MARKUP]: strings.map((text, index) => text + markupOf(parts[index])).join(''),
})

/** The text of the markup, for a file. */
export const htmlText = (markup: Html): string => markup[MARKUP]

/** For markup that is ours to the last byte, such as the style sheet that comes with irsa. */
export const verbatim = (text: string): Html => ({ [MARKUP]: text })

function markupOf(part: Part): string {
  if (part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return isList(part) ? part.map(markupOf).join('') : part[MARKUP]
}

// Array.isArray does not see readonly lists.
const isList = (part: Html | readonly Part[]): part is readonly Part[] => Array.isArray(part)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** OWASP XSS Prevention, "Output Encoding for HTML Contexts". */
const escaped = (text: string): string =>
  visible(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
