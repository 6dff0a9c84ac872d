import { basename, dirname, join } from 'node:path'
import { gitignoreFor, ignores } from '../core/gitignore.ts'
import { Conflict } from '../ports/conflict.ts'
import type { Files } from '../ports/local.ts'
import type { Progress } from '../ports/progress.ts'

/**
 * Keeps a file with a private key out of git, and only that file: the folder may be that of a whole
 * project. To be called before the file is written.
 *
 * @param shown the file as the user named it
 */
export async function ignoreSecret(
  files: Files,
  secretPath: string,
  shown: string,
  { warn }: Pick<Progress, 'warn'>,
): Promise<void> {
  const [path, secret] = [join(dirname(secretPath), '.gitignore'), basename(secretPath)]
  try {
    await files.create(path, gitignoreFor(secret), 0o644)
  } catch (error) {
    // Whatever somebody wrote there themselves stays.
    if (!(error instanceof Conflict)) throw error
    const theirs = (await files.read(path))?.toString('utf8') ?? ''
    if (ignores(theirs, secret)) return
    const place = join(dirname(shown), '.gitignore')
    warn(`${place} does not keep the private key out of git: add the line /${secret}`)
  }
}
