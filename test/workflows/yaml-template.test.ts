import { expect, test } from 'vitest'
import { parse } from 'yaml'

import { fillTemplate } from '../../src/workflows/yaml-template.ts'

const WHY = 'word '.repeat(60).trim()
const inner = {
  template: 'kind: Inner\nargs: {}\n',
  fills: [{ at: ['args'], entries: [{ key: 'on', value: 'on', why: WHY }] }],
}

test.each([
  ['an item of a list', 'a: []\n', inner, (read: { a: string[] }) => read.a[0]],
  [
    'a field of an item',
    'a: []\n',
    { text: inner },
    (read: { a: { text: string }[] }) => read.a[0]?.text,
  ],
] as const)('YAML as %s is a text of its own, with its comments', (_, template, value, find) => {
  const filled = fillTemplate(template, { fills: [{ at: ['a'], entries: [{ value }] }] })
  const text = find(parse(filled)) ?? ''
  expect(text.match(/^ {2}# word/gm)?.length).toBeGreaterThan(1)
  expect(parse(text)).toEqual({ kind: 'Inner', args: { on: 'on' } })
})

test('no comment is longer than 100 characters, however deep it stands', () => {
  const at = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const template = at.map((key, depth) => `${'  '.repeat(depth)}${key}:`).join('\n') + ' []\n'
  const entries = [{ value: { text: inner }, why: WHY }]
  const lines = fillTemplate(template, { fills: [{ at, entries }] }).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100)
})
