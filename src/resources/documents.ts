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
  /** @throws Problem `documents/other-issuer` where the documents are somebody else's. */
  readonly assertOurs: () => Promise<void>
}

/** The key set: our keys and everybody else's that are published already. */
export function keySetResource(context: DocumentContext): DocumentResource {
  const id = context.idOf(KEY_SET_PATH)
  // Only what the plan named is ever removed: keys that appear after it was shown stay.
  let named: readonly string[] | undefined
  const wish = async (seen: StoredDocument | undefined) => {
    const published = seen === undefined ? undefined : parseKeySet(seen.body, id)
    const signer = await context.readKeys()
    named ??= context.prune ? foreignKids(published, signer) : []
    return wishedKeySet(published, signer, named, id)
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

/** The discovery document: the algorithms of our keys, and those that it lists already. */
export function discoveryResource(context: DocumentContext): DocumentResource {
  const id = context.idOf(DISCOVERY_PATH)
  return documentResource(context, DISCOVERY_PATH, async (seen) => {
    const { keys, pending } = await context.readKeys()
    // A pair that irsa makes is RSA.
    const ours = [...keys.map(({ alg }) => alg), ...(pending > 0 ? ['RS256'] : [])]
    const published = seen === undefined ? undefined : parseDiscovery(seen.body, id)
    const algs = mergedAlgs(published, context.issuer, ours, id)
    return { body: serialiseDiscovery(discoveryDocument(context.issuer, algs)), complete: true }
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
  { store, idOf, within, after, assertOurs }: DocumentContext,
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

    async removal() {
      await assertOurs()
      return { action: 'delete' }
    },

    remove: () => store.remove(path),
  }
}

const kidsOf = (keySet: KeySet | undefined): string[] => keySet?.keys.map(({ kid }) => kid) ?? []

function foreignKids(published: KeySet | undefined, { keys }: SignerKeys): string[] {
  const ours = new Set(keys.map(({ kid }) => kid))
  return kidsOf(published).filter((kid) => !ours.has(kid))
}

function wishedKeySet(
  published: KeySet | undefined,
  signer: SignerKeys,
  unwanted: readonly string[],
  id: string,
) {
  const { keys, pending } = signer
  const before = kidsOf(published)
  // A fresh pair beside published keys means that the signer in use is somewhere else.
  if (pending > 0 && before.length > 0) throw signerLost(id, before)
  const kept =
    published &&
    pruneKeySet(
      published,
      before.filter((kid) => !unwanted.includes(kid)),
    )
  const { keySet } = mergeKeySets(kept?.keySet, keys)
  return { keySet, pending, foreign: foreignKids(keySet, signer), removed: kept?.removed ?? [] }
}

/** Reads the discovery document once, and says whether it speaks for this issuer. */
export function ownershipCheck({
  store,
  issuer,
  idOf,
}: Pick<DocumentContext, 'store' | 'issuer' | 'idOf'>): () => Promise<void> {
  const check = async (): Promise<void> => {
    const seen = await store.read(DISCOVERY_PATH)
    const id = idOf(DISCOVERY_PATH)
    if (seen !== undefined) mergedAlgs(parseDiscovery(seen.body, id), issuer, [], id)
  }
  let checking: Promise<void> | undefined
  return () => (checking ??= check())
}
