/** With a capital at its start. */
export const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Without the capital at its start, to go on in a sentence; names such as AWS and S3 keep theirs. */
export const lowerFirst = (text: string): string =>
  text.replace(/^[A-Z](?![A-Z\d])/, (letter) => letter.toLowerCase())

/** `1 service account`, `3 service accounts`. */
export const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`

/** `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

/** The same with four at most: `a, b, c and 3 more`. */
export function shortlist(words: readonly string[]): string {
  if (words.length <= 4) return listed(words)
  const shown = words.slice(0, 3)
  return listed([...shown, `${words.length - shown.length} more`])
}
