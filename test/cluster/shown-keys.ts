import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { rsa, wholeSigner } from '../support/signers.ts'

/** PEM of both halves: of the key that is to sign, and of the one that signed until now. */
export const [OURS, THEIRS] = [wholeSigner(rsa()), wholeSigner(rsa())]

/** With the content of all keys, as they are there and as --include-private-key adds it. */
export const shown = (input: ApiServerInput): ApiServerInput => ({
  ...input,
  keyFiles: input.keyFiles.map((file) => ({ ...file, publicPem: OURS.open })),
  privatePem: OURS.secret,
  previousPublicPems: [THEIRS.open],
})
