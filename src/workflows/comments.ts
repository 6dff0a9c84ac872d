/** A line of a comment with nothing in it: `yaml` writes "#" for it, and no "#" for an empty text. */
export const EMPTY_LINE = ' '

const WIDTH = 90

/** Lines of at most so many characters, with the blank that follows a "#"; long words stay whole. */
export function wrapped(text: string, width = WIDTH): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(` ${word}`)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** How long a line may be at this depth, so that none is longer than 100 characters. */
export const widthAt = (indent: number): number => Math.min(WIDTH, 99 - indent)

/** Notes as comment lines, with an empty one between two; indented ones stay with what is above. */
export const paragraphs = (notes: readonly string[]): string[] =>
  notes.flatMap((note, index) =>
    note.startsWith('  ') ? [` ${note}`] : [...(index > 0 ? [EMPTY_LINE] : []), ...wrapped(note)],
  )
