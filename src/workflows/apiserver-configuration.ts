import { type Flag, settingsFor } from '../core/apiserver/flags.ts'
import type { ApiServerInput } from '../core/apiserver/input.ts'
import type { NodeFile } from '../core/apiserver/keys.ts'
import type { LinePage, Page } from '../core/apiserver/platform.ts'
import { findPlatform } from '../core/apiserver/platforms.ts'
import { readSituation } from '../core/apiserver/situation.ts'
import { EMPTY_LINE, paragraphs, wrapped } from './comments.ts'
import { fillTemplate } from './yaml-template.ts'

/** What `print-apiserver-flags` answers; `text` is the configuration itself, with a final newline. */
export interface ApiServerConfiguration {
  readonly for: string
  readonly flags: readonly Pick<Flag, 'name' | 'value'>[]
  readonly files: readonly Pick<NodeFile, 'path' | 'from'>[]
  readonly text: string
  /** For stderr; `text` has them as comments, too. */
  readonly warnings: readonly string[]
}

/**
 * Writes the API server's configuration for one way of running Kubernetes.
 *
 * @param templates gives the text of `apiserver/<file>` of the templates folder
 * @throws Problem `apiserver/…`
 */
export function renderApiServerConfiguration(
  platform: string,
  input: ApiServerInput,
  templates: (name: string) => string,
): ApiServerConfiguration {
  const situation = readSituation(input, findPlatform(platform))
  const settings = settingsFor(situation)
  const texts = situation.platform
    .pages(situation, settings)
    .map((page) => pageText(page, templates))
  return {
    for: platform,
    flags: settings.flags.map(({ name, value }) => ({ name, value })),
    files: settings.files.map(({ path, from }) => ({ path, from })),
    text: texts.join('---\n'),
    warnings: settings.warnings,
  }
}

function pageText(page: Page, templates: (name: string) => string): string {
  if ('lines' in page) return lineText(page)
  return fillTemplate(templates(`apiserver/${page.template}`), page)
}

const lineText = ({ notes, lines }: LinePage): string =>
  [
    ...[...paragraphs(notes), EMPTY_LINE].map((line) => `#${line.trimEnd()}`),
    ...lines.flatMap(({ why, text }) => [...comment(why), text]),
  ].join('\n') + '\n'

const comment = (why: string | undefined): string[] =>
  why === undefined ? [] : wrapped(why).map((line) => `#${line}`)
