import { join, resolve } from 'node:path'
import type { Change } from '../core/change.ts'
import {
  discoveryDocument,
  mergedAlgs,
  parseDiscovery,
  serialiseDiscovery,
} from '../core/discovery.ts'
import { DISCOVERY_PATH, KEY_SET_PATH, type Issuer } from '../core/issuer.ts'
import {
  algsOf,
  assertNoPrivateMembers,
  mergeKeySets,
  parseKeySet,
  serialiseKeySet,
} from '../core/key-set.ts'
import { wouldDropKeys } from '../core/problems/documents.ts'
import { flagMissing } from '../core/problems/usage.ts'
import type { World } from '../ports/world.ts'
import { readSignerKeys } from '../resources/signer-keys.ts'
import { keysInFiles, type KeyInFile } from './applied.ts'
import { readIssuer } from './connect.ts'
import { loadConfig } from './load-config.ts'
import { signerFiles } from './setup.ts'

/** The flags of `build-documents`. */
export interface BuildFlags {
  readonly issuer?: string
  readonly publicKey?: readonly string[]
  readonly outDir: string
}

/** The documents as they were written, in this order, or would be. */
export interface BuiltDocuments {
  readonly issuer: Issuer
  readonly keys: readonly KeyInFile[]
  readonly files: readonly string[]
  readonly changes: readonly Change[]
}

/**
 * Makes the two documents in a folder, from public keys alone. Nothing is asked of anybody, and what
 * the folder publishes already is not lost.
 *
 * @throws Problem `documents/would-drop-keys`, `documents/other-issuer` and others of both documents
 */
export async function buildDocuments(world: World, flags: BuildFlags): Promise<BuiltDocuments> {
  const { issuer, signers } = await inputs(world, flags)
  const { keys } = await readSignerKeys(world.files, signers)
  const wish = mergeKeySets(undefined, keys).keySet
  const documents = await Promise.all([
    document(
      world,
      flags,
      DISCOVERY_PATH,
      serialiseDiscovery(discoveryDocument(issuer, algsOf(wish))),
    ),
    document(world, flags, KEY_SET_PATH, serialiseKeySet(wish)),
  ])
  const [discovery, keySet] = documents
  refuseOtherIssuer(discovery, issuer)
  refuseDroppedKeys(
    keySet,
    keys.map(({ kid }) => kid),
  )
  for (const { path, body, change } of documents) {
    if (world.options.dryRun === true || change.action === 'none') continue
    await world.files.replace(path, body)
  }
  return {
    issuer,
    keys: await keysInFiles(world.files, { signers }),
    files: documents.map(({ change }) => change.id),
    changes: documents.map(({ change }) => change),
  }
}

/** One document as it is to be, and as it is now. */
interface DocumentFile {
  readonly path: string
  readonly body: string
  readonly before: string | undefined
  readonly change: Change
}

async function document(
  { cwd, files }: World,
  { outDir }: BuildFlags,
  name: string,
  body: string,
): Promise<DocumentFile> {
  assertNoPrivateMembers(body, name)
  const path = resolve(cwd, outDir, name)
  const before = (await files.read(path))?.toString('utf8')
  const action = before === undefined ? 'create' : before === body ? 'none' : 'update'
  return { path, body, before, change: { action, resource: 'object', id: join(outDir, name) } }
}

function refuseOtherIssuer({ before, change }: DocumentFile, issuer: Issuer): void {
  if (before !== undefined) mergedAlgs(parseDiscovery(before, change.id), issuer, [], change.id)
}

function refuseDroppedKeys({ before, change }: DocumentFile, given: readonly string[]): void {
  if (before === undefined) return
  const published = parseKeySet(before, change.id).keys.map(({ kid }) => kid)
  const dropped = published.filter((kid) => !given.includes(kid))
  if (dropped.length > 0) throw wouldDropKeys(change.id, dropped)
}

async function inputs(world: World, { issuer, publicKey }: BuildFlags) {
  const file = await loadConfig(world)
  const text = issuer ?? file?.config.issuer
  if (text === undefined) throw flagMissing('--issuer', 'It stands in both documents.')
  const entries = publicKey?.map((key) => signerFiles({ public: key }, world.cwd))
  // Only public keys are needed here, so a private key is not even opened.
  const configured = file?.config.keys.map((key) =>
    signerFiles({ public: key.public }, file.folder),
  )
  const signers = entries ?? configured
  if (signers === undefined) throw flagMissing('--public-key', 'The documents are made from it.')
  return { issuer: readIssuer(world, text), signers }
}
