/**
 * @param {number[]} values at least one
 * @returns {number}
 */
export function median(values) {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/**
 * @param {() => void} work
 * @returns {number} milliseconds
 */
export function timed(work) {
  const started = performance.now()
  work()
  return performance.now() - started
}

/**
 * Runs every contender in turn, again and again, so that a busy minute hits all of them.
 * @template T
 * @param {number} rounds
 * @param {(() => T | Promise<T>)[]} contenders
 * @returns {Promise<T[][]>} what each contender gave, one a round
 */
export async function inTurn(rounds, contenders) {
  /** @type {T[][]} */
  const figures = contenders.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, contender] of contenders.entries()) figures[at].push(await contender())
  }
  return figures
}

/** @param {number} milliseconds */
export const shown = (milliseconds) =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`
