import { join } from 'node:path'
import { CLUSTER_KEY_SET_PATH } from '../core/cluster-host.ts'
import { parseKeySet } from '../core/key-set.ts'
import { keySetUnparsable } from '../core/problems/documents.ts'
import { publicKeyFromJwk } from '../core/public-key.ts'
import type { Files } from '../ports/local.ts'
import type { World } from '../ports/world.ts'
import { publicKeyFileResource } from '../resources/public-key-file.ts'
import type { Resource } from '../resources/resource.ts'

/** The running cluster's keys, and the files they will be kept in, relative to irsa.yaml. */
export interface ClusterKeys {
  readonly shown: readonly string[]
  readonly resources: readonly Resource[]
  /** The files as they will be, for whoever reads them before they are written. */
  readonly files: Files
}

const PATH = `/${CLUSTER_KEY_SET_PATH}`

/** Enough of the kid to tell keys apart in a folder. */
const KID_LENGTH = 12

/**
 * Asks the API server, through kubectl, for the keys it verifies tokens with. The private keys stay
 * where they are: on its control plane.
 */
export async function readClusterKeys(
  { kubectl, files, progress }: Pick<World, 'kubectl' | 'files' | 'progress'>,
  folder: string,
): Promise<ClusterKeys> {
  const reading = progress.begin(`Reading the cluster's keys: kubectl get --raw ${PATH}`)
  try {
    const { keys: entries } = parseKeySet(await kubectl(['get', '--raw', PATH]), PATH)
    if (entries.length === 0) throw keySetUnparsable(PATH, 'it holds no key')
    const keys = await Promise.all(entries.map((entry) => publicKeyFromJwk(entry, PATH)))
    reading.done(keys.map(({ kid }) => kid).join(', '))
    const named = keys.map((key) => ({
      key,
      shown: `keys/cluster-${key.kid.slice(0, KID_LENGTH)}.pub`,
    }))
    return {
      shown: named.map(({ shown }) => shown),
      resources: named.map(({ key, shown }) =>
        publicKeyFileResource(files, join(folder, shown), shown, key),
      ),
      files: foreseen(
        files,
        new Map(named.map(({ key, shown }) => [join(folder, shown), key.pem])),
      ),
    }
  } catch (error) {
    reading.failed()
    throw error
  }
}

const foreseen = (files: Files, coming: ReadonlyMap<string, string>): Files => ({
  ...files,
  async read(path) {
    const text = coming.get(path)
    return text === undefined ? files.read(path) : Buffer.from(text)
  },
})
