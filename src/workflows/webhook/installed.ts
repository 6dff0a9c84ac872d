import { resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { fileMissing } from '../../core/problems/files.ts'
import { bundleEmpty, notInstalled, notWebhookConfiguration } from '../../core/problems/webhook.ts'
import {
  type Authority,
  bundleText,
  checkNotExpired,
  dayOf,
  isExpired,
  readAuthorities,
} from '../../core/webhook/authorities.ts'
import {
  findConfiguration,
  type InstalledConfiguration,
  readConfiguration,
} from '../../core/webhook/configuration.ts'
import type { World } from '../../ports/world.ts'

/** What the API server trusts now, and the configuration it stands in where that is known. */
export interface Installed {
  /** The file, or the command that was asked. */
  readonly source: string
  readonly trusted: readonly Authority[]
  readonly configuration?: InstalledConfiguration
}

type InstalledWorld = Pick<World, 'clock' | 'cwd' | 'files' | 'kubectl' | 'progress'>

/**
 * Asks the cluster for a webhook configuration.
 * @throws Problem `kubectl/…`, `webhook/not-installed`, `webhook/…`
 */
export async function askCluster(world: InstalledWorld, name: string): Promise<Installed> {
  const args = ['get', 'mutatingwebhookconfiguration', name, '--ignore-not-found', '-o', 'json']
  const source = ['kubectl', ...args].join(' ')
  const asking = world.progress.begin(`Reading what the API server trusts: ${source}`)
  try {
    const answer = await world.kubectl(args)
    if (answer.trim() === '') throw notInstalled(name, source)
    const installed = fromConfiguration(world, { text: answer, source, name })
    asking.done(installed.trusted.map(({ subject }) => subject).join('; '))
    return installed
  } catch (error) {
    asking.failed()
    throw error
  }
}

/**
 * Reads the file of `--ca-bundle`: certificates, their base64 as in a caBundle, or a webhook
 * configuration, which may stand among other objects. @throws Problem `files/missing`, `webhook/…`
 *
 * @param name of the configuration that is meant, should there be several
 */
export async function readBundleFile(
  world: InstalledWorld,
  file: string,
  name: string,
): Promise<Installed> {
  const content = await world.files.read(resolve(world.cwd, file))
  if (content === undefined) throw fileMissing(file, 'What the API server trusts now')
  const text = content.toString('utf8')
  if (text.trim() === '') throw bundleEmpty(file)
  const pem = text.includes('-----BEGIN ') ? text : bundleText(text)
  if (pem === undefined) return fromConfiguration(world, { text, source: file, name })
  const trusted = readAuthorities(pem, file)
  checkNotExpired(trusted, file, world.clock.now())
  return { source: file, trusted }
}

/**
 * In a file of certificates an expired one is a mistake that its owner can put right. Those of a
 * configuration have piled up with the renewals; they are left out as long as there is another.
 */
function fromConfiguration(
  { clock, progress }: InstalledWorld,
  { text, source, name }: { readonly text: string; readonly source: string; readonly name: string },
): Installed {
  const found = findConfiguration(parsed(text, source), name, source)
  const configuration = readConfiguration(found, source)
  const [now, all] = [clock.now(), readAuthorities(configuration.bundle, source)]
  const trusted = all.filter((authority) => !isExpired(authority, now))
  if (trusted.length === 0) checkNotExpired(all, source, now)
  for (const { subject, notAfter } of all.filter((authority) => isExpired(authority, now))) {
    progress.warn(`"${subject}" expired on ${dayOf(notAfter)} and is left out of the new caBundle.`)
  }
  return { source, trusted, configuration }
}

/** The objects of a stream; what is between two lines of hyphens may be empty. */
function parsed(text: string, source: string): unknown[] {
  const documents = parseAllDocuments(text, { version: '1.1' })
  if (documents.some(({ errors }) => errors.length > 0)) {
    throw notWebhookConfiguration(source, 'it is no YAML')
  }
  const objects = documents.map((document) => document.toJS() as unknown)
  return objects.length > 1 ? objects.filter((object) => object !== null) : objects
}
