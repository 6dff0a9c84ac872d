import { X509Certificate } from 'node:crypto'
import { pemBlocks } from '../pem.ts'
import { dayOf } from '../webhook/authorities.ts'
import { servingName } from '../webhook/settings.ts'
import type { Finding } from './finding.ts'
import { policyWords, type WebhookBackend, type WebhookCase } from './webhook-case.ts'

/** cert-manager renews its 90 days with 15 to go (upstream's deploy/certificate.yaml). */
const SOON_DAYS = 14
const DAY_MS = 86_400_000

/** Whether the API server can verify the certificate that the webhook's pods have. */
export function certificateFindings(it: WebhookCase): readonly Finding[] {
  const { backend, now } = it
  if (backend?.certificate === undefined) return []
  const [leaf, ...intermediates] = certificatesIn(backend.certificate)
  if (leaf === undefined) return [broken(it, 'certificate-missing', noCertificate(backend))]
  const end = new Date(leaf.validTo)
  if (end < now) return [broken(it, 'certificate-expired', expired(backend, end))]
  const name = servingName(backend.service)
  if (leaf.checkHost(name, { subject: 'never' }) === undefined) {
    return [broken(it, 'certificate-name', otherName(leaf, name))]
  }
  const bundle = certificatesIn(it.configuration.entries[0].bundle ?? '')
  if (!isTrusted(leaf, intermediates, bundle, now)) {
    return [broken(it, 'bundle-mismatch', mismatch(leaf, bundle))]
  }
  return end.getTime() - now.getTime() > SOON_DAYS * DAY_MS ? [] : [endsSoon(it, end)]
}

/** When it stops working, for whoever is told that it works. */
export function certificateEnd({ certificate = '' }: WebhookBackend): string | undefined {
  const [leaf] = certificatesIn(certificate)
  return leaf && dayOf(new Date(leaf.validTo))
}

/** Of the blocks of a text those that are certificates. */
function certificatesIn(text: string): readonly X509Certificate[] {
  return pemBlocks(text).flatMap((block) => {
    if (block.state === 'damaged' || block.label !== 'CERTIFICATE') return []
    try {
      return [new X509Certificate(block.der)]
    } catch {
      return []
    }
  })
}

/** As Go verifies: through what is presented, to any certificate of the bundle, none of them expired. */
function isTrusted(
  leaf: X509Certificate,
  presented: readonly X509Certificate[],
  bundle: readonly X509Certificate[],
  now: Date,
): boolean {
  const valid = (one: X509Certificate): boolean => new Date(one.validTo) >= now
  if (bundle.some((one) => one.raw.equals(leaf.raw))) return true
  const issues = (one: X509Certificate): boolean =>
    valid(one) && leaf.checkIssued(one) && leaf.verify(one.publicKey)
  if (bundle.some(issues)) return true
  return presented.filter(issues).some((above) =>
    isTrusted(
      above,
      presented.filter((one) => one !== above),
      bundle,
      now,
    ),
  )
}

type Seen = Pick<Finding, 'summary' | 'why'>

const noCertificate = ({ secret = '', service }: WebhookBackend): Seen => ({
  summary: `The Secret ${service.namespace}/${secret} holds no certificate`,
  why: 'The pods of the webhook mount it, and do not start without it.',
})

const expired = ({ secret = '', service }: WebhookBackend, end: Date): Seen => ({
  summary: `The certificate of the webhook expired on ${dayOf(end)} (Secret ${service.namespace}/${secret})`,
  why: 'The API server refuses it as soon as it connects anew.',
})

const otherName = ({ subjectAltName }: X509Certificate, name: string): Seen => ({
  summary: `The certificate of the webhook is made out to ${subjectAltName ?? 'no name'}, not to ${name}`,
  why: `The API server connects to it as ${name}, and takes no other name; it ignores the common name.`,
})

const mismatch = ({ issuer }: X509Certificate, bundle: readonly X509Certificate[]): Seen => ({
  summary:
    'The caBundle of the webhook configuration does not verify the certificate of the webhook',
  why: `The certificate was issued by ${oneLine(issuer)}; the caBundle holds ${
    bundle
      .map(({ subject, validTo }) => `${oneLine(subject)}, until ${dayOf(new Date(validTo))}`)
      .join('; ') || 'no certificate'
  }. The API server trusts nothing else.`,
})

const oneLine = (name: string): string => name.replaceAll('\n', ', ')

const broken = (it: WebhookCase, id: string, { summary, why }: Seen): Finding => ({
  id: `webhook/${id}`,
  severity: 'high',
  summary,
  why: `${why}${policyWords(it.configuration)}`,
  ...renewal(it),
})

function renewal({ commands: { renew } }: WebhookCase): Pick<Finding, 'fix' | 'command'> {
  return renew === undefined
    ? { fix: 'Renew it with what installed the webhook.' }
    : { fix: 'Renew it', command: renew }
}

const endsSoon = (it: WebhookCase, end: Date): Finding => ({
  id: 'webhook/certificate-expiring-soon',
  severity: 'medium',
  summary: `The certificate of the webhook expires on ${dayOf(end)}`,
  why: `From then on the API server refuses it.${policyWords(it.configuration)}`,
  ...renewal(it),
})
