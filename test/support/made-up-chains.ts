import { generateKeyPairSync } from 'node:crypto'
import forge from 'node-forge'

/** A certificate made for a test, with everything needed to serve it or to issue with it. */
export interface MadeUp {
  readonly cert: string
  readonly key: string
  readonly name: string
}

export interface Wish {
  readonly name: string
  /** Self-signed without. */
  readonly by?: MadeUp
  readonly ca?: boolean
  readonly names?: readonly string[]
  readonly addresses?: readonly string[]
  /** Years from now, fractions too; negative ones have passed. */
  readonly from?: number
  readonly to?: number
}

let serial = 1

/** Issues a certificate the way CAs do, so that OpenSSL judges it for real. */
export function issue({
  name,
  by,
  ca = false,
  names = [],
  addresses = [],
  from,
  to,
}: Wish): MadeUp {
  const key = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(key.publicKey)
  certificate.serialNumber = `0${(serial++).toString(16)}`.slice(-2)
  certificate.validity.notBefore = yearsFromNow(from ?? -1)
  certificate.validity.notAfter = yearsFromNow(to ?? 1)
  certificate.setSubject(subject(name))
  certificate.setIssuer(subject(by?.name ?? name))
  certificate.setExtensions([
    { name: 'basicConstraints', cA: ca, critical: true },
    ...(ca ? [{ name: 'keyUsage', keyCertSign: true, critical: true }] : [alternatives()]),
  ])
  certificate.sign(forge.pki.privateKeyFromPem(by?.key ?? key.privateKey), forge.md.sha256.create())
  return { cert: forge.pki.certificateToPem(certificate), key: key.privateKey, name }

  function alternatives() {
    const altNames = [
      ...names.map((value) => ({ type: 2, value })),
      ...addresses.map((ip) => ({ type: 7, ip })),
    ]
    return { name: 'subjectAltName', altNames }
  }
}

const subject = (name: string): forge.pki.CertificateField[] => [
  { shortName: 'C', value: 'FR' },
  { shortName: 'O', value: 'Acme, Inc.' },
  { shortName: 'CN', value: name },
]

function yearsFromNow(years: number): Date {
  const date = new Date(Date.now() + years * 365 * 86_400_000)
  date.setMilliseconds(0)
  return date
}

/** One root, one intermediate, and a leaf for the names that the tests use. */
export function madeUpPki() {
  const root = issue({ name: 'Acme Root', ca: true })
  const intermediate = issue({ name: 'Acme Intermediate', by: root, ca: true })
  const names = ['issuer.localhost', 'issuer.example', 'localhost']
  const addresses = ['127.0.0.1', '::1']
  const leaf = issue({ name: 'issuer.localhost', by: intermediate, names, addresses })
  return { root, intermediate, leaf }
}
