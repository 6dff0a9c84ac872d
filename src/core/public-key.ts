import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import { exportJWK } from 'jose'
import { readEntry } from './jwk.ts'
import { type PemBlock, pemBlocks } from './pem.ts'
import { kidMismatch, keySetUnparsable } from './problems/documents.ts'
import {
  keyPkcs1Public,
  keyPrivateGiven,
  keyTooSmall,
  keyUnreadableBlock,
  keyUnsupportedBlock,
  keyUnsupportedType,
} from './problems/keys.ts'
import { publicFileWithoutPem, refuseByteOrderMark } from './key-file.ts'

export type SigningAlg = 'RS256' | 'ES256' | 'ES384' | 'ES512'

/** A key as it stands in the key set, in the order in which its members are written. */
export type SigningJwk =
  | {
      readonly use: 'sig'
      readonly kty: 'RSA'
      readonly kid: string
      readonly alg: 'RS256'
      readonly n: string
      readonly e: string
    }
  | {
      readonly use: 'sig'
      readonly kty: 'EC'
      readonly kid: string
      readonly alg: 'ES256' | 'ES384' | 'ES512'
      readonly crv: string
      readonly x: string
      readonly y: string
    }

/** The public half of a service account signer. */
export interface PublicKey {
  /** As kube-apiserver writes it into the tokens it signs. */
  readonly kid: string
  readonly alg: SigningAlg
  /** PKIX PEM ("PUBLIC KEY"), 64 columns, final newline: what `--service-account-key-file` takes. */
  readonly pem: string
  readonly jwk: SigningJwk
  /** Size of the RSA modulus, or of the curve's field. */
  readonly bits: number
}

/** kubernetes pkg/serviceaccount/jwt.go signs with these; OpenSSL's names of the curves. */
const CURVES = new Map([
  ['prime256v1', { alg: 'ES256', bits: 256 }],
  ['secp384r1', { alg: 'ES384', bits: 384 }],
  ['secp521r1', { alg: 'ES512', bits: 521 }],
] as const)

/** NIST SP 800-131A Rev. 2, section 3: under 2048 bits RSA signatures are disallowed. */
export const MIN_RSA_BITS = 2048

/**
 * Reads every key of a file as kube-apiserver reads `--service-account-key-file`: blocks
 * "PUBLIC KEY" (PKIX) and "CERTIFICATE" with RSA, P-256, P-384 or P-521 keys, in their order, a
 * repeated key once. What kube-apiserver would skip without a word is refused here.
 *
 * @throws Problem `key/…`, naming `file` and the command that converts it.
 */
export async function readPublicKeys(text: string, file: string): Promise<PublicKey[]> {
  refuseByteOrderMark(text, file)
  const blocks = pemBlocks(text)
  if (blocks.length === 0) throw publicFileWithoutPem(text, file)
  const secret = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'))
  if (secret !== undefined) throw keyPrivateGiven(file, secret.label === 'OPENSSH PRIVATE KEY')
  const keys = new Map<string, PublicKey>()
  for (const block of blocks) {
    const key = await publicKeyOfBlock(block, file)
    keys.set(key.kid, key)
  }
  return [...keys.values()]
}

async function publicKeyOfBlock(block: PemBlock, file: string): Promise<PublicKey> {
  const { number, label } = block
  if (block.state === 'damaged') throw keyUnreadableBlock(file, number, block.damage)
  if (label === 'RSA PUBLIC KEY') throw keyPkcs1Public(file, number)
  if (label !== 'PUBLIC KEY' && label !== 'CERTIFICATE') {
    throw keyUnsupportedBlock(file, number, label)
  }
  const key = parsePublic(label, block.der, file, number)
  const publicKey = await publicKeyOf(key, file)
  // Go takes no other encoding of the same key, such as a compressed point or a PKIX without NULL.
  const written = label === 'PUBLIC KEY' ? block.der : key.export({ type: 'spki', format: 'der' })
  if (!written.equals(spkiOf(publicKey.pem))) {
    throw keyUnreadableBlock(file, number, 'it is not in the one encoding that Go accepts')
  }
  return publicKey
}

