import { API_VERSION } from '../core/config.ts'
import { visible, visibleLine } from '../core/visible.ts'
import type { CommonOptions, Report } from '../ports/world.ts'
import { auditView } from './audit-view.ts'
import { chainView } from './chain-view.ts'
import { changesView } from './changes-view.ts'
import { fixesView } from './diff-view.ts'
import { type Document, formatDocument, formatEntry } from './document-text.ts'
import { nextView } from './next-view.ts'
import { planView } from './plan-view.ts'
import type { Screen } from './terminal.ts'
import type { Theme } from './theme.ts'
import { tokenView } from './token-view.ts'
import { verificationView } from './verification-view.ts'

/** A stream and how it is painted. */
export interface Surface {
  readonly screen: Screen
  readonly theme: Theme
}

/** The one door to stdout: a document, complete or not at all, or text. */
export function makeReport(
  out: Surface,
  err: Surface,
  { output, quiet }: Pick<CommonOptions, 'output' | 'quiet'>,
  /** What was warned of on the way; it goes into the document. */
  warnings: readonly string[] = [],
): Report {
  const aside = (text: string): void => {
    if (quiet !== true && output === 'human') err.screen.write(`${text}\n`)
  }
  const whole = (document: Document): Document => ({
    apiVersion: API_VERSION,
    ...document,
    ...(warnings.length > 0 ? { warnings } : {}),
  })
  return {
    async result(document, text) {
      out.screen.write(
        output === 'human' ? withFinalNewline(text) : await formatDocument(whole(document), output),
      )
    },
    async entry(document, text) {
      out.screen.write(
        output === 'human' ? withFinalNewline(text) : await formatEntry(whole(document), output),
      )
    },
    isRead: () => out.screen.isOpen,

    chain: (links) => chainView(links, out.theme, out.screen),
    verification: (found) => verificationView(found, out),
    changes: (at, changes) => changesView(at, changes, out),
    token: (words) => tokenView(words, out),
    audit: (audit) => auditView(audit, out),
    fixes(roles, has = false) {
      const text = `\n${fixesView(roles, err.theme)}\n`
      if (has) err.screen.write(`${text}\n`)
      else aside(text)
    },
    planText: (changes) => planView(changes, out.theme, columnsOf(out)),
    plan(title, changes, asked = false) {
      const text = `\n${err.theme.strong(visibleLine(title))}\n\n${planView(changes, err.theme, columnsOf(err))}\n`
      if (asked) err.screen.write(`${text}\n`)
      else aside(text)
    },
    note: (text) => aside(visible(text)),

    next(all) {
      const text = nextView(all, err.theme, columnsOf(err))
      if (text !== '') aside(`\n${text}`)
    },
  }
}

/** What is read by a program is not broken into lines. */
const columnsOf = ({ screen }: Surface): number => (screen.isTerminal ? screen.width : Infinity)

const withFinalNewline = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`
