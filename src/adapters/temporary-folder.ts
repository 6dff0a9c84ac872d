import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InTemporaryFolder } from '../ports/local.ts'

/** mkdtemp(3) makes it readable by us alone. */
export const inTemporaryFolder: InTemporaryFolder = async (work) => {
  const path = await mkdtemp(join(tmpdir(), 'irsa-'))
  try {
    return await work(path)
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}
