/** A line of a comment with nothing in it: `yaml` writes "#" for it, and no "#" for an empty text. */
export const EMPTY_LINE = ' '

/** Lines of at most 90 characters, each with the blank that follows a "#"; long words stay whole. */
export function wrapped(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > 90) lines.push(` ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** Notes as comment lines, with an empty one between two; indented ones stay with what is above. */
export const paragraphs = (notes: readonly string[]): string[] =>
  notes.flatMap((note, index) =>
    note.startsWith('  ') ? [` ${note}`] : [...(index > 0 ? [EMPTY_LINE] : []), ...wrapped(note)],
  )
