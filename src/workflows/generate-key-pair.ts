import { join, resolve } from 'node:path'
import { keyPairMismatch, privateKeyMissing, publicKeyMissing } from '../core/problems/signer.ts'
import type { World } from '../ports/world.ts'
import { keyPairResource } from '../resources/key-pair.ts'
import { readKeyPair } from '../resources/signer-keys.ts'

/** What `generate-keypair` made, or found. */
export interface GeneratedKeyPair {
  readonly created: boolean
  readonly kid: string
  readonly bits: number
  readonly privateKeyFile: string
  readonly publicKeyFile: string
}

/**
 * Makes the signer's two files in a folder, or reports the pair that is there. Where one file is
 * missing or they do not belong together, neither is touched.
 */
export async function generateKeyPair(
  { cwd, files, generateKeyPair: generate, options }: World,
  { outDir, bits }: { readonly outDir: string; readonly bits: number },
): Promise<GeneratedKeyPair> {
  const shown = { public: join(outDir, 'sa-signer.pub'), private: join(outDir, 'sa-signer.key') }
  const signer = {
    shown,
    publicPath: resolve(cwd, shown.public),
    privatePath: resolve(cwd, shown.private),
  }
  const before = await readKeyPair(files, signer)
  if (before.kind === 'private-only') throw publicKeyMissing(shown.private, shown.public)
  if (before.kind === 'public-only') throw privateKeyMissing(shown.private, shown.public)
  const created = before.kind === 'absent'
  const place = { privateKeyFile: shown.private, publicKeyFile: shown.public }
  if (created && options.dryRun === true) return { created, kid: '', bits, ...place }
  if (created) await keyPairResource(files, generate, signer, bits).converge(undefined)
  const after = created ? await readKeyPair(files, signer) : before
  const key = after.kind === 'absent' ? undefined : after.keys[0]
  if (key === undefined) throw keyPairMismatch(shown.private, shown.public)
  return { created, kid: key.kid, bits: key.bits, ...place }
}
