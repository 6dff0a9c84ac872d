import { createHash } from 'node:crypto'
import type { Link, Verification } from '../core/verify/link.ts'
import { GENERATOR } from '../core/verify/report-mark.ts'
import { html, htmlText, type Html, verbatim } from './html.ts'
import { railMarkup, stripMarkup } from './page-chain.ts'
import { icon, WORDS } from './page-icons.ts'
import { verdictOf } from './verdict.ts'

export interface PageFacts {
  /** When the chain was walked. */
  readonly at: Date
  /** Of irsa. */
  readonly version: string
  /** The style sheet, templates/report/page.css. */
  readonly css: string
}

/**
 * What `irsa verify` found as one HTML page that needs nothing else: no script, no font, no request.
 * The policy in it allows its own style sheet and nothing more, whatever somebody may have got into
 * its texts (CSP level 3, section 2.3.1).
 */
export function verificationPage(found: Verification, { at, version, css }: PageFacts): string {
  const digest = createHash('sha256').update(css).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`
  const title = `${found.ok ? 'Holds' : `Broken at ${found.brokenLink}`}: ${found.issuer}`
  return htmlText(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${policy}" />
          <meta name="generator" content="${GENERATOR} ${version}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="referrer" content="no-referrer" />
          <title>${title}</title>
          ${verbatim(`<style>${css}</style>`)}
        </head>
        <body>
          ${headerMarkup(found, at, version)}
          <main>
            <section aria-labelledby="chain">
              <h2 id="chain">The chain</h2>
              ${stripMarkup(found.links)}
            </section>
            <section aria-labelledby="links">
              <h2 id="links">Link by link</h2>
              ${railMarkup(found.links, found.brokenLink)}
            </section>
          </main>
          <footer>
            <p>Written by irsa ${version}. There are no tokens and no private keys in this page.</p>
          </footer>
        </body>
      </html> `,
  )
}

function headerMarkup(found: Verification, at: Date, version: string): Html {
  const { issuer, links } = found
  const status = overall(found)
  return html`<header class="${status}">
    <p class="brand">irsa verify</p>
    <div class="verdict">
      ${icon(status)}
      <h1>${verdictOf(found)}</h1>
    </div>
    <ul class="counts">
      ${(['pass', 'warn', 'fail', 'skip'] as const).map((each) => countMarkup(each, links))}
    </ul>
    <dl>
      <div>
        <dt>Issuer</dt>
        <dd class="mono">${issuer}</dd>
      </div>
      <div>
        <dt>Looked at</dt>
        <dd><time datetime="${at.toISOString()}">${dayAndTime(at)}</time></dd>
      </div>
      <div>
        <dt>With</dt>
        <dd>irsa ${version}</dd>
      </div>
    </dl>
  </header>`
}

function countMarkup(status: Link['status'], links: readonly Link[]): Html | undefined {
  const count = links.filter((link) => link.status === status).length
  return count === 0
    ? undefined
    : html`<li class="${status}">${icon(status)}${count} ${WORDS[status]}</li>`
}

/** The mark of the page itself. */
function overall({ ok, links }: Verification): Link['status'] {
  if (!ok) return 'fail'
  if (links.some(({ status }) => status === 'warn')) return 'warn'
  return links.every(({ status }) => status === 'skip') ? 'skip' : 'pass'
}

/** `2026-11-22 12:30:00 UTC` */
const dayAndTime = (at: Date): string =>
  at
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
