import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { issueServerCertificate, makeCertificateAuthority } from '../adapters/certificates.ts'
import type { State } from './model.ts'

/** Made anew at every start and forgotten with it, so that it need only outlive one run. */
const CERTIFICATE_DAYS = 7

/** The server presents its CA too, so that the last certificate, the thumbprint's, is a CA's. */
export async function makeCertificates({ account, region }: State, now: Date) {
  const validity = { days: CERTIFICATE_DAYS, now }
  const authority = makeCertificateAuthority({ commonName: 'irsa sandbox CA', ...validity })
  const names = [
    'localhost',
    '127.0.0.1',
    '::1',
    ...['s3', `s3.${region}`].flatMap((host) => [`${host}.localhost`, `*.${host}.localhost`]),
    ...['s3-control', `${account}.s3-control`, account].map((host) => `${host}.localhost`),
    ...['iam', 'sts', `sts.${region}`].map((host) => `${host}.localhost`),
  ]
  const server = await issueServerCertificate(authority, { names, ...validity })
  const ca = (await authority).certificate
  return { ca, tls: { key: server.key, cert: server.certificate + ca } }
}

/** Reading the public roots takes a while, and most runs never visit an issuer. */
export function lazyTrust(ca: string): () => SecureContext {
  let context: SecureContext | undefined
  return () => (context ??= createSecureContext({ ca: [...rootCertificates, ca] }))
}
