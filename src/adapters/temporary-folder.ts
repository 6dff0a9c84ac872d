import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderReadOnly } from '../core/problems/files.ts'

const GONE = { recursive: true, force: true }

/**
 * Makes a folder that we alone can read (mkdtemp(3)), and removes it when the work in it has ended,
 * or the process has. @throws Problem `files/not-writable`
 */
export async function inTemporaryFolder<T>(
  work: (path: string) => Promise<T>,
  atExit: (act: () => void) => () => void,
): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), 'irsa-')).catch((error: unknown) => {
    throw folderReadOnly(tmpdir(), error)
  })
  const forget = atExit(() => rmSync(path, GONE))
  try {
    return await work(path)
  } finally {
    await rm(path, GONE)
    forget()
  }
}
