import { API_VERSION } from '../core/config.ts'
import type { CommonOptions, Report } from '../ports/world.ts'
import { chainView } from './chain-view.ts'
import { planView } from './plan-view.ts'
import type { Screen } from './terminal.ts'
import type { Theme } from './theme.ts'

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
  const note = (text: string): void => {
    if (quiet !== true && output === 'human') err.screen.write(`${text}\n`)
  }
  return {
    async result(document, text) {
      out.screen.write(
        output === 'human'
          ? withFinalNewline(text)
          : await formatDocument(
              {
                apiVersion: API_VERSION,
                ...document,
                ...(warnings.length > 0 ? { warnings } : {}),
              },
              output,
            ),
      )
    },

    chain: (links) => chainView(links, out.theme, out.screen),
    planText: (changes) => planView(changes, out.theme, columnsOf(out)),
    plan(title, changes, asked = false) {
      const text = `\n${err.theme.strong(title)}\n\n${planView(changes, err.theme, columnsOf(err))}\n`
      if (asked) err.screen.write(`${text}\n`)
      else note(text)
    },
    note,

    next(commands) {
      const width = Math.max(...commands.map(({ command }) => command.length))
      const lines = commands.map(
        ({ command, why }) =>
          `  ${err.theme.command(command.padEnd(width))}  ${err.theme.dim(`# ${why}`)}`,
      )
      if (lines.length > 0) note(`\n${err.theme.strong('Next')}\n${lines.join('\n')}`)
    },
  }
}

/** What is read by a program is not broken into lines. */
const columnsOf = ({ screen }: Surface): number => (screen.isTerminal ? screen.width : Infinity)

const withFinalNewline = (text: string): string =>
  text === '' || text.endsWith('\n') ? text : `${text}\n`

/** One document with a final newline. */
export async function formatDocument(
  document: Readonly<Record<string, unknown>>,
  format: 'json' | 'yaml',
): Promise<string> {
  const json = JSON.stringify(document, undefined, 2)
  if (format === 'json') return `${json}\n`
  const { stringify } = await import('yaml')
  return stringify(JSON.parse(json), { lineWidth: 0 })
}
