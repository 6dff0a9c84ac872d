import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { makeReport } from '../../src/ui/report.ts'
import { silentProgress, stepProgress } from '../../src/ui/steps.ts'
import { themeOf } from '../../src/ui/theme.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function recording({ isTerminal = false, width = 60 } = {}) {
  const written: string[] = []
  const write = (text: string): void => void written.push(text)
  const screen = { write, isOpen: true, isTerminal, width, color: false, unicode: true }
  return { screen, theme: themeOf(screen), text: () => written.join('') }
}

test('elsewhere than on a terminal a step is one plain line', () => {
  const { screen, theme, text } = recording()
  const progress = stepProgress(screen, theme)
  progress.begin('Creating bucket a').done()
  progress.begin('Creating object b').done('2 keys')
  progress.begin('Creating provider c').failed()
  progress.warn('look')
  expect(text()).toBe(
    'done    Creating bucket a\ndone    Creating object b: 2 keys\nfailed  Creating provider c\n! look\n',
  )
})

test('one that takes long says that it has begun', () => {
  const { screen, theme, text } = recording()
  const ongoing = stepProgress(screen, theme).begin('Reading')
  vi.advanceTimersByTime(1_900)
  expect(text()).toBe('')
  vi.advanceTimersByTime(200)
  expect(text()).toBe('begun   Reading\n')
  ongoing.done()
  expect(text()).toBe('begun   Reading\ndone    Reading\n')
})

test('on a terminal it turns, and its end stays', () => {
  const { screen, theme, text } = recording({ isTerminal: true })
  const progress = stepProgress(screen, theme)
  const one = progress.begin('one')
  const two = progress.begin('two')
  vi.advanceTimersByTime(200)
  expect(text()).toContain('one, two')
  one.done('detail')
  two.failed()
  expect(text()).toContain(' ✓ one  detail\n')
  expect(text().endsWith(' ✗ two\n')).toBe(true)
  const length = text().length
  vi.advanceTimersByTime(1_000)
  expect(text()).toHaveLength(length)
})

test('on a terminal it says how far it is, and elsewhere only how far it got', () => {
  const terminal = recording({ isTerminal: true })
  const turning = stepProgress(terminal.screen, terminal.theme).begin('many')
  turning.reached('37/200')
  vi.advanceTimersByTime(100)
  expect(terminal.text()).toContain('many 37/200')
  turning.done('200')
  expect(terminal.text().endsWith(' ✓ many  200\n')).toBe(true)
  const { screen, theme, text } = recording()
  const plain = stepProgress(screen, theme).begin('many')
  plain.reached('37/200')
  plain.done('200')
  expect(text()).toBe('done    many: 200\n')
})

test('the line that turns never wraps', () => {
  const { screen, theme, text } = recording({ isTerminal: true, width: 20 })
  stepProgress(screen, theme).begin('a'.repeat(100))
  const drawn = text().split('\u001b[2K').at(-1) ?? ''
  expect(drawn.length).toBeLessThan(20)
  expect(drawn.endsWith('…')).toBe(true)
})

test('silent progress says warnings only', () => {
  const { screen, theme, text } = recording()
  const progress = silentProgress(screen, theme)
  progress.begin('one').done()
  progress.begin('two').failed()
  progress.warn('look')
  expect(text()).toBe('! look\n')
})

test('a report: the result on stdout, the rest on stderr, and nothing else with --quiet', async () => {
  for (const quiet of [undefined, true] as const) {
    const [out, err] = [recording(), recording()]
    const report = makeReport(out, err, { output: 'human', ...(quiet ? { quiet } : {}) })
    report.note('note')
    report.next([{ command: 'irsa plan', why: 'look' }])
    await report.result({ kind: 'X' }, 'text')
    expect(out.text()).toBe('text\n')
    expect(err.text()).toBe(quiet ? '' : 'note\n\nNext\n  irsa plan  # look\n')
  }
})

test.each([
  ['json', '{\n  "apiVersion": "irsa/v1",\n  "kind": "X",\n  "list": []\n}\n'],
  ['yaml', 'apiVersion: irsa/v1\nkind: X\nlist: []\n'],
] as const)('a report as %s', async (output, text) => {
  const [out, err] = [recording(), recording()]
  const report = makeReport(out, err, { output })
  report.note('note')
  await report.result({ kind: 'X', list: [] }, 'text')
  expect([out.text(), err.text()]).toEqual([text, ''])
})
