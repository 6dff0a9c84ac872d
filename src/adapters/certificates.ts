import { createPrivateKey, generateKeyPair, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'
import { promisify } from 'node:util'
import forge from 'node-forge'
import type { MakeServingCertificate } from '../ports/local.ts'

const generate = promisify(generateKeyPair)

/** RSA: node-forge knows no other kind of key, and every TLS client takes 2048 bits. */
const KEY_BITS = 2048

/** RFC 5280 appendix A.1, ub-common-name: a longer name is left to the alternative names. */
const MAX_COMMON_NAME = 64

/** Clocks differ: a certificate that starts this very second is not valid yet elsewhere. */
const BACKDATED_MS = 5 * 60 * 1000

const DAY_MS = 24 * 60 * 60 * 1000

/** A certificate and its key, both as PEM text; the key is unencrypted PKCS#8. */
export interface KeyedCertificate {
  readonly certificate: string
  readonly key: string
}

/** A self-signed certificate that may sign serving certificates, and nothing below it other CAs. */
export type CertificateAuthority = KeyedCertificate

/** How long a certificate is valid, counted from a moment that the caller names. */
export interface Validity {
  readonly days: number
  readonly now: Date
}

/** Makes a certificate authority with a fresh RSA key. Nothing is written anywhere. */
export async function makeCertificateAuthority(
  options: Validity & { readonly commonName: string },
): Promise<CertificateAuthority> {
  const key = await freshKey()
  const certificate = blank(key.public, options)
  const subject = [{ name: 'commonName', value: options.commonName }]
  certificate.setSubject(subject)
  certificate.setIssuer(subject)
  certificate.setExtensions([
    // RFC 5280 section 4.2.1.9: path length 0, it signs leaves only.
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ])
  return { certificate: signed(certificate, key.private), key: key.private }
}

/**
 * Issues a certificate for a TLS server with a fresh RSA key. `names` are DNS names, wildcards
 * among them, and IP addresses; all become subject alternative names, the only ones clients look at.
 *
 * The authority may still be in the making: both keys are then generated at the same time.
 */
export async function issueServerCertificate(
  authority: CertificateAuthority | Promise<CertificateAuthority>,
  options: Validity & { readonly names: readonly string[] },
): Promise<KeyedCertificate> {
  const [key, { certificate: issuerCertificate, key: issuerKey }] = await Promise.all([
    freshKey(),
    authority,
  ])
  const issuer = forge.pki.certificateFromPem(issuerCertificate)
  const certificate = blank(key.public, options)
  const commonName = options.names.find((name) => name.length <= MAX_COMMON_NAME)
  certificate.setSubject(commonName ? [{ name: 'commonName', value: commonName }] : [])
  certificate.setIssuer(issuer.subject.attributes)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    // RFC 5280 section 4.2.1.6: critical where the subject is empty.
    { name: 'subjectAltName', altNames: options.names.map(altName), critical: !commonName },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'authorityKeyIdentifier',
      keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes(),
    },
  ])
  return { certificate: signed(certificate, issuerKey), key: key.private }
}

/** The authority's key never leaves this function: whoever holds it could stand in for the server. */
export const makeServingCertificate: MakeServingCertificate = async ({
  names,
  commonName,
  ...validity
}) => {
  const authority = makeCertificateAuthority({ commonName, ...validity })
  const leaf = await issueServerCertificate(authority, { names, ...validity })
  const { certificate } = await authority
  const { notAfter } = forge.pki.certificateFromPem(leaf.certificate).validity
  return { ...leaf, authority: certificate, notAfter }
}

async function freshKey(): Promise<{ public: string; private: string }> {
  const pair = await generate('rsa', {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  return { public: pair.publicKey, private: pair.privateKey }
}

function blank(publicKey: string, { days, now }: Validity): forge.pki.Certificate {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  // RFC 5280 section 4.1.2.2: positive and at most 20 octets, so the first bit stays clear.
  const serial = randomBytes(16)
  serial.writeUInt8((serial.readUInt8(0) & 0x7f) | 0x40, 0)
  certificate.serialNumber = serial.toString('hex')
  certificate.validity.notBefore = new Date(now.getTime() - BACKDATED_MS)
  certificate.validity.notAfter = new Date(now.getTime() + days * DAY_MS)
  return certificate
}

/** Lets forge write the certificate and OpenSSL sign it, which is some twenty times faster. */
function signed(certificate: forge.pki.Certificate, key: string): string {
  certificate.sign(
    { sign: () => '' } as unknown as forge.pki.rsa.PrivateKey,
    forge.md.sha256.create(),
  )
  const body = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'latin1')
  certificate.signature = sign('sha256', body, createPrivateKey(key)).toString('latin1')
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n')
}

/** GeneralName tags of RFC 5280 section 4.2.1.6: 2 dNSName, 7 iPAddress. */
function altName(name: string): { type: 2; value: string } | { type: 7; ip: string } {
  return isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name }
}
