import { resolve } from 'node:path'
import { fileMissing } from '../core/problems/files.ts'
import { MOST_TOKEN_BYTES, tokenIn } from '../core/token-form.ts'
import type { World } from '../ports/world.ts'

/**
 * The token of a file, or of standard input for `-`, whole and in its one form. Nobody prints or
 * keeps it.
 * @throws Problem `files/missing`, `token/…`
 */
export async function readTokenAt(
  { files, cwd, readInput }: Pick<World, 'files' | 'cwd' | 'readInput'>,
  place: string,
): Promise<string> {
  const most = MOST_TOKEN_BYTES + 1
  const content =
    place === '-' ? await readInput(most) : await files.readSome(resolve(cwd, place), most)
  if (content === undefined) throw fileMissing(place, 'A token')
  return tokenIn(content, place)
}
