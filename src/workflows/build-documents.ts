import { join, resolve } from 'node:path'
import { discoveryDocument, serialiseDiscovery } from '../core/discovery.ts'
import { DISCOVERY_PATH, KEY_SET_PATH, type Issuer } from '../core/issuer.ts'
import { assertNoPrivateMembers, mergeKeySets, serialiseKeySet } from '../core/key-set.ts'
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

/** The documents as they were written, in this order. */
export interface BuiltDocuments {
  readonly issuer: Issuer
  readonly keys: readonly KeyInFile[]
  readonly files: readonly string[]
}

/** Makes the two documents in a folder, from public keys alone. Nothing is asked of anybody. */
export async function buildDocuments(world: World, flags: BuildFlags): Promise<BuiltDocuments> {
  const { issuer, signers } = await inputs(world, flags)
  const { keys } = await readSignerKeys(world.files, signers)
  const algs = keys.map(({ alg }) => alg)
  const documents = [
    [DISCOVERY_PATH, serialiseDiscovery(discoveryDocument(issuer, algs))],
    [KEY_SET_PATH, serialiseKeySet(mergeKeySets(undefined, keys).keySet)],
  ] as const
  for (const [path, body] of documents) {
    assertNoPrivateMembers(body, path)
    if (world.options.dryRun === true) continue
    await world.files.replace(resolve(world.cwd, flags.outDir, path), body)
  }
  const files = documents.map(([path]) => join(flags.outDir, path))
  return { issuer, keys: await keysInFiles(world.files, { signers }), files }
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
