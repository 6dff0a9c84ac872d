/**
 * Whether the caller reads JSON. Read off the command line as it stands, for it may be the very thing
 * that could not be parsed.
 */
export function wantsJson(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const flag = argv.findLastIndex((argument) => /^(-o|--output)(=|$)/.test(argument))
  const attached = argv[flag]?.split('=')[1]
  const value = flag === -1 ? env['IRSA_OUTPUT'] : (attached ?? argv[flag + 1])
  return value === 'json' || argv.includes('-ojson')
}
