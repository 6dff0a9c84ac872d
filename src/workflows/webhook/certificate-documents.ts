import { dayOf } from '../../core/webhook/authorities.ts'
import { renewalCommand, servingName } from '../../core/webhook/settings.ts'
import type { ServingCertificate } from '../../ports/local.ts'
import type { Setting } from '../yaml-template.ts'
import { type Filler, type ManifestFile, namespaced } from './manifest-files.ts'

/** What cert-manager makes the certificate from. */
export function issuedBy(filler: Filler): ManifestFile[] {
  const { settings } = filler
  const [selfSigned, ca] = [`${settings.name}-self-signed`, `${settings.name}-ca`]
  const named = (name: string): Setting => ({ at: ['metadata', 'name'], value: name })
  return [
    namespaced(filler, '20-self-signed-issuer', { set: [named(selfSigned)] }),
    namespaced(filler, '21-authority-certificate', {
      set: [
        named(ca),
        // RFC 5280 appendix A.1: 64 characters at most, which a name and its ending may exceed.
        { at: ['spec', 'commonName'], value: ca.slice(-64) },
        { at: ['spec', 'secretName'], value: ca },
        { at: ['spec', 'issuerRef', 'name'], value: selfSigned },
      ],
    }),
    namespaced(filler, '22-authority-issuer', {
      set: [named(ca), { at: ['spec', 'ca', 'secretName'], value: ca }],
    }),
    namespaced(filler, '23-certificate', {
      set: [
        { at: ['spec', 'secretName'], value: settings.secretName },
        { at: ['spec', 'dnsNames'], value: [servingName(settings)] },
        { at: ['spec', 'issuerRef', 'name'], value: ca },
      ],
    }),
  ]
}

/**
 * The certificate and its key: the one place where a private key is.
 * @param configuration the name of the webhook configuration, where another tool chose it
 */
export function secret(
  filler: Filler,
  { certificate, key, notAfter }: ServingCertificate,
  configuration?: string,
): ManifestFile {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const made = namespaced(filler, '50-secret', {
    notes: [
      `For ${servingName(filler.settings)}, valid until ${dayOf(notAfter)}. Renew it before:`,
      `  ${renewalCommand(filler.settings, configuration)}`,
    ],
    set: [
      { at: ['metadata', 'name'], value: filler.settings.secretName },
      { at: ['data'], value: { 'tls.crt': base64(certificate), 'tls.key': base64(key) } },
    ],
  })
  return { ...made, secret: true }
}
