import { expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { Problem } from '../../src/core/problems/problem.ts'
import { findingView } from '../../src/ui/finding-view.ts'
import { fieldsView } from '../../src/ui/fields-view.ts'
import { planView } from '../../src/ui/plan-view.ts'
import { problemDocument, problemView } from '../../src/ui/problem-view.ts'
import { makeReport } from '../../src/ui/report.ts'
import { keptProgress, silentProgress, stepProgress } from '../../src/ui/steps.ts'
import { themeOf } from '../../src/ui/theme.ts'

/** What others may send: it renames the window, clears the screen, and turns texts around. */
const EVIL = '\u001b]0;pwned\u0007\u001b[2J\u009b31m\u061c\u202eevil'
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const OBEYED = /[\u0007\u007F-\u009F\u061C\u202E]|\u001b(?!\[\d*m)/
const TOKEN = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.eyJpc3MiOiJhIn0.${'c2ln'.repeat(9)}`

function recording(isTerminal = false) {
  const written: string[] = []
  const write = (text: string): void => void written.push(text)
  const screen = { write, isOpen: true, isTerminal, width: 100, color: false, unicode: true }
  return { screen, theme: themeOf({ ...screen, color: true }), text: () => written.join('') }
}

const problem = new Problem({
  code: 'kubectl/failed',
  what: `It ${EVIL} failed.\nfix  curl evil`,
  why: `It said: ${EVIL} ${TOKEN}\nand more`,
  fix: `Look: ${EVIL}`,
  exit: 1,
})

test('a problem moves no cursor, adds no line to its first one, and tells no token', () => {
  const text = problemView(problem, recording().theme, 100)
  expect(text).not.toMatch(OBEYED)
  expect(text).not.toContain('\nfix')
  expect(text).not.toContain(TOKEN)
  expect(text).toContain('\u001b[1m')
  expect(text).toMatch(/\n.* {6}\S*and more\n/)
})

test('the same as JSON, which says all of it but the token', () => {
  const text = problemDocument(problem)
  expect(text).not.toMatch(OBEYED)
  expect(JSON.parse(text)).toMatchObject({
    what: problem.what,
    why: problem.why.replace(TOKEN, '[a token, left out]'),
  })
})

test('a problem of a megabyte is cut', () => {
  const long = new Problem({ ...problem, why: 'a'.repeat(2 ** 20) })
  expect(problemView(long, recording().theme, 100).length).toBeLessThan(20_000)
  expect(problemDocument(long).length).toBeLessThan(20_000)
})

test('what comes next is told without what nobody can type', () => {
  const [out, err] = [recording(), recording()]
  const report = makeReport(out, err, { output: 'human' })
  report.next([
    { command: 'irsa plan', why: `look ${EVIL}` },
    { command: `irsa verify '${EVIL}'`, why: 'never' },
  ])
  report.next([{ command: `irsa verify '${EVIL}'`, why: 'never' }])
  report.note(`a note ${EVIL}\nof two lines`)
  report.plan(`Plan ${EVIL}`, [{ action: 'create', resource: 'bucket', id: EVIL }])
  expect(err.text()).not.toMatch(OBEYED)
  expect(err.text()).not.toContain('never')
  expect(err.text()).toMatch(/irsa plan.*# look/)
  expect(err.text()).toContain('\nof two lines\n')
})

test.each(['json', 'yaml'] as const)('a document in %s says it in escapes', async (output) => {
  const [out, err] = [recording(), recording()]
  const report = makeReport(out, err, { output })
  const document = { kind: 'Token', [EVIL]: [EVIL, 'plain'] }
  await report.result(document, '')
  expect(out.text()).not.toMatch(OBEYED)
  expect(parse(out.text())).toEqual({ apiVersion: 'irsa/v1', ...document })
  const entry = recording()
  await makeReport(entry, err, { output }).entry(document, '')
  expect(entry.text()).not.toMatch(OBEYED)
})

test.each([true, false])('steps and warnings, on a terminal: %s', (isTerminal) => {
  vi.useFakeTimers()
  const { screen, theme, text } = recording(isTerminal)
  for (const progress of [stepProgress(screen, theme), silentProgress(screen, theme)]) {
    const ongoing = progress.begin(`Asking ${EVIL}`)
    ongoing.reached(EVIL)
    vi.advanceTimersByTime(3_000)
    ongoing.done(EVIL)
    progress.begin(EVIL).failed()
    progress.warn(`${EVIL} ${TOKEN}`)
    progress.idle(EVIL).over()
  }
  vi.useRealTimers()
  expect(text().replaceAll('\r\u001b[2K', '')).not.toMatch(OBEYED)
  expect(text()).not.toContain(TOKEN)
  expect(text()).toContain('evil')
})

test('warnings that are kept tell no token', () => {
  const kept: string[] = []
  keptProgress(kept).warn(TOKEN)
  expect(kept).toEqual(['[a token, left out]'])
})

test('plans, fields and findings', () => {
  const surface = recording()
  const texts = [
    planView(
      [{ action: 'create', resource: 'role', id: EVIL, detail: EVIL, notes: [EVIL] }],
      surface.theme,
      100,
    ),
    fieldsView([[EVIL, [EVIL]]]),
    findingView(
      'token',
      {
        id: 'token/expired',
        severity: 'high',
        summary: EVIL,
        why: EVIL,
        fix: 'Use a new one',
        command: `kubectl create token '${EVIL}'`,
      },
      surface,
    ),
  ]
  expect(texts.join('')).not.toMatch(OBEYED)
  expect(texts.join('')).not.toContain('kubectl')
  expect(texts.join('')).toContain('Use a new one')
})
