import { otherSecret, otherService, renewedElsewhere } from '../../core/problems/webhook.ts'
import { caBundle, isMadeHere } from '../../core/webhook/authorities.ts'
import {
  type InstalledConfiguration,
  injectedFrom,
  withBundle,
} from '../../core/webhook/configuration.ts'
import { servingName, usualSecret, type WebhookSettings } from '../../core/webhook/settings.ts'
import { CONFIGURATION, configuration } from './admission-documents.ts'
import { secret } from './certificate-documents.ts'
import type { Installed } from './installed.ts'
import { filled, type Filler, type ManifestFile } from './manifest-files.ts'
import { ORDER } from './overlap.ts'
import { type Serving, trustedPems } from './serving.ts'

const FROM_FLAGS =
  'Everything but the caBundle is written from the flags: give the same ones as for the installation. Without --ca-bundle, or with its MutatingWebhookConfiguration in that file, it stays as the cluster has it.'

/** Names that were given by flag. */
interface Given {
  readonly namespace?: string | undefined
  readonly secretName?: string | undefined
}

/**
 * The settings of a renewal: the Service is the one that the configuration at hand calls, the Secret
 * the one that its annotation names.
 * @throws Problem `webhook/other-service`, `webhook/other-secret`, `webhook/renewed-by-cert-manager`
 */
export function settingsToRenew(
  settings: WebhookSettings,
  given: Given,
  { source, configuration: installed }: Installed,
): WebhookSettings {
  if (installed === undefined) return settings
  const { service, secret } = installed
  const [name, annotation] = [nameOf(installed), injectedFrom(installed)]
  if (annotation !== undefined) throw renewedElsewhere(name, annotation)
  if (given.namespace !== undefined && given.namespace !== service.namespace) {
    const theirs = servingName(service)
    throw otherService(source, theirs, servingName({ ...service, namespace: given.namespace }))
  }
  const { secretName = secret ?? usualSecret(service.name) } = given
  if (secret !== undefined && secret !== secretName) {
    throw otherSecret(source, { name, secret }, secretName)
  }
  return { ...settings, ...service, secretName }
}

const nameOf = ({ metadata }: InstalledConfiguration): string => String(metadata['name'])

/** What a renewal cannot know of an installation that is not entirely irsa's. */
export function warnOfSecret(
  warn: (text: string) => void,
  given: Given,
  { source, configuration: installed, trusted }: Installed,
  { secretName }: WebhookSettings,
): void {
  if (given.secretName === undefined && installed?.secret === undefined) {
    warn(
      `${source} does not say which Secret the pods mount: if it is another one than ${secretName}, name it with --secret-name.`,
    )
  }
  if (trusted.some(isMadeHere)) return
  warn(
    `The certificate until now was not made by irsa: what made it may write it into the Secret ${secretName} again, and where that is not of type kubernetes.io/tls, kubectl is refused a change of it.`,
  )
}

/** What a renewal changes, in the order in which it has to be applied. */
export function renewalDocuments(
  filler: Filler,
  serving: Serving & { readonly kind: 'self-signed' },
  installed: InstalledConfiguration | undefined,
): ManifestFile[] {
  const trusting =
    installed === undefined
      ? configuration(filler, serving, [FROM_FLAGS, ...ORDER])
      : asInstalled(filler, serving, installed)
  const name = installed === undefined ? undefined : nameOf(installed)
  return [trusting, secret(filler, serving.made, name)]
}

/** Everything but the bundle stays as the cluster has it, whatever the flags say. */
function asInstalled(
  { template }: Filler,
  serving: Serving,
  installed: InstalledConfiguration,
): ManifestFile {
  const { metadata, webhooks } = withBundle(installed, caBundle(trustedPems(serving)))
  const made = filled(template, '40-renewed-webhook-configuration', {
    notes: ORDER,
    set: [
      { at: ['metadata'], value: metadata },
      { at: ['webhooks'], value: webhooks },
    ],
  })
  return { ...made, file: `${CONFIGURATION}.yaml` }
}
