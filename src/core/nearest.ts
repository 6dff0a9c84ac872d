/** The one of several names (at least one) that takes the fewest edits; the first of equals. */
export function nearest(text: string, names: readonly string[]): string {
  const lower = text.toLowerCase()
  const ranked = names.map((name) => ({ name, edits: editDistance(lower, name) }))
  return ranked.reduce((best, next) => (next.edits < best.edits ? next : best)).name
}

/** How many letters have to be added, taken out or replaced: the Levenshtein distance, by rows. */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const replaced = at(row, column - 1) + (to[column - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, at(row, column) + 1, at(next, column - 1) + 1))
    }
    row = next
  }
  return at(row, to.length)
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0
