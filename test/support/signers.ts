import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pkcs1, spki } from './pem-forms.ts'

/** One key pair for a whole test file, since making them takes longer than using them. */
export const rsa = (bits = 2048): KeyObject =>
  generateKeyPairSync('rsa', { modulusLength: bits }).privateKey

export const publicPem = (key: KeyObject): string => spki(createPublicKey(key))

/** Puts a signer's files where irsa.yaml and `generate-keypair` look for them. */
export async function putSigner(
  folder: string,
  { secret, open }: { readonly secret?: string | Buffer; readonly open?: string | Buffer },
): Promise<void> {
  await mkdir(join(folder, 'keys'), { recursive: true })
  if (open !== undefined) await writeFile(join(folder, 'keys/sa-signer.pub'), open)
  if (secret === undefined) return
  await writeFile(join(folder, 'keys/sa-signer.key'), secret)
  await chmod(join(folder, 'keys/sa-signer.key'), 0o600)
}

export const wholeSigner = (key: KeyObject) => ({ secret: pkcs1(key), open: publicPem(key) })

/** An irsa.yaml as `init` writes it, for the account and region of the tests' AWS. */
export function configText(fields: Readonly<Record<string, unknown>> = {}): string {
  const config = {
    apiVersion: 'irsa/v1',
    name: 'blue',
    issuer: 'https://oidc.example.com',
    region: 'eu-west-3',
    host: { type: 's3', bucket: 'oidc-acme' },
    audiences: ['sts.amazonaws.com'],
    keys: [{ public: 'keys/sa-signer.pub', private: 'keys/sa-signer.key' }],
    providers: [{ account: '111122223333', thumbprint: 'auto' }],
    ...fields,
  }
  // JSON is YAML, and needs no library.
  return `${JSON.stringify(config, undefined, 2)}\n`
}