function parsePublic(label: string, der: Buffer, file: string, number: number): KeyObject {
  try {
    return label === 'CERTIFICATE'
      ? new X509Certificate(der).publicKey
      : createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch (error) {
    throw keyUnreadableBlock(file, number, `it is not a valid "${label}"`, error)
  }
}

/**
 * The key id that kube-apiserver writes into its tokens (kubernetes pkg/serviceaccount/jwt.go,
 * keyIDFromPublicKey): base64url of SHA-256 over the DER SubjectPublicKeyInfo, without padding, not
 * the thumbprint of RFC 7638.
 */
export const kubernetesKid = (spki: Buffer): string =>
  createHash('sha256').update(spki).digest('base64url')

/**
 * The public half of a key that Node holds, private or public; `where` names it in problems.
 *
 * @throws Problem `key/unsupported-type`, `key/too-small`
 */
export async function publicKeyOf(key: KeyObject, where: string): Promise<PublicKey> {
  const { alg, bits } = algorithmOf(key, where)
  const pem = publicPemOf(key)
  const kid = kubernetesKid(spkiOf(pem))
  const { n = '', e = '', crv = '', x = '', y = '' } = await exportJWK(createPublicKey(pem))
  const jwk: SigningJwk =
    alg === 'RS256'
      ? { use: 'sig', kty: 'RSA', kid, alg, n, e }
      : { use: 'sig', kty: 'EC', kid, alg, crv, x, y }
  return { kid, alg, pem, jwk, bits }
}

function algorithmOf(key: KeyObject, where: string): { alg: SigningAlg; bits: number } {
  const { namedCurve = 'unnamed', modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa') {
    if (modulusLength < MIN_RSA_BITS) throw keyTooSmall(where, modulusLength)
    return { alg: 'RS256', bits: modulusLength }
  }
  if (key.asymmetricKeyType !== 'ec') {
    throw keyUnsupportedType(where, key.asymmetricKeyType ?? key.type)
  }
  const curve = [...CURVES].find(([name]) => name === namedCurve)?.[1]
  if (curve === undefined) throw keyUnsupportedType(where, `EC on the curve ${namedCurve}`)
  return curve
}

/** PKIX PEM of a key's public half, in the one encoding that Go writes and reads. */
export function publicPemOf(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key
  // By way of the JWK, since OpenSSL keeps a compressed point or a missing NULL as it was read.
  const canonical = createPublicKey({ key: half.export({ format: 'jwk' }), format: 'jwk' })
  return canonical.export({ type: 'spki', format: 'pem' }).toString()
}

const spkiOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----.*-----/g, ''), 'base64')

/**
 * Reads a key of a cluster's own `/openid/v1/jwks`.
 *
 * @throws Problem `documents/kid-mismatch` when its `kid` is not the one kube-apiserver computes,
 * `documents/…` and `key/…` when it is no key that can verify tokens.
 */
export async function publicKeyFromJwk(jwk: unknown, where: string): Promise<PublicKey> {
  const entry = readEntry(jwk, where, 1)
  if (entry.kty !== 'RSA' && entry.kty !== 'EC') throw keyUnsupportedType(where, entry.kty)
  const key = await publicKeyOf(parseJwk(entry, where), where)
  if (key.kid !== entry.kid) throw kidMismatch(where, entry.kid, key.kid)
  return key
}

function parseJwk(entry: { kid: string; readonly [member: string]: unknown }, where: string) {
  try {
    return createPublicKey({ key: { ...entry }, format: 'jwk' })
  } catch (error) {
    throw keySetUnparsable(where, `its key "${entry.kid}" is not a valid key`, error)
  }
}
