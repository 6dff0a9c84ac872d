import type { SignerFiles } from '../core/setup.ts'
import type { Files, GenerateKeyPair } from '../ports/local.ts'
import type { Progress } from '../ports/progress.ts'
import { ignoreSecret } from './ignore-secret.ts'
import type { Resource } from './resource.ts'
import { readKeyPair, type KeyPairState } from './signer-keys.ts'

/** A signer whose private key irsa made. Once there, it is never written again. */
export interface KeyPairFiles extends SignerFiles {
  readonly privatePath: string
}

/** The outside world, as far as a key pair needs it. */
export interface KeyPairWorld {
  readonly files: Files
  readonly generateKeyPair: GenerateKeyPair
  readonly progress: Pick<Progress, 'warn'>
}

/** The signer's two files: made if neither is there, completed if a run ended in between. */
export function keyPairResource(
  { files, generateKeyPair: generate, progress }: KeyPairWorld,
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
        seen.kind === 'whole' ? `kid ${seen.signer.kid}` : 'the private key is kept elsewhere'
      return { action: 'none', detail }
    },

    async converge(seen) {
      if (seen?.kind === 'private-only') {
        return files.create(signer.publicPath, seen.signer.pem, 0o644)
      }
      const { privatePem, publicPem } = await generate(bits)
      await ignoreSecret(
        files,
        signer.privatePath,
        signer.shown.private ?? signer.privatePath,
        progress,
      )
      await files.create(signer.privatePath, privatePem, 0o600)
      await files.create(signer.publicPath, publicPem, 0o644)
    },

    removal: async () => ({ action: 'none', detail: 'local keys are never touched' }),
    remove: async () => undefined,
  }
}
