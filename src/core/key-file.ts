import { looksBinary } from './pem.ts'
import {
  keyByteOrderMark,
  keyEmpty,
  keyNotPem,
  keyOpenSshPublic,
  keySsh2Public,
  keyUnsupportedType,
  privateKeyBinary,
  publicKeyBinary,
} from './problems/keys.ts'
import type { Problem } from './problems/problem.ts'

/** The pair that `irsa init` and `irsa generate-keypair` make, from where they are run. */
export const USUAL_KEY_PAIR = { public: 'keys/sa-signer.pub', private: 'keys/sa-signer.key' }

/** What OpenSSH writes into a `.pub` file, certificates and hardware keys aside. */
const OPENSSH_LINE = /^(ssh-rsa|ssh-ed25519|ssh-dss|ecdsa-sha2-nistp\d+) /m

/** @throws Problem `key/byte-order-mark`; Go finds no block on a line that starts with one. */
export function refuseByteOrderMark(text: string, file: string): void {
  if (text.startsWith('\uFEFF-----BEGIN ')) throw keyByteOrderMark(file)
}

/** Why a file that should hold public keys, and holds no PEM block, is refused. */
export function publicFileWithoutPem(text: string, file: string): Problem {
  if (looksBinary(text)) return publicKeyBinary(file)
  return textWithoutPem(text, file)
}

/** Why a file that should hold a private key, and holds no PEM block, is refused. */
export function privateFileWithoutPem(text: string, file: string): Problem {
  if (looksBinary(text)) return privateKeyBinary(file)
  return textWithoutPem(text, file)
}

function textWithoutPem(text: string, file: string): Problem {
  if (text.trim() === '') return keyEmpty(file)
  if (text.includes('---- BEGIN SSH2 PUBLIC KEY ----')) return keySsh2Public(file)
  const type = OPENSSH_LINE.exec(text)?.[1]
  if (type === undefined) return keyNotPem(file)
  // No conversion helps these: kube-apiserver signs with neither.
  if (type === 'ssh-ed25519' || type === 'ssh-dss') return keyUnsupportedType(file, type)
  return keyOpenSshPublic(file)
}
