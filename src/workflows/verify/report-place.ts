import { resolve } from 'node:path'
import { fileForeign } from '../../core/problems/files.ts'
import { isReport } from '../../core/verify/report-mark.ts'
import type { World } from '../../ports/world.ts'

/**
 * Where a report is to be written, looked at before there is one: only an older report is replaced.
 *
 * @throws Problem `files/no-place`, `files/not-a-report`
 */
export async function reportPlace(
  { cwd, files }: Pick<World, 'cwd' | 'files'>,
  shown: string,
): Promise<string> {
  const path = resolve(cwd, shown)
  await files.checkPlace(path)
  const there = await files.read(path)
  if (there !== undefined && !isReport(there.toString('utf8'))) throw fileForeign(shown)
  return path
}
