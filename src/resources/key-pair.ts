import { dirname, join } from 'node:path'
import type { SignerFiles } from '../core/setup.ts'
import { Conflict } from '../ports/conflict.ts'
import type { Files, GenerateKeyPair } from '../ports/local.ts'
import type { Resource } from './resource.ts'
import { readKeyPair, type KeyPairState } from './signer-keys.ts'

/** Keeps everything but public keys out of git, half-written files of a killed run included. */
const GITIGNORE = '*\n!*.pub\n!.gitignore\n'

/** A signer whose private key irsa made. Once there, it is never written again. */
export interface KeyPairFiles extends SignerFiles {
  readonly privatePath: string
}

/** The signer's two files: made if neither is there, completed if a run ended in between. */
export function keyPairResource(
  files: Files,
  generate: GenerateKeyPair,
  signer: KeyPairFiles,
  bits: number,
  after: readonly Resource[] = [],
): Resource<KeyPairState> {
  return {
    kind: 'key-pair',
    id: signer.shown.private ?? signer.privatePath,
    after,

    async read() {
      const state = await readKeyPair(files, signer)
      return state.kind === 'absent' ? undefined : state
    },

    async compare(seen) {
      if (seen === undefined)
        return { action: 'create', detail: `RSA ${bits}, readable by you alone` }
      if (seen.kind === 'private-only') {
        return { action: 'update', detail: `${signer.shown.public} is written from it` }
      }
      const detail =
        seen.kind === 'whole' ? `kid ${seen.keys[0]?.kid}` : 'the private key is kept elsewhere'
      return { action: 'none', detail }
    },

    async converge(seen) {
      if (seen?.kind === 'private-only') {
        return files.create(signer.publicPath, seen.keys[0]?.pem ?? '', 0o644)
      }
      const { privatePem, publicPem } = await generate(bits)
      await ignoreSecrets(files, dirname(signer.privatePath))
      await files.create(signer.privatePath, privatePem, 0o600)
      await files.create(signer.publicPath, publicPem, 0o644)
    },

    removal: async () => ({ action: 'none', detail: 'local keys are never touched' }),
    remove: async () => undefined,
  }
}

async function ignoreSecrets(files: Files, folder: string): Promise<void> {
  try {
    await files.create(join(folder, '.gitignore'), GITIGNORE, 0o644)
  } catch (error) {
    // Whatever somebody wrote there themselves stays.
    if (!(error instanceof Conflict)) throw error
  }
}
