import { withoutSecrets } from '../secrets.ts'

/** Other than the plain blank, what prints as nothing, as a blank, or moves what is printed. */
const UNSEEN = /[\p{C}\p{Z}]/u

/** As it can be printed: what nobody would see is written as in JSON, such as `\u200b`. */
export const escaped = (text: string): string => escapedSigns(text, ' ').join('')

/** Each sign of a text as it can be printed; the signs of `kept` stay whatever they are. */
export const escapedSigns = (text: string, kept = ''): readonly string[] =>
  [...text].map((sign) => (UNSEEN.test(sign) && !kept.includes(sign) ? inHex(sign) : sign))

/** Somebody else's text between quotation marks, safe to print, and not longer than a line. */
export function quoted(text: string, longest = 120): string {
  // Half a token would not be known for one. The rest is long enough for signs of two units.
  const signs = escapedSigns(withoutSecrets(text).slice(0, 2 * longest + 2), ' ')
  const shown = signs.length > longest ? `${signs.slice(0, longest).join('')}…` : signs.join('')
  return `"${shown}"`
}

/** The same for whatever JSON may hold where text is expected. */
export const quotedValue = (value: unknown, longest?: number): string =>
  typeof value === 'string' ? quoted(value, longest) : quoted(JSON.stringify(value) ?? '', longest)

const inHex = (sign: string): string =>
  Array.from({ length: sign.length }, (_, at) => sign.charCodeAt(at))
    .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
    .join('')
