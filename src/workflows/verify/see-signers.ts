import type { PublicKey } from '../../core/public-key.ts'
import { type Unseen, unseen } from '../../core/verify/link.ts'
import { readKeyPair } from '../../resources/signer-keys.ts'
import { signerFiles } from '../setup.ts'
import type { Walk } from './walk.ts'

/** What signs: the key of `--sign`, else those of irsa.yaml. @throws Problem `key/…`, `files/…`, `signer/…` */
export async function seeSigners({
  given: { signer },
  sights,
}: Walk): Promise<Unseen | readonly PublicKey[]> {
  return signer === undefined ? sights.keyFiles() : [signer.publicKey]
}

/** The keys that irsa.yaml names. @throws Problem `key/…`, `files/…`, `signer/…` */
export async function seeKeyFiles({
  world,
  given: { file },
}: Walk): Promise<Unseen | readonly PublicKey[]> {
  if (file === undefined) {
    return unseen('no irsa.yaml of this issuer names its keys', 'Run it where the irsa.yaml is.')
  }
  const states = await Promise.all(
    file.config.keys.map((entry) => readKeyPair(world.files, signerFiles(entry, file.folder))),
  )
  return states.flatMap((state) => (state.kind === 'absent' ? [] : state.keys))
}
