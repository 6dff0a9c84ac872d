import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import type { GenerateKeyPair } from '../ports/local.ts'

/**
 * A fresh RSA key pair, exponent 65537 (Node's default). The private key is PKCS#1, which
 * kube-apiserver takes in both of its key flags; the public key is PKIX, since a PKCS#1 public key
 * is ignored there (client-go util/keyutil/key.go).
 */
export const generateRsaKeyPair: GenerateKeyPair = async (bits) => {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  })
  return { privatePem: privateKey, publicPem: publicKey }
}
