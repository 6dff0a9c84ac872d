import { describe, expect, test } from 'vitest'
import { cut, isTypeable, visible, visibleJson, visibleLine } from '../../src/core/visible.ts'

/** UAX #9 section 2, and both sets of control characters but for line feed and tab. */
const OBEYED = [
  ...Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 9 && code !== 10),
  ...Array.from({ length: 33 }, (_, index) => 0x7f + index),
  0x61c,
  0x200e,
  0x200f,
  0x202a,
  0x202b,
  0x202c,
  0x202d,
  0x202e,
  0x2066,
  0x2067,
  0x2068,
  0x2069,
].map((code) => String.fromCharCode(code))

test('nothing is left of what a terminal would obey', () => {
  for (const sign of OBEYED) expect(visible(`a${sign}b`), JSON.stringify(sign)).toBe('a\uFFFDb')
  expect(visible('a\r\nb\tc é 漢 \u{1F600}')).toBe('a\nb\tc é 漢 \u{1F600}')
})

test('a line is one line', () => {
  expect(visibleLine('a  \n\n  b\r\nc')).toBe('a b c')
  expect(visibleLine('  a  b  ')).toBe('  a  b  ')
})

test('JSON says the same with escapes', () => {
  const value = { [OBEYED.join('')]: OBEYED }
  const json = visibleJson(JSON.stringify(value, undefined, 2))
  expect(JSON.parse(json)).toEqual(value)
  expect(visible(json)).toBe(json)
})

describe('a command can be typed', () => {
  test.each([
    ["jq '.keys' keys.json | sed 's/a/b/'", true],
    ["irsa plan --config 'é.yaml'", true],
    ["kubectl create token a --audience '\u001b[2J'", false],
    ["kubectl create token a --audience 'a\nb'", false],
    ["kubectl create token a --audience 'a\tb'", false],
    ["kubectl create token a --audience '\u202e'", false],
  ])('%j: %j', (command, typeable) => {
    expect(isTypeable(command)).toBe(typeable)
  })
})

test('a long text is cut, and no sign in half', () => {
  expect(cut('abc', 3)).toBe('abc')
  expect(cut('abcd', 3)).toBe('abc…')
  expect(cut('ab\u{1F600}d', 3)).toBe('ab…')
})
