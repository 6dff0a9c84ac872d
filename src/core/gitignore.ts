/** What a signer's folder keeps out of git, half-written files of a killed run included. */
export const gitignoreFor = (file: string): string =>
  secretsBesides(file)
    .map((rule) => `${rule}\n`)
    .join('')

/** Rules for the file in this very folder, and for the temporary file that becomes it. */
const secretsBesides = (file: string): string[] => {
  const literal = file.replaceAll(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ')
  return [`/${literal}`, `/.${literal}.*.tmp`]
}

/**
 * Whether the .gitignore of a folder keeps a file of that folder out of git. The last rule that fits
 * decides (gitignore(5), "PATTERN FORMAT"); rules with a bracket in them are not understood and fit
 * nothing, so that the answer is no rather than wrong.
 */
export function ignores(gitignore: string, file: string): boolean {
  const rules = gitignore
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const last = rules.findLast((rule) => fits(rule.replace(/^!/, ''), file))
  return last !== undefined && !last.startsWith('!')
}

function fits(rule: string, file: string): boolean {
  const name = rule.replace(/(?<!\\) +$/, '').replace(/^(?:\*\*)?\//, '')
  // A rule that ends with a slash is for folders, and one with a slash inside for files below.
  if (/[/[]/.test(name.replaceAll(/\\./g, ''))) return false
  const pattern = name.replaceAll(/\\?[^]/g, (token) => {
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    return token.at(-1)!.replace(/[$()*+.?[\\\]^{|}]/, '\\$&')
  })
  return new RegExp(`^${pattern}$`).test(file)
}
