import {
  discoveryDocument,
  mergedAlgs,
  parseDiscovery,
  serialiseDiscovery,
} from '../core/discovery.ts'
import { DISCOVERY_PATH, KEY_SET_PATH, type Issuer } from '../core/issuer.ts'
import {
  type KeySet,
  mergeKeySets,
  parseKeySet,
  pruneKeySet,
  serialiseKeySet,
} from '../core/key-set.ts'
import { signerLost } from '../core/problems/signer.ts'
import type { DocumentStore, StoredDocument } from '../ports/documents.ts'
import type { Resource, Verdict } from './resource.ts'
import type { SignerKeys } from './signer-keys.ts'

/** What both documents stand on. */
export interface DocumentContext {
  readonly store: DocumentStore
  readonly issuer: Issuer
  /** How people know the document: its path, after whatever names the place. */
  readonly idOf: (path: string) => string
  readonly within?: Resource | undefined
  readonly after: readonly Resource[]
  readonly readKeys: () => Promise<SignerKeys>
  readonly prune: boolean
}

/** The key set: our keys and everybody else's that are published already. */
export function keySetResource(context: DocumentContext): DocumentResource {
  const id = context.idOf(KEY_SET_PATH)
  const wish = async (seen: StoredDocument | undefined) => {
    const published = seen === undefined ? undefined : parseKeySet(seen.body, id)
    return wishedKeySet(published, await context.readKeys(), context.prune, id)
  }
  return documentResource(context, KEY_SET_PATH, async (seen) => {
    const { keySet, foreign, removed, pending } = await wish(seen)
    const count = keySet.keys.length + pending
    return {
      body: serialiseKeySet(keySet),
      complete: pending === 0,
      detail: `${count} ${count === 1 ? 'key' : 'keys'}`,
      notes: foreign.map((kid) => `keeps the published key ${kid}`),
      removesKeys: removed,
    }
  })
}

/** The discovery document, which lists the algorithms of all published keys. */
export function discoveryResource(context: DocumentContext): DocumentResource {
  const id = context.idOf(DISCOVERY_PATH)
  return documentResource(context, DISCOVERY_PATH, async (seen) => {
    const { keys, pending } = await context.readKeys()
    // A pair that irsa makes is RSA.
    const ours = [...keys.map(({ alg }) => alg), ...(pending > 0 ? ['RS256'] : [])]
    const published = seen === undefined ? undefined : parseDiscovery(seen.body, id)
    const algs = mergedAlgs(published, context.issuer, ours, id)
    const listed = context.prune ? ours : algs
    return { body: serialiseDiscovery(discoveryDocument(context.issuer, listed)), complete: true }
  })
}

/** A document that can be read back once it is in line. */
export interface DocumentResource extends Resource<StoredDocument> {
  /** Below the issuer. */
  readonly path: string
  /** What was written last, or was right already. */
  readonly body: () => string
}

interface Wish extends Omit<Verdict, 'action'> {
  readonly body: string
  /** Whether the body is what will be written, or keys of it are still to be made. */
  readonly complete: boolean
}

function documentResource(
  { store, idOf, within, after }: DocumentContext,
  path: string,
  wish: (seen: StoredDocument | undefined) => Promise<Wish>,
): DocumentResource {
  let current = ''
  return {
    path,
    body: () => current,
    kind: 'object',
    id: idOf(path),
    within,
    after,
    read: () => store.read(path),

    async compare(seen): Promise<Verdict> {
      const { body, complete, ...words } = await wish(seen)
      current = body
      if (seen === undefined) return { action: 'create', ...words }
      const same = complete && seen.body === body && store.isCurrent(seen)
      return { action: same ? 'none' : 'update', ...words }
    },

    async converge(seen) {
      const { body } = await wish(seen)
      await store.write(path, body, seen)
      current = body
    },

    removal: async () => ({ action: 'delete' }),
    remove: () => store.remove(path),
  }
}

function wishedKeySet(
  published: KeySet | undefined,
  { keys, pending }: SignerKeys,
  prune: boolean,
  id: string,
) {
  const before = published?.keys.map(({ kid }) => kid) ?? []
  // A fresh pair beside published keys means that the signer in use is somewhere else.
  if (pending > 0 && before.length > 0) throw signerLost(id, before)
  const ours = keys.map(({ kid }) => kid)
  const kept = published && prune ? pruneKeySet(published, ours) : undefined
  const { keySet } = mergeKeySets(kept?.keySet ?? published, keys)
  return {
    keySet,
    pending,
    foreign: keySet.keys.map(({ kid }) => kid).filter((kid) => !ours.includes(kid)),
    removed: kept?.removed ?? [],
  }
}
