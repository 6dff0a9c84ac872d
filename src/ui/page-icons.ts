import type { Link } from '../core/verify/link.ts'
import { html, type Html } from './html.ts'

/** The marks of the page: each of another shape, so that nothing depends on its colour. */
const SHAPES: Readonly<Record<Link['status'], Html>> = {
  pass: html`<circle class="body" cx="12" cy="12" r="11" /><path
      class="sign"
      d="M6.5 12.5l3.7 3.7 7.3-8"
    />`,
  warn: html`<path class="body" d="M12 1.5 23 21.5H1z" /><path
      class="sign"
      d="M12 8.5v6M12 17.6v.6"
    />`,
  fail: html`<path class="body" d="M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z" /><path
      class="sign"
      d="M8 8l8 8M16 8l-8 8"
    />`,
  skip: html`<circle class="body" cx="12" cy="12" r="10" /><path class="sign" d="M8 12h8" />`,
}

/** A mark without a name: a word stands next to it. */
export const icon = (status: Link['status']): Html =>
  html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${SHAPES[status]}
  </svg>`

/** What a status is called. */
export const WORDS: Readonly<Record<Link['status'], string>> = {
  pass: 'proved',
  warn: 'warning',
  fail: 'broken',
  skip: 'not looked at',
}

/** The same where there is little room. */
export const SHORT_WORDS: typeof WORDS = { ...WORDS, skip: 'left out' }
