import { usualAudience } from '../../core/config.ts'
import { flagMissing, flagsConflict } from '../../core/problems/usage.ts'
import { AUTHORITY_NAME } from '../../core/webhook/authorities.ts'
import { type FailurePolicy, readSettings, servingName } from '../../core/webhook/settings.ts'
import type { World } from '../../ports/world.ts'
import { loadConfig } from '../load-config.ts'
import { CONFIGURATION } from './admission-documents.ts'
import { allDocuments } from './documents.ts'
import { askCluster, type Installed, readBundleFile } from './installed.ts'
import type { ManifestFile } from './manifest-files.ts'
import { renewalDocuments, settingsToRenew, warnOfSecret } from './renewal.ts'
import type { Serving } from './serving.ts'

/** The flags of `print-webhook`. */
export interface WebhookFlags {
  readonly namespace?: string
  readonly name?: string
  readonly image?: string
  readonly imageDigest?: string
  readonly replicas?: number
  readonly audience?: string
  readonly certificate: 'self-signed' | 'cert-manager' | 'existing'
  readonly certificateDays?: number
  readonly secretName?: string
  readonly caBundle?: string
  readonly renew?: true
  readonly failurePolicy?: FailurePolicy
  readonly watchConfigMap?: true
  readonly outDir?: string
  readonly kustomize?: true
}

/** The manifests of an installation, or of what a renewal changes of one. */
export interface WebhookManifests {
  readonly documents: readonly ManifestFile[]
  readonly namespace: string
  readonly name: string
  /** When the certificate in there stops working; absent where somebody else makes it. */
  readonly expires?: Date
  /** The file to be applied before the others, where a running installation gets a certificate. */
  readonly first?: string
}

/**
 * Nobody renews it but the person who installed it, so it lasts: five years. Longer would outlive
 * the memory of how it came about.
 */
const DEFAULT_DAYS = 1825

/**
 * The pod identity webhook with its certificate. Asks the cluster only for a renewal whose old
 * authority is not given.
 *
 * @throws Problem `webhook/…`, `usage/flags-conflict`, `usage/flag-missing`
 */
export async function printWebhook(world: World, flags: WebhookFlags): Promise<WebhookManifests> {
  checkFlags(flags)
  const given = await settingsOf(world, flags)
  if (!given.image.pinned) {
    const { reference } = given.image
    world.progress.warn(`${reference} names no version: it may be another image tomorrow.`)
  }
  const installed = await installedOf(world, flags, given.name)
  const renewing = flags.renew === true && installed !== undefined
  const settings = renewing ? settingsToRenew(given, flags, installed) : given
  const serving = await servingOf(world, flags, servingName(settings), installed)
  const filler = { settings, template: world.template }
  const { name, namespace } = settings
  if (serving.kind !== 'self-signed') {
    return { documents: allDocuments(filler, serving), namespace, name }
  }
  if (renewing) warnOfSecret(world.progress.warn, flags, installed, settings)
  const documents = renewing
    ? renewalDocuments(filler, serving, installed.configuration)
    : allDocuments(filler, serving)
  return {
    documents,
    namespace,
    name,
    expires: serving.made.notAfter,
    ...(installed === undefined ? {} : { first: `${CONFIGURATION}.yaml` }),
  }
}

function checkFlags({ certificate, certificateDays, ...flags }: WebhookFlags): void {
  const choice = `--certificate ${certificate}`
  if (certificate !== 'self-signed') {
    const why = 'That certificate is not made here.'
    if (flags.renew === true) throw flagsConflict('--renew', choice, why)
    if (certificateDays !== undefined) throw flagsConflict('--certificate-days', choice, why)
  }
  if (certificate === 'cert-manager' && flags.caBundle !== undefined) {
    throw flagsConflict('--ca-bundle', choice, 'cert-manager fills in the caBundle by itself.')
  }
  if (certificate === 'existing') {
    const why = `${choice} takes the certificate from a Secret that is there, and the authority to verify it with from a file.`
    if (flags.secretName === undefined) throw flagMissing('--secret-name', why)
    if (flags.caBundle === undefined) throw flagMissing('--ca-bundle', why)
  }
  if (flags.kustomize === true && flags.outDir === undefined) {
    throw flagMissing('--out-dir', 'A kustomization names files, so it needs a folder for them.')
  }
}

/** Where there is an irsa.yaml, its provider takes certain audiences, and its region is known. */
async function settingsOf(world: World, flags: WebhookFlags) {
  const config = (await loadConfig(world))?.config
  return readSettings({
    ...flags,
    audience: flags.audience ?? usualAudience(config?.audiences ?? []),
    region: world.options.region ?? config?.region,
  })
}

async function installedOf(
  world: World,
  { caBundle, renew }: WebhookFlags,
  name: string,
): Promise<Installed | undefined> {
  if (caBundle !== undefined) return readBundleFile(world, caBundle, name)
  return renew === true ? askCluster(world, name) : undefined
}

async function servingOf(
  { clock, makeServingCertificate }: World,
  { certificate, certificateDays = DEFAULT_DAYS }: WebhookFlags,
  host: string,
  { trusted = [] }: Partial<Installed> = {},
): Promise<Serving> {
  if (certificate === 'cert-manager') return { kind: certificate }
  if (certificate === 'existing') return { kind: certificate, trusted }
  const request = { names: [host], commonName: AUTHORITY_NAME, now: clock.now() }
  const made = await makeServingCertificate({ ...request, days: certificateDays })
  return { kind: certificate, made, trusted }
}
