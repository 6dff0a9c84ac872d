import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  issueServerCertificate,
  makeCertificateAuthority,
} from '../../src/adapters/certificates.ts'
import { temporaryFolder } from '../support/cli.ts'

/** What the API servers of one cluster have in common, whatever their flags. */
export interface Identity extends AsyncDisposable {
  /** Holds the files; room for others that are to go with them. */
  readonly folder: string
  /** PEM of the certificate authority of the cluster, and the file that holds it. */
  readonly authority: string
  readonly authorityFile: string
  /** The serving certificate, followed by the authority's. */
  readonly certificateFile: string
  readonly keyFile: string
  /** The bearer token of somebody who may do anything. */
  readonly adminToken: string
  /** For `--token-auth-file`. */
  readonly tokenFile: string
}

/** The first address of the service range and its names, under which pods reach the API server. */
const NAMES = ['kubernetes.default.svc', 'kubernetes', 'localhost', '127.0.0.1', '10.0.0.1']

/** Makes the certificates and the administrator of a cluster, in a folder that goes with them. */
export async function makeIdentity(): Promise<Identity> {
  const folder = await temporaryFolder()
  const validity = { days: 1, now: new Date() }
  const ca = await makeCertificateAuthority({ ...validity, commonName: 'kubernetes' })
  const leaf = await issueServerCertificate(ca, { ...validity, names: NAMES })
  const adminToken = randomUUID()
  const put = async (name: string, text: string): Promise<string> => {
    const path = join(folder.path, name)
    await writeFile(path, text, { mode: 0o600 })
    return path
  }
  return {
    folder: folder.path,
    authority: ca.certificate,
    authorityFile: await put('ca.crt', ca.certificate),
    certificateFile: await put('apiserver.crt', leaf.certificate + ca.certificate),
    keyFile: await put('apiserver.key', leaf.key),
    adminToken,
    tokenFile: await put('tokens.csv', `${adminToken},admin,admin,"system:masters"\n`),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  }
}
