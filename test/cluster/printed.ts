import { chmod, copyFile, mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Workplace } from '../support/cli.ts'

/** What `print-apiserver-flags` answers with `-o json`. */
export interface PrintedFlags {
  readonly flags: readonly { readonly name: string; readonly value: string }[]
  readonly files: readonly { readonly path: string; readonly from: string }[]
  readonly text: string
}

/** Runs `print-apiserver-flags` and answers its document. */
export async function printFlags(place: Workplace, ...args: readonly string[]) {
  const ended = await place.run(['print-apiserver-flags', '-o', 'json', ...args])
  if (ended.code !== 0) throw new Error(ended.stderr)
  return ended.json() as unknown as PrintedFlags
}

/** The text of `--for flags` as a shell would hand it on: no comments, no quotes needed here. */
export const flagLines = ({ text }: PrintedFlags): string[] =>
  text.split('\n').filter((line) => line.startsWith('--'))

/** Copies the files to where the output says that they have to be on the node. */
export async function placeFiles(place: Workplace, { files }: PrintedFlags): Promise<void> {
  for (const { path, from } of files) {
    await mkdir(dirname(path), { recursive: true })
    await copyFile(resolve(place.cwd, from), path)
    await chmod(path, 0o600)
  }
}
