import { type Flag, settingsFor } from '../core/apiserver/flags.ts'
import type { ApiServerInput } from '../core/apiserver/input.ts'
import type { NodeFile } from '../core/apiserver/keys.ts'
import type { LinePage, Page, Platform } from '../core/apiserver/platform.ts'
import { readSituation, serves } from '../core/apiserver/situation.ts'
import { DISCOVERY_BINDING_COMMAND } from '../core/cluster-host.ts'
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
  platform: Platform,
  input: ApiServerInput,
  templates: (name: string) => string,
): ApiServerConfiguration {
  const situation = readSituation(input, platform)
  const settings = settingsFor(situation)
  const pages = situation.platform.pages(situation, settings)
  const opens = serves(situation) && situation.phase !== 'accept'
  const served = opens ? withBinding(pages) : pages
  const texts = counted(served).map((page) => pageText(page, templates))
  return {
    for: platform.name,
    flags: settings.flags.map(({ name, value }) => ({ name, value })),
    files: settings.files.map(({ path, from }) => ({ path, from })),
    text: texts.join('---\n'),
    warnings: settings.warnings,
  }
}

/** STS reads without credentials, so discovery is opened: as a manifest, or as the command for it. */
function withBinding(pages: readonly Page[]): readonly Page[] {
  const [first, ...others] = pages
  if (first !== undefined && 'lines' in first) {
    return [{ ...first, notes: [...first.notes, ...BINDING_NOTES] }, ...others]
  }
  return [...pages, { template: 'discovery-binding.yaml', notes: [], fills: [] }]
}

/** Whoever sends several documents into one file has to know that they are several. */
function counted(pages: readonly Page[]): readonly Page[] {
  const [first, ...others] = pages
  if (first === undefined || others.length === 0) return pages
  const count = `There are ${pages.length} documents here, parted by "---". The head of each says where it goes.`
  return [{ ...first, notes: [count, ...first.notes] }, ...others]
}

const BINDING_NOTES = [
  'STS reads the documents without credentials, which a new cluster allows to service accounts only. This lets everybody who reaches the API server read the issuer and the public keys, and nothing else; it needs --anonymous-auth, which is on unless somebody turned it off:',
  ...DISCOVERY_BINDING_COMMAND.replaceAll(' --', ' \\\n    --')
    .split('\n')
    .map((line) => `  ${line}`),
]

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
