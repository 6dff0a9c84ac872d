import type { Finding } from '../core/verify/finding.ts'
import type { Evidence } from '../core/verify/link.ts'
import { isTypeable } from '../core/visible.ts'
import { html, type Html } from './html.ts'
import { blocksOf } from './wrap.ts'

/** A finding with why it matters and how it is mended. */
export const findingMarkup = ({ id, severity, summary, why, fix, command }: Finding): Html =>
  html`<article class="finding ${severity}">
    <h4>${summary}</h4>
    ${labelled('Why', html`${textMarkup(why)}`, why)}
    ${labelled('Fix', html`${textMarkup(fix)}${commandMarkup(command)}`, fix + (command ?? ''))}
    <p class="code">${id} · ${severity}</p>
  </article>`

const labelled = (label: string, content: Html, text: string): Html | undefined =>
  text === ''
    ? undefined
    : html`<div class="part">
        <h5>${label}</h5>
        <div>${content}</div>
      </div>`

/** Words flow; lines that make a picture together stay as they are. */
export const textMarkup = (text: string): readonly Html[] =>
  blocksOf(text).map(({ isDrawn, lines }) =>
    isDrawn
      ? html`<pre class="drawing" tabindex="0">${lines.join('\n')}</pre>`
      : html`<p>${lines.join(' ')}</p>`,
  )

const commandMarkup = (command: string | undefined): Html | undefined =>
  command === undefined || !isTypeable(command)
    ? undefined
    : html`<pre class="command" tabindex="0"><code>${command}</code></pre>`

/** What was seen, folded away. */
export const evidenceMarkup = (evidence: readonly Evidence[]): Html | undefined =>
  evidence.length === 0
    ? undefined
    : html`<details>
        <summary>Evidence</summary>
        <dl>
          ${evidence.map(
            ({ label, text }) =>
              html`<dt>${label}</dt>
                <dd><pre tabindex="0">${text}</pre></dd> `,
          )}
        </dl>
      </details>`
