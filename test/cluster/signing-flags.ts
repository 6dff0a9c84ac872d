import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rsa, wholeSigner } from '../support/signers.ts'
import type { Identity } from './identity.ts'

/** Makes a key in the forms that kube-apiserver takes, and answers the flags that name it. */
export async function signingFlags({ folder }: Identity): Promise<string[]> {
  const { secret, open } = wholeSigner(rsa())
  const [publicFile, privateFile] = [join(folder, 'sa.pub'), join(folder, 'sa.key')]
  await Promise.all([writeFile(publicFile, open), writeFile(privateFile, secret, { mode: 0o600 })])
  return [
    `--service-account-key-file=${publicFile}`,
    `--service-account-signing-key-file=${privateFile}`,
  ]
}
