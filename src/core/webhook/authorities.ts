import { X509Certificate } from 'node:crypto'
import { type PemBlock, pemBlocks } from '../pem.ts'
import {
  authorityExpired,
  bundleDamaged,
  bundleEmpty,
  bundleNotAuthority,
  bundleNotCertificate,
} from '../problems/webhook.ts'

/** A certificate that the API server verifies the webhook with. */
export interface Authority {
  readonly pem: string
  /** On one line. */
  readonly subject: string
  readonly notAfter: Date
}

/**
 * Reads the authorities of an installation, each one once. @throws Problem `webhook/bundle-…`
 *
 * @param source where the text came from, for the problems
 */
export function readAuthorities(text: string, source: string): Authority[] {
  const certificates = pemBlocks(text).map((block) => readCertificate(block, source))
  if (certificates.length === 0) throw bundleEmpty(source)
  const unfit = certificates.find((certificate) => !verifiesOthers(certificate))
  if (unfit !== undefined) throw bundleNotAuthority(source, subjectOf(unfit))
  const once = new Map(certificates.map((one) => [one.fingerprint256, authority(one)]))
  return [...once.values()]
}

function readCertificate(block: PemBlock, source: string): X509Certificate {
  const { number, label } = block
  if (label !== 'CERTIFICATE') throw bundleNotCertificate(source, number, label)
  if (block.state === 'damaged') throw bundleDamaged(source, number, block.damage)
  try {
    return new X509Certificate(block.der)
  } catch {
    throw bundleDamaged(source, number, 'it is not a certificate of X.509')
  }
}

/**
 * Go also takes a certificate that stands in the bundle itself for trusted (crypto/x509, Verify), so
 * that an installation with a self-signed serving certificate has that one in its caBundle.
 */
const verifiesOthers = (certificate: X509Certificate): boolean =>
  certificate.ca || certificate.verify(certificate.publicKey)

const subjectOf = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ')

const authority = (certificate: X509Certificate): Authority => ({
  pem: certificate.toString(),
  subject: subjectOf(certificate),
  notAfter: new Date(certificate.validTo),
})

/** @throws Problem `webhook/authority-expired` when one of them verifies nothing any more */
export function checkNotExpired(
  authorities: readonly Authority[],
  source: string,
  now: Date,
): void {
  const expired = authorities.find((one) => isExpired(one, now))
  if (expired === undefined) return
  throw authorityExpired(source, expired.subject, dayOf(expired.notAfter))
}

export const isExpired = ({ notAfter }: Authority, now: Date): boolean => notAfter < now

/** The common name of an authority that this program made, for people who look into a caBundle. */
export const AUTHORITY_NAME = 'pod identity webhook CA, made by irsa'

/** Comma and backslash stand behind a backslash in a subject's text (RFC 4514, section 2.4). */
export const isMadeHere = ({ subject }: Authority): boolean =>
  subject.replaceAll('\\', '').includes(AUTHORITY_NAME)

/** `2031-11-21`, in UTC. */
export const dayOf = (date: Date): string => date.toISOString().slice(0, 10)

/** A webhook configuration's `caBundle`: base64 of PEM, the first ones first. */
export const caBundle = (pems: readonly string[]): string =>
  Buffer.from(pems.join('')).toString('base64')

/** Base64 and line breaks, nothing else (RFC 4648 section 4). */
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/

/** The PEM text in a `caBundle`, or undefined where the text is not the base64 of one. */
export function bundleText(base64: string): string | undefined {
  if (!BASE64.test(base64)) return undefined
  const text = Buffer.from(base64, 'base64').toString('utf8')
  return text.includes('-----BEGIN ') ? text : undefined
}
