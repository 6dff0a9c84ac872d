import { describe, expect, test } from 'vitest'
import { changesBetween } from '../../src/core/verify/changes.ts'
import { looked, skipped, unseen } from '../../src/core/verify/link.ts'
import { changesView } from '../../src/ui/changes-view.ts'
import type { Surface } from '../../src/ui/report.ts'
import type { Screen } from '../../src/ui/terminal.ts'
import { themeOf } from '../../src/ui/theme.ts'
import { verdictOf } from '../../src/ui/verdict.ts'
import { verificationView } from '../../src/ui/verification-view.ts'
import { chainOf, EVERYTHING, ISSUER, KID, KID_MISSING, STALE } from '../support/verifications.ts'

function surface(of: Partial<Screen> = {}): Surface {
  const screen = {
    write: () => undefined,
    isOpen: true,
    isTerminal: true,
    width: 100,
    color: false,
    unicode: true,
    ...of,
  }
  return { screen, theme: themeOf(screen) }
}

const TERMINAL = surface()
const PIPE = surface({ isTerminal: false })
const BROKEN = chainOf({ jwks: looked('jwks', '', { findings: [KID_MISSING] }) })

/** The part of the text that stands for a link of the picture. */
const lineOf = (text: string, id: string): string =>
  text.split('\n').find((line) => line.includes(` ${id} `)) ?? ''

describe('on a terminal', () => {
  const text = verificationView(EVERYTHING, TERMINAL)

  test('the chain is a picture, in which the broken link is marked with a word as well', () => {
    expect(text).toMatch(/^ {2}pod\n {3}├─▶ signer-key {2}✓ kid /)
    expect(lineOf(text, 'discovery')).toMatch(/^ {3}├─╳ discovery {3}✗ BROKEN HERE: The discovery/)
    expect(lineOf(text, 'jwks')).toMatch(/^ {3}├─╳ jwks {8}✗ BROKEN: The published keys/)
    expect(lineOf(text, 'tls')).toMatch(/^ {3}├─▶ tls {9}! The provider has/)
    expect(lineOf(text, 'webhook')).toBe('   ├╌╌ webhook     · not looked at')
    expect(lineOf(text, 'sts')).toBe('   └╌╌ sts         · not looked at')
  })

  test('it is followed by what is wrong, with the command on a line of its own', () => {
    expect(text).toContain(
      `✗ jwks: ${KID_MISSING.summary}\n\n  why   The API server signs with that key`,
    )
    expect(text).toContain(`\n  fix   Publish it:\n        ${KID_MISSING.command}\n`)
    expect(text).toContain('\n  jwks/kid-missing, high\n')
    expect(text).toContain('! tls: The provider has a thumbprint')
  })

  test('marks of a difference point at it', () => {
    const lines = text.split('\n')
    const mark = lines.findIndex((line) => line.includes('^ a slash too many'))
    expect(lines[mark - 1]?.indexOf('/', lines[mark - 1]?.indexOf('production'))).toBe(
      lines[mark]?.indexOf('^'),
    )
    expect(lines[mark - 2]).toContain(`wanted  ${ISSUER}`)
  })

  test('then what was noted, what could not be looked at, and last the verdict', () => {
    expect(text).toContain('  noted jwks: The keys have no Cache-Control. Caches decide')
    expect(text).toContain(
      '· apiserver, webhook: not looked at\n  why   kubectl is not there.\n  takes Install kubectl',
    )
    expect(text.split('\n').at(-1)).toBe(
      'The chain is broken at discovery, and further on at jwks.',
    )
  })

  test('it is never wider than the screen, but for what is copied or compared', () => {
    const narrow = verificationView(EVERYTHING, surface({ width: 60 }))
    const wide = narrow.split('\n').filter((line) => line.length > 60)
    expect(wide.every((line) => /irsa |https:|\^|lBDOnvd3/.test(line))).toBe(true)
    expect(narrow).toContain(`        ${KID_MISSING.command}\n`)
    expect(narrow).toMatch(/├─╳ jwks {8}✗ BROKEN: .*\n {3}│ {16}.*\n/)
    expect(narrow).toContain(KID)
  })

  test('colours say nothing that the words do not', () => {
    const painted = verificationView(EVERYTHING, surface({ color: true }))
    expect(painted).toContain('\u001b[31m')
    // oxlint-disable-next-line no-control-regex
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(text)
  })

  test('without unicode it is drawn in ASCII', () => {
    const ascii = verificationView(EVERYTHING, surface({ unicode: false }))
    expect(ascii).toMatch(/^[\n -~]*$/)
    expect(ascii).toContain('|-x discovery   x BROKEN HERE: ')
  })
})

