import { randomBytes } from 'node:crypto'
import {
  access,
  constants,
  link,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  unlink,
} from 'node:fs/promises'
import { platform } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { diskFull, fileUnreadable, folderReadOnly, placeUnfit } from '../core/problems/files.ts'
import { keyReadableByOthers } from '../core/problems/signer.ts'
import { Problem } from '../core/problems/problem.ts'
import { Conflict } from '../ports/conflict.ts'
import type { Files } from '../ports/local.ts'

/** Permission bits of group and others. */
const OTHERS = 0o077

/** The files of this machine. */
export const localFiles: Files = {
  read: readOptional,
  readSome: (path, most) => optional(path, () => readBeginning(path, most)),

  async readSecret(path) {
    const content = await readOptional(path)
    // On Windows the mode says nothing about who may read.
    if (content === undefined || platform() === 'win32') return content
    if (((await stat(path)).mode & OTHERS) !== 0) throw keyReadableByOthers(path)
    return content
  },

  async create(path, content, mode) {
    await writeWhole(path, content, mode, (temporary) => linkOrRename(temporary, path))
  },

  async replace(path, content, mode = 0o644) {
    await writeWhole(path, content, mode, (temporary) => rename(temporary, path))
  },

  async remove(path) {
    await rm(path, { force: true }).catch((error: unknown) => {
      throw folderReadOnly(path, error)
    })
  },

  async checkPlace(path) {
    const folder = `${dirname(path)}${sep}`
    await access(folder, constants.W_OK).catch((error: unknown) => {
      throw placeUnfit(path, error)
    })
    const there = await stat(path).catch(() => undefined)
    // A device or a pipe would be gone once a file has its name.
    if (there?.isFile() === false) throw placeUnfit(path, new Error('it is not a file'))
  },
}

function readOptional(path: string): Promise<Buffer | undefined> {
  return optional(path, () => readFile(path))
}

async function optional(path: string, read: () => Promise<Buffer>): Promise<Buffer | undefined> {
  try {
    return await read()
  } catch (error) {
    if (errno(error) === 'ENOENT' || errno(error) === 'ENOTDIR') return undefined
    throw fileUnreadable(path, error)
  }
}

/** A pipe gives less at a time than it has; a device without an end gives what it is asked for. */
async function readBeginning(path: string, most: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(most)
    let length = 0
    while (length < most) {
      const { bytesRead } = await file.read(buffer, length, most - length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await file.close()
  }
}

/**
 * Writes next to the target, flushes, and only then gives the file its name: whoever looks, after
 * whatever crash, finds a whole file or none.
 */
async function writeWhole(
  path: string,
  content: string,
  mode: number,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await makeFolder(path)
    const file = await open(temporary, 'wx', mode)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await publish(temporary)
  } catch (error) {
    throw writeProblem(error, path)
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined)
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
  } catch (error) {
    // A file stands where the folder should: waiting for another writer would not help.
    if (errno(error) === 'EEXIST') throw folderReadOnly(path, error)
    // Recursively, Node calls a read-only file system "no such file"; plainly, it says what is wrong.
    const { path: missing = '' } = error as NodeJS.ErrnoException
    const plain: unknown = await mkdir(missing).catch((reason: unknown) => reason)
    throw errno(plain) === 'EROFS' ? plain : error
  }
}

/** link(2) fails where the name is taken; some file systems (FAT, many FUSE ones) have no links. */
async function linkOrRename(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
    await unlink(temporary)
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(errno(error))) throw error
    if ((await readOptional(path)) !== undefined) throw new Conflict(`${path} exists`, error)
    await rename(temporary, path)
  }
}

function writeProblem(error: unknown, path: string): Error {
  if (error instanceof Problem || error instanceof Conflict) return error
  const code = errno(error)
  if (code === 'EEXIST') return new Conflict(`${path} exists`, error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(path, error)
  return folderReadOnly(path, error)
}

const errno = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? ''
