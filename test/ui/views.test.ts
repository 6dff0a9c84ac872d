import { describe, expect, test } from 'vitest'
import { chainView } from '../../src/ui/chain-view.ts'
import { fieldsView } from '../../src/ui/fields-view.ts'
import { nextView } from '../../src/ui/next-view.ts'
import { planView, summary } from '../../src/ui/plan-view.ts'
import { problemDocument, problemView } from '../../src/ui/problem-view.ts'
import type { Change } from '../../src/core/change.ts'
import { bucketTaken } from '../../src/core/problems/bucket.ts'
import { themeOf } from '../../src/ui/theme.ts'

const screen = {
  write: () => undefined,
  isOpen: true,
  isTerminal: false,
  width: 80,
  color: false,
  unicode: true,
}
const PLAIN = themeOf(screen)
const COLORED = themeOf({ ...screen, color: true })
const ASCII = themeOf({ ...screen, unicode: false })

const CHANGES: readonly Change[] = [
  { action: 'create', resource: 'bucket', id: 'oidc-acme', detail: 'in the global namespace' },
  { action: 'update', resource: 'object', id: 'keys.json', notes: ['keeps the published key a'] },
  { action: 'none', resource: 'provider', id: 'arn:aws:iam::111122223333:oidc-provider/x' },
]

describe('a plan', () => {
  test('has a line per resource, its notes below it, and what it adds up to', () => {
    const lines = planView(CHANGES, PLAIN, 200).split('\n')
    expect(lines[0]).toBe('  + bucket    oidc-acme  in the global namespace')
    expect(lines[1]).toBe('  ~ object    keys.json')
    expect(lines[2]).toMatch(/^ +! keeps the published key a$/)
    expect(lines[3]).toBe('  = provider  arn:aws:iam::111122223333:oidc-provider/x')
    expect(lines.at(-1)).toBe('  1 to create, 1 to change, 0 to delete, 1 already right')
  })

  test('counts many of a kind that need nothing, and lists those that deserve a look', () => {
    const idle: Change = { action: 'none', resource: 'role', id: 'a' }
    const idlers = (length: number): Change[] => Array.from({ length }, () => idle)
    const text = (count: number) => planView([...CHANGES, ...idlers(count)], PLAIN, 200)
    expect(text(9).match(/= role {6}a/g)).toHaveLength(9)
    expect(text(200).match(/= role.*/g)).toEqual(['= role      200 of them need nothing'])
    expect(text(200)).toContain('201 already right')
    const noted = { ...idle, notes: ['keeps something'] }
    const lines = planView([...idlers(10), noted], PLAIN, 200).split('\n')
    expect(lines.slice(0, 3)).toEqual([
      '  = role  10 of them need nothing',
      '  = role  a',
      expect.stringContaining('keeps something'),
    ])
  })

  test('is painted where colours are wanted, and says the same', () => {
    const painted = planView(CHANGES, COLORED, 200)
    expect(painted).toContain('\u001b[32m+\u001b[39m')
    // eslint-disable-next-line no-control-regex
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(planView(CHANGES, PLAIN, 200))
  })

  test('of nothing adds up to nothing', () => {
    expect(summary([])).toBe('0 to create, 0 to change, 0 to delete, 0 already right')
  })
})

describe('a problem', () => {
  const problem = bucketTaken('oidc-acme')

  test('says what, why, fix and code, within the width', () => {
    const text = problemView(problem, PLAIN, 80)
    expect(text).toMatch(/^✗ The bucket "oidc-acme" belongs to another account\.\n\n {2}why {3}/)
    expect(text).toMatch(/\n\n {2}bucket\/taken, exit 4\n$/)
    const why = text.slice(text.indexOf('  why'), text.indexOf('  fix')).split('\n')
    expect(Math.max(...why.map((line) => line.length))).toBeLessThanOrEqual(80)
    // What can be copied stays in one line.
    expect(text).toContain(`  fix   ${problem.fix}\n`)
  })

  test('without unicode has a letter for its mark', () => {
    expect(problemView(problem, ASCII, 80)).toMatch(/^x The bucket/)
  })

  test('for programs is one line of JSON', () => {
    const text = problemDocument(problem)
    expect(text.trimEnd()).not.toContain('\n')
    expect(Object.keys(JSON.parse(text))).toEqual([
      'apiVersion',
      'kind',
      'code',
      'what',
      'why',
      'fix',
      'exit',
    ])
  })
})

describe('the chain', () => {
  const links = [
    { id: 'jwks', status: 'pass', summary: 'https://oidc.example.com/keys.json' },
    { id: 'provider', status: 'fail', summary: 'not there' },
  ] as const

  test('is a picture, top to bottom', () => {
    expect(chainView(links, PLAIN, screen)).toBe(
      [
        '  pod',
        '   ├─▶ jwks      ✓ https://oidc.example.com/keys.json',
        '   └─╳ provider  ✗ BROKEN HERE: not there',
      ].join('\n'),
    )
  })

  test('lines that go on stand below each other, and none is wider than the screen', () => {
    const summary = Array.from({ length: 40 }, (_, at) => 'ab'.slice(at % 2)).join(' ')
    const wrapped = (width: number) =>
      chainView([{ id: 'jwks', status: 'pass', summary }], PLAIN, {
        ...screen,
        isTerminal: true,
        width,
      }).split('\n')
    for (const width of [50, 51, 52, 53, 100]) {
      const [, first = '', ...rest] = wrapped(width)
      expect(Math.max(first.length, ...rest.map((line) => line.length))).toBeLessThanOrEqual(width)
      expect(rest.length).toBeGreaterThan(0)
      for (const line of rest) expect(line.search(/[ab]/)).toBe(first.search(/[ab]+ [ab]+ /))
    }
  })

  test('in ASCII', () => {
    expect(chainView(links, ASCII, { ...screen, unicode: false })).toMatch(
      /\|-> jwks {6}ok .*\n.*`-x provider {2}x BROKEN HERE: /,
    )
  })
})

test('what comes next stands beside the command, or below where there is no room', () => {
  const commands = [
    { command: 'irsa plan --exit-code', why: 'for a nightly job' },
    { command: 'irsa verify', why: 'look' },
  ]
  expect(nextView(commands, PLAIN, 44)).toBe(
    'Next\n  irsa plan --exit-code  # for a nightly job\n  irsa verify            # look',
  )
  expect(nextView(commands, PLAIN, 43)).toBe(
    'Next\n  irsa plan --exit-code\n    # for a nightly job\n  irsa verify\n    # look',
  )
  expect(nextView([], PLAIN, 80)).toBe('')
})

test('fields stand in a column, a list with a line per value', () => {
  const text = fieldsView([
    ['issuer', 'https://oidc.example.com'],
    ['keys', ['a', 'b']],
    ['none', []],
  ])
  expect(text).toBe('issuer  https://oidc.example.com\nkeys    a\n        b\n')
})
