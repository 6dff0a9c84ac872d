/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} [figure] what was measured, with its unit
 * @property {string} [baseline] the same of what it is held against, and its name
 * @property {number} [ratio]
 * @property {string} [target]
 * @property {string} verdict `ok`, `MISSED`, or why there is none
 */

const COLUMNS = /** @type {const} */ (['what', 'figure', 'baseline', 'ratio', 'target', 'verdict'])

/**
 * @param {number} value
 * @param {number} limit
 * @returns {{ target: string, verdict: string }}
 */
export const atMost = (value, limit, unit = '') => ({
  target: `at most ${limit}${unit}`,
  verdict: value <= limit ? 'ok' : 'MISSED',
})

/**
 * @param {number} value
 * @param {number} limit
 * @returns {{ target: string, verdict: string }}
 */
export const atLeast = (value, limit) => ({
  target: `at least ${limit}`,
  verdict: value >= limit ? 'ok' : 'MISSED',
})

/**
 * @param {Row[]} rows
 * @returns {string} columns two blanks apart, without a final newline
 */
export function drawTable(rows) {
  const cells = rows.map(({ ratio, ...row }) => ({ ...row, ratio: ratio?.toFixed(2) }))
  const lines = [Object.fromEntries(COLUMNS.map((name) => [name, name])), ...cells]
  const widths = COLUMNS.map((name) => Math.max(...lines.map((line) => widthOf(line, name))))
  return lines
    .map((line) => COLUMNS.map((name, at) => (line[name] ?? '').padEnd(widths[at])).join('  '))
    .map((line) => line.trimEnd())
    .join('\n')
}

const widthOf = (line, name) => (line[name] ?? '').length
