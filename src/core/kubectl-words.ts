import { kubectlForeignOption } from './problems/kubectl.ts'

/** Every option that irsa gives kubectl, as it writes them. */
const OPTIONS = new Set([
  '-A',
  '-l',
  '-n',
  '-o',
  '--audience',
  '--bound-object-kind',
  '--bound-object-name',
  '--dry-run',
  '--field-selector',
  '--flatten',
  '--ignore-not-found',
  '--image',
  '--minify',
  '--namespace',
  '--output',
  '--overrides',
  '--raw',
  '--restart',
])

/**
 * Lets no word be an option that irsa does not mean. Names that are read from a cluster go into
 * arguments, and the API server does not check all of them (a volume's secretName may be
 * `--server=…`): kubectl would send its credentials wherever such a word says.
 *
 * @throws Problem `kubectl/foreign-option`
 */
export function checkKubectlWords(args: readonly string[]): void {
  const foreign = args.find((word) => word.startsWith('-') && !OPTIONS.has(optionOf(word)))
  if (foreign !== undefined) throw kubectlForeignOption(foreign)
}

const optionOf = (word: string): string => word.replace(/^(--[^=]*)=.*$/s, '$1')
