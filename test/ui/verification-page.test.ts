import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { looked, skipped, unseen } from '../../src/core/verify/link.ts'
import { isReport } from '../../src/core/verify/report-mark.ts'
import { html, htmlText } from '../../src/ui/html.ts'
import { verificationPage } from '../../src/ui/verification-page.ts'
import { chainOf, EVERYTHING, ISSUER, KID_MISSING } from '../support/verifications.ts'

const css = readFileSync(new URL('../../templates/report/page.css', import.meta.url), 'utf8')
const FACTS = { at: new Date('2026-11-22T12:30:00Z'), version: '1.2.3', css }
const PAGE = verificationPage(EVERYTHING, FACTS)

/** The page without its style sheet. */
const BODY = PAGE.replace(/<style>.*<\/style>/s, '')

describe('html', () => {
  test('escapes whatever is put in, and takes its own markup as it is', () => {
    const list = ['<b>', html`<i>${'&'}</i>`]
    expect(htmlText(html`<p title="${`"'`}">${list}${undefined}${3}</p>`)).toBe(
      '<p title="&quot;&#39;">&lt;b&gt;<i>&amp;</i>3</p>',
    )
  })

  test('does not take an object that only looks like markup', () => {
    const made = JSON.parse('{"markup":"<b>"}')
    expect(htmlText(html`${made}`)).not.toContain('<b>')
  })

  test('shows what would be obeyed', () => {
    expect(htmlText(html`${'a\u0000\u001b\u202eb\nc'}`)).toBe('a\uFFFD\uFFFD\uFFFDb\nc')
  })
})

describe('the page', () => {
  test('has the verdict, the issuer, the time and the version', () => {
    expect(PAGE).toContain('The chain is broken at discovery, and further on at jwks.</h1>')
    expect(PAGE).toContain(`<title>Broken at discovery: ${ISSUER}</title>`)
    expect(PAGE).toContain('2026-11-22 12:30:00 UTC')
    expect(PAGE).toContain('irsa 1.2.3')
  })

  test('says of every link what became of it, in words', () => {
    for (const { id } of EVERYTHING.links) {
      expect(BODY).toContain(`href="#${id}"`)
      expect(BODY.split(`id="${id}"`)).toHaveLength(2)
    }
    expect(BODY).toMatch(/discovery<\/span>\s*<span class="pill">broken here</)
    expect(BODY).toMatch(/jwks<\/span>\s*<span class="pill">broken</)
  })

  test('has findings with why, fix and command, and evidence folded away', () => {
    expect(BODY).toContain(KID_MISSING.why)
    expect(BODY).toContain(`<code>${KID_MISSING.command}</code>`)
    expect(BODY).toMatch(/<details>\s*<summary>Evidence<\/summary>/)
    expect(BODY).toContain('&quot;issuer&quot;: &quot;https://oidc.example.com/production/&quot;')
  })

  test('keeps the lines of a difference, and their indentation', () => {
    expect(BODY).toContain(
      `  wanted  ${ISSUER}\n  found   ${ISSUER}/\n          ${' '.repeat(ISSUER.length)}^ a slash`,
    )
  })

  test('asks nobody for anything, and runs nothing', () => {
    expect(PAGE).not.toMatch(/<(script|link|img|iframe|object|embed|form|base)\b|@import|url\(/i)
    expect(BODY).not.toMatch(/\b(src|srcset|style|on\w+)="|javascript:/i)
    for (const [, target] of BODY.matchAll(/href="([^"]*)"/g)) expect(target).toMatch(/^#[a-z-]+$/)
  })

  test('has a policy that allows its own style sheet alone', () => {
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(PAGE) ?? []
    const digest = createHash('sha256').update(style).digest('base64')
    expect(PAGE).toContain(
      `default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;; base-uri`,
    )
    expect(style).toContain('prefers-color-scheme: dark')
    expect(style).toContain('@media print')
  })

  test('is a whole document in a language, with headings in order', () => {
    expect(PAGE).toMatch(/^<!doctype html>\s*<html lang="en">/)
    expect(PAGE).toContain('<meta name="viewport" content="width=device-width, initial-scale=1" />')
    const levels = [...BODY.matchAll(/<h(\d)/g)].map(([, level]) => Number(level))
    expect(levels[0]).toBe(1)
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    for (const [index, level] of levels.entries()) {
      expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1)
    }
  })

  test('is known again as a report, and nothing else is', () => {
    expect(isReport(PAGE)).toBe(true)
    expect(isReport('\n')).toBe(true)
    expect(isReport('<!doctype html><title>mine</title>')).toBe(false)
    expect(isReport(`<!doctype html>${' '.repeat(4000)}${PAGE}`)).toBe(false)
  })

  test('holds nothing but text of what servers say', () => {
    const evil = `</style></pre>"'><script>alert(1)</script><img src=x onerror=alert(1)>`
    const finding = { ...KID_MISSING, summary: evil, why: `${evil}\n  ${evil}`, fix: evil }
    const page = verificationPage(
      {
        ...chainOf({
          jwks: looked('jwks', '', {
            findings: [{ ...finding, command: evil }],
            evidence: [{ label: evil, text: evil }],
          }),
          role: looked('role', evil),
          sts: skipped('sts', unseen(evil, evil)),
        }),
        issuer: evil,
      },
      FACTS,
    )
    expect(page).not.toMatch(/<script|<img/)
    expect(page.match(/<\/style>/g)).toHaveLength(1)
  })
})

test('a chain that holds says so', () => {
  const page = verificationPage(chainOf(), FACTS)
  expect(page).toContain('The chain holds: all 11 links proved.')
  expect(page).toContain(`<title>Holds: ${ISSUER}</title>`)
  expect(page).not.toContain('class="fail"')
})

/** WCAG 2.2, "relative luminance" and "contrast ratio". */
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

/** Text and what it stands on. */
const PAIRS = [
  ...['ink', 'soft', 'pass', 'warn', 'fail', 'skip', 'link'].map((text) => [text, 'card'] as const),
  ...['ink', 'soft'].flatMap((text) =>
    ['paper', 'code', 'pass-tint', 'warn-tint', 'fail-tint', 'skip-tint'].map(
      (ground) => [text, ground] as const,
    ),
  ),
  ...['pass', 'warn', 'fail', 'skip'].map((tone) => [tone, `${tone}-tint`] as const),
  ['sign', 'fail'] as const,
]

test.each(['light', 'dark', 'print'])('%s: all text has the contrast of WCAG AA', (mode) => {
  const palettes = [...css.matchAll(/:root \{(.*?)\}/gs)].map(([, text = '']) =>
    Object.fromEntries([...text.matchAll(/--([\w-]+): (#[\da-f]{6})/g)].map(([, k, v]) => [k, v])),
  )
  const palette = { ...palettes[0], ...palettes[['light', 'dark', 'print'].indexOf(mode)] }
  for (const [text, ground] of PAIRS) {
    const ratio = contrast(palette[text], palette[ground])
    expect(ratio, `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
  }
})
