/**
 * What a terminal or a page would obey instead of showing: C0 and C1 control characters but for line
 * feed and tab, and the bidirectional controls of Unicode (UAX #9 section 2), which reorder what
 * follows them. Servers that we ask may put them into anything that is quoted.
 */
const OBEYED =
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** The text with a replacement character (U+FFFD) for everything that would not be shown. */
export const visible = (text: string): string =>
  text.replaceAll('\r\n', '\n').replaceAll(OBEYED, '\uFFFD')

/** The same in one line. */
export function visibleLine(text: string): string {
  const [first = '', ...rest] = visible(text).split('\n')
  if (rest.length === 0) return first
  // Line by line: a pattern for white space around a line feed takes the square of a long blank.
  return [first.trimEnd(), ...rest.map((line) => line.trim()).filter((line) => line !== '')].join(
    ' ',
  )
}

/**
 * JSON, or YAML whose odd texts are in double quotes, with escapes for what a terminal would obey:
 * the same document (RFC 8259 section 7, YAML 1.2 section 5.7), for JSON.stringify escapes C0 alone.
 */
export const visibleJson = (json: string): string =>
  json.replaceAll(OBEYED, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Whether a command may be offered to be typed: it is one line, and all of it is shown. */
export const isTypeable = (command: string): boolean =>
  visible(command) === command && !/[\n\t]/.test(command)

/** Not more of a text than somebody wants to read; an ellipsis says that there was more. */
export const cut = (text: string, longest = 300): string =>
  text.length <= longest ? text : `${text.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…`
