/**
 * Breaks at spaces; a word longer than the room stays whole, so that it can be copied, and so do
 * texts of several lines, such as a stack.
 */
export function wrap(text: string, room: number): string[] {
  return text.includes('\n') ? text.split('\n') : wrapLine(text, room)
}

/**
 * The same line by line, for texts that hold pictures: a line stays whole where it, or the one below
 * it, is indented or set in columns, since marks in the one point at places in the other. A line that
 * ends with a colon only leads up to it.
 */
export const wrapLines = (text: string, room: number): string[] =>
  blocksOf(text).flatMap(({ isDrawn, lines }) =>
    isDrawn ? lines : lines.flatMap((line) => wrapLine(line, room)),
  )

/** Lines next to each other that are all words, or all of a picture. */
export interface Block {
  readonly isDrawn: boolean
  readonly lines: readonly string[]
}

/** Takes a text apart into words and pictures. */
export function blocksOf(text: string): readonly Block[] {
  const all = text.split('\n')
  const blocks: { readonly isDrawn: boolean; readonly lines: string[] }[] = []
  for (const [index, line] of all.entries()) {
    const isDrawn = looksDrawn(line) || (!line.endsWith(':') && looksDrawn(all[index + 1] ?? ''))
    const last = blocks.at(-1)
    if (last?.isDrawn === isDrawn) last.lines.push(line)
    else blocks.push({ isDrawn, lines: [line] })
  }
  return blocks
}

const looksDrawn = (line: string): boolean => /^\s|\S {2}|\t/.test(line)

function wrapLine(text: string, room: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