describe('elsewhere', () => {
  test('a line for each link begins with its status, and nothing is cut or wrapped', () => {
    const lines = verificationView(EVERYTHING, PIPE).split('\n')
    expect(lines.slice(0, 11).map((line) => line.split(/\s+/).slice(0, 2).join(' '))).toEqual([
      'pass signer-key',
      'warn tls',
      'fail discovery',
      'fail jwks',
      'pass provider',
      'pass audience',
      'skip apiserver',
      'skip webhook',
      'pass token',
      'pass role',
      'skip sts',
    ])
    expect(lines[3]).toBe(`fail  jwks        ${KID_MISSING.summary}`)
    expect(lines).toContain(`  why   ${KID_MISSING.why}`)
    expect(lines).toContain(`fail jwks: ${KID_MISSING.summary}`)
    expect(lines.join('\n')).not.toMatch(/[✓✗·├]/)
  })
})

test.each([
  { of: 'all of it', found: chainOf(), verdict: 'The chain holds: all 11 links proved.' },
  {
    of: 'a warning',
    found: chainOf({ tls: looked('tls', '', { findings: [STALE] }) }),
    verdict: 'The chain holds: 10 of 11 links proved, 1 with a warning.',
  },
  {
    of: 'a part',
    found: chainOf({ token: skipped('token', unseen('no')), sts: skipped('sts', unseen('no')) }),
    verdict: 'The chain holds, as far as it was walked: 9 of 11 links proved, 2 not looked at.',
  },
  { of: 'a broken link', found: BROKEN, verdict: 'The chain is broken at jwks.' },
  {
    of: 'nothing',
    found: { links: EVERYTHING.links.filter(({ status }) => status === 'skip') },
    verdict: 'The chain was not walked: none of its links could be looked at.',
  },
])('the verdict on $of', ({ found, verdict }) => {
  expect(verdictOf(found)).toBe(verdict)
})

test('what a server says cannot command the terminal', () => {
  const evil = 'ESC \u001b[2J BEL \u0007 CSI \u009b31m BIDI \u202e'
  const finding = { ...KID_MISSING, summary: evil, why: evil, fix: evil, command: evil }
  const found = chainOf({
    jwks: looked('jwks', '', { findings: [finding, { ...finding, severity: 'info' }] }),
    role: looked('role', `${evil}\nsecond`),
    sts: skipped('sts', unseen(evil, evil)),
  })
  const changes = changesBetween(chainOf(), found)
  for (const where of [TERMINAL, PIPE]) {
    const text = verificationView(found, where) + changesView(new Date(0), changes, where)
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  }
})

describe('a change', () => {
  const at = new Date('2026-11-22T12:30:00.123Z')

  test('is one line with an exact time, and what mends a link that is broken now', () => {
    const text = changesView(at, changesBetween(chainOf(), BROKEN), PIPE)
    expect(text).toBe(
      [
        `2026-11-22T12:30:00Z jwks pass → fail  ${KID_MISSING.summary}`,
        '  fix   Publish it:',
        `        ${KID_MISSING.command}`,
      ].join('\n'),
    )
  })

  test('goes on below where a terminal is too narrow', () => {
    const text = changesView(at, changesBetween(chainOf(), BROKEN), surface({ width: 60 }))
    expect(text.split('\n').slice(0, 3)).toEqual([
      '2026-11-22T12:30:00Z jwks pass → fail  The published keys',
      '  do not have kid',
      `  ${KID}`,
    ])
  })

  test('for the better is one line', () => {
    expect(changesView(at, changesBetween(BROKEN, chainOf()), surface({ unicode: false }))).toBe(
      `2026-11-22T12:30:00Z jwks fail -> pass  ${ISSUER}/keys.json has 1 key`,
    )
  })
})
