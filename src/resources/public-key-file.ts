import type { PublicKey } from '../core/public-key.ts'
import type { Files } from '../ports/local.ts'
import type { Resource } from './resource.ts'

/** A public key of the cluster, kept as a file beside irsa.yaml so that later runs need no cluster. */
export function publicKeyFileResource(
  files: Files,
  path: string,
  shown: string,
  key: PublicKey,
): Resource<string> {
  return {
    kind: 'public-key',
    id: shown,
    read: async () => (await files.read(path))?.toString('latin1'),
    async compare(seen) {
      if (seen === key.pem) return { action: 'none' }
      return { action: seen === undefined ? 'create' : 'update', detail: `kid ${key.kid}` }
    },
    converge: () => files.replace(path, key.pem),
    removal: async () => ({ action: 'none', detail: 'local keys are never touched' }),
    remove: async () => undefined,
  }
}
