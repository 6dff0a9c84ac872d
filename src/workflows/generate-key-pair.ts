import { join, resolve } from 'node:path'
import type { Change } from '../core/change.ts'
import { keyPairMismatch, privateKeyMissing, publicKeyMissing } from '../core/problems/signer.ts'
import type { World } from '../ports/world.ts'
import { type KeyPairFiles, keyPairResource } from '../resources/key-pair.ts'
import { readKeyPair } from '../resources/signer-keys.ts'
import { changeOf } from './make-plan.ts'

/** What `generate-keypair` made, or found. */
export interface GeneratedKeyPair {
  readonly created: boolean
  readonly kid: string
  readonly bits: number
  readonly privateKeyFile: string
  readonly publicKeyFile: string
}

/** The flags of `generate-keypair`. */
export interface KeyPairFlags {
  readonly outDir: string
  readonly bits: number
}

/**
 * Makes the signer's two files in a folder, or reports the pair that is there. Where one file is
 * missing or they do not belong together, neither is touched.
 */
export async function generateKeyPair(
  world: World,
  flags: KeyPairFlags,
): Promise<GeneratedKeyPair> {
  const { signer, resource, before } = await look(world, flags)
  const { private: privateKeyFile, public: publicKeyFile } = signer.shown
  const created = before.kind === 'absent'
  if (created) await resource.converge(undefined)
  const after = created ? await readKeyPair(world.files, signer) : before
  if (after.kind !== 'whole') throw keyPairMismatch(privateKeyFile, publicKeyFile)
  const { kid, bits } = after.signer
  return { created, kid, bits, privateKeyFile, publicKeyFile }
}

/** What `generateKeyPair` would do. Changes nothing. */
export async function planKeyPair(world: World, flags: KeyPairFlags): Promise<readonly Change[]> {
  const { resource, before } = await look(world, flags)
  const seen = before.kind === 'absent' ? undefined : before
  return [changeOf(resource, await resource.compare(seen))]
}

async function look(world: World, { outDir, bits }: KeyPairFlags) {
  const shown = { public: join(outDir, 'sa-signer.pub'), private: join(outDir, 'sa-signer.key') }
  const signer = {
    shown,
    publicPath: resolve(world.cwd, shown.public),
    privatePath: resolve(world.cwd, shown.private),
  } satisfies KeyPairFiles
  const before = await readKeyPair(world.files, signer)
  if (before.kind === 'private-only') throw publicKeyMissing(shown.private, shown.public)
  if (before.kind === 'public-only') throw privateKeyMissing(shown.private, shown.public)
  return { signer, before, resource: keyPairResource(world, signer, bits) }
}
