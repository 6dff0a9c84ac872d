import { readPrivateKey } from '../core/private-key.ts'
import { keyPairMismatch } from '../core/problems/signer.ts'
import { fileMissing } from '../core/problems/files.ts'
import { readPublicKeys, type PublicKey } from '../core/public-key.ts'
import type { SignerFiles } from '../core/setup.ts'
import type { Files } from '../ports/local.ts'

/**
 * What the two files of a signer hold together. The public file may have keys besides the one that
 * belongs to the private key, which is `signer`.
 */
export type KeyPairState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'whole'; readonly keys: readonly PublicKey[]; readonly signer: PublicKey }
  /** The private half is kept elsewhere, as on a control plane: nothing is missing. */
  | { readonly kind: 'public-only'; readonly keys: readonly PublicKey[] }
  /** A run ended between the two files; the public one follows from the private one. */
  | {
      readonly kind: 'private-only'
      readonly keys: readonly PublicKey[]
      readonly signer: PublicKey
    }

/**
 * Reads the files of one signer and checks that they belong together.
 * @throws Problem `key/…`, or `files/missing` where only a public key was ever asked for
 */
export async function readKeyPair(
  files: Files,
  { publicPath, privatePath, shown }: SignerFiles,
): Promise<KeyPairState> {
  const [publicText, privateText] = await Promise.all([
    files.read(publicPath),
    privatePath === undefined ? undefined : files.readSecret(privatePath),
  ])
  if (publicText === undefined && privatePath === undefined) {
    throw fileMissing(shown.public, 'A public key of the signer')
  }
  const privateKey =
    privateText && (await readPrivateKey(privateText.toString('utf8'), shown.private ?? ''))
  const keys = publicText && (await readPublicKeys(publicText.toString('utf8'), shown.public))
  if (privateKey === undefined) {
    return keys === undefined ? { kind: 'absent' } : { kind: 'public-only', keys }
  }
  const signer = privateKey.publicKey
  if (keys === undefined) return { kind: 'private-only', keys: [signer], signer }
  if (!keys.some(({ kid }) => kid === signer.kid)) {
    throw keyPairMismatch(shown.private ?? '', shown.public)
  }
  return { kind: 'whole', keys, signer }
}

/** The public keys at hand, and how many pairs are still to be made. */
export interface SignerKeys {
  readonly keys: readonly PublicKey[]
  readonly pending: number
}

/** Reads all signers anew, so that a pair made by this run is seen by whoever comes after it. */
export async function readSignerKeys(
  files: Files,
  signers: readonly SignerFiles[],
): Promise<SignerKeys> {
  const states = await Promise.all(signers.map((signer) => readKeyPair(files, signer)))
  return {
    keys: states.flatMap((state) => (state.kind === 'absent' ? [] : state.keys)),
    pending: states.filter(({ kind }) => kind === 'absent').length,
  }
}
