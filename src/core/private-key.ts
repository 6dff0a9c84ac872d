import { createPrivateKey, type KeyObject } from 'node:crypto'
import { privateFileWithoutPem, refuseByteOrderMark } from './key-file.ts'
import { type PemBlock, pemBlocks } from './pem.ts'
import {
  keyEncrypted,
  keyNotPem,
  keyOpenSshPrivate,
  keyPublicGiven,
  keyUnreadableBlock,
  keyUnsupportedType,
} from './problems/keys.ts'
import { type PublicKey, publicKeyOf } from './public-key.ts'

/** A signer: the key itself, never its text, so that there is nothing to print by mistake. */
export interface PrivateKey {
  readonly key: KeyObject
  readonly publicKey: PublicKey
  /** Size of the RSA modulus, or of the curve's field. */
  readonly bits: number
}

const FORMS = new Map([
  ['RSA PRIVATE KEY', 'pkcs1'],
  ['EC PRIVATE KEY', 'sec1'],
  ['PRIVATE KEY', 'pkcs8'],
] as const)

/**
 * Reads a signer as kube-apiserver reads `--service-account-signing-key-file`: the first private
 * key of the file, PKCS#1, SEC1 (with or without its parameters) or PKCS#8.
 *
 * PKCS#8 with an EC key signs, but kube-apiserver does not take its public half from such a file
 * (client-go util/keyutil), so give `--service-account-key-file` the PEM of `publicKey`.
 *
 * @throws Problem `key/…`, naming `file` and the command that converts it.
 */
export async function readPrivateKey(text: string, file: string): Promise<PrivateKey> {
  refuseByteOrderMark(text, file)
  const blocks = pemBlocks(text)
  if (blocks.length === 0) throw privateFileWithoutPem(text, file)
  const block = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'))
  if (block === undefined) {
    const given = blocks.some(({ label }) => /PUBLIC KEY$|^CERTIFICATE$/.test(label))
    throw given ? keyPublicGiven(file) : keyNotPem(file)
  }
  const key = parsePrivate(block, file)
  const publicKey = await publicKeyOf(key, file)
  return { key, publicKey, bits: publicKey.bits }
}

function parsePrivate(block: PemBlock, file: string): KeyObject {
  const { number, label } = block
  if (label === 'OPENSSH PRIVATE KEY') throw keyOpenSshPrivate(file)
  if (label === 'ENCRYPTED PRIVATE KEY') throw keyEncrypted(file)
  if (block.state === 'damaged') throw keyUnreadableBlock(file, number, block.damage)
  if (block.encrypted) throw keyEncrypted(file)
  const type = [...FORMS].find(([form]) => form === label)?.[1]
  if (type === undefined) throw keyUnsupportedType(file, label)
  try {
    return createPrivateKey({ key: block.der, format: 'der', type })
  } catch (error) {
    throw keyUnreadableBlock(file, number, `it is not a valid "${label}"`, error)
  }
}
