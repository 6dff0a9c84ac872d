/** What a report says that it was made by (HTML standard, section 4.2.5.1, `generator`). */
export const GENERATOR = 'irsa'

/** The `head` comes first; whatever stands further down is content. */
const HEAD_LENGTH = 2048

/** Whether a file is a report of ours, so that a newer one may take its place; an empty file may go too. */
export const isReport = (text: string): boolean =>
  text.trim() === '' ||
  text.slice(0, HEAD_LENGTH).includes(`<meta name="generator" content="${GENERATOR} `)
