import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { assertNoPrivateMembers } from '../core/key-set.ts'
import { Conflict } from '../ports/conflict.ts'
import type { DocumentStore } from '../ports/documents.ts'
import type { Files } from '../ports/local.ts'

/** The documents as files below a folder, for a web server of the user's. */
export function directoryDocuments(files: Files, directory: string): DocumentStore {
  const read: DocumentStore['read'] = async (path) => {
    const body = (await files.read(join(directory, path)))?.toString('utf8')
    return body === undefined ? undefined : { body, version: digest(body) }
  }
  return {
    read,

    async write(path, body, seen) {
      assertNoPrivateMembers(body, path)
      const file = join(directory, path)
      if (seen === undefined) return files.create(file, body, 0o644)
      if ((await read(path))?.version !== seen.version) throw new Conflict(`${file} has changed`)
      return files.replace(file, body)
    },

    remove: (path) => files.remove(join(directory, path)),

    // Headers are up to whatever serves the folder.
    isCurrent: () => true,
  }
}

const digest = (body: string): string => createHash('sha256').update(body).digest('hex')
