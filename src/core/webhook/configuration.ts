import { isObject } from '../jwk.ts'
import { notWebhookConfiguration } from '../problems/webhook.ts'
import { isObjectName } from '../service-account.ts'
import { bundleText } from './authorities.ts'

type Fields = Readonly<Record<string, unknown>>

const KIND = 'MutatingWebhookConfiguration'

/** A MutatingWebhookConfiguration as the cluster has it. */
export interface InstalledConfiguration {
  readonly metadata: Fields
  readonly webhooks: readonly Fields[]
  /** The Service that its webhooks call. */
  readonly service: { readonly namespace: string; readonly name: string }
  /** The Secret that the pods mount, where the installation says so. */
  readonly secret: string | undefined
  /** PEM text of what is trusted now; empty where nothing is. */
  readonly bundle: string
}

/** In the annotations: the Secret that the pods mount. A renewal has to write the same one. */
export const SECRET_ANNOTATION = 'irsa/secret'

/** Annotations with which cert-manager's cainjector is told whose bundle to fill in. */
const INJECTED = ['cert-manager.io/inject-ca-from', 'cert-manager.io/inject-ca-from-secret']

/** The same for that of the API server itself, where it is "true" (pkg/controller/cainjector). */
const INJECTED_OWN = 'cert-manager.io/inject-apiserver-ca'

/** kubectl's own record of what was applied; it would hold the old state twice. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/**
 * Reads what `kubectl get mutatingwebhookconfiguration NAME -o json` (or yaml) prints.
 * @throws Problem `webhook/not-a-configuration`
 */
export function readConfiguration(value: unknown, source: string): InstalledConfiguration {
  const fault = (what: string) => notWebhookConfiguration(source, what)
  if (!isObject(value)) throw fault('it is not an object')
  const { apiVersion, kind, metadata } = value
  if (kind !== KIND) throw fault(`its kind is ${shown(kind)}`)
  if (apiVersion !== 'admissionregistration.k8s.io/v1') {
    throw fault(`its apiVersion is ${shown(apiVersion)}`)
  }
  const webhooks = listOf(value['webhooks'])
  const services = webhooks.flatMap(serviceOf)
  const [service] = services
  if (service === undefined) throw fault('none of its webhooks calls a Service')
  if (services.some((other) => shown(other) !== shown(service))) {
    throw fault('its webhooks call several Services')
  }
  const bundles = webhooks.filter(callsService).map((webhook) => bundleOf(webhook) ?? '')
  const secret = annotationsOf(fieldsOf(metadata))[SECRET_ANNOTATION]
  return {
    metadata: fieldsOf(metadata),
    webhooks,
    service,
    secret: typeof secret === 'string' && isObjectName(secret) ? secret : undefined,
    bundle: bundles.join('\n'),
  }
}

/**
 * Of the objects of a file the one that is a webhook configuration: among several the one of this
 * name. A file of a single object is that one, whatever it is.
 *
 * @throws Problem `webhook/not-a-configuration`
 */
export function findConfiguration(
  objects: readonly unknown[],
  name: string,
  source: string,
): unknown {
  if (objects.length === 1) return objects[0]
  const found = objects.filter(isObject).filter(({ kind }) => kind === KIND)
  if (found.length === 0) {
    throw notWebhookConfiguration(source, `none of its ${objects.length} objects is of that kind`)
  }
  const named = found.length === 1 ? found : found.filter((one) => nameOf(one) === name)
  if (named.length === 1) return named[0]
  const what = `of its ${found.length}, ${named.length === 0 ? 'none' : 'more than one'} is named ${shown(name)}`
  throw notWebhookConfiguration(source, what)
}

const nameOf = ({ metadata }: Fields): unknown => fieldsOf(metadata)['name']

/** The annotation by which cert-manager fills in the bundle, and what it says. */
export function injectedFrom({ metadata }: InstalledConfiguration): string | undefined {
  const annotations = annotationsOf(metadata)
  const own = annotations[INJECTED_OWN] === 'true' ? INJECTED_OWN : undefined
  const found = INJECTED.find((name) => annotations[name] !== undefined) ?? own
  return found === undefined ? undefined : `${found}: ${String(annotations[found])}`
}

/** The same configuration, to be applied with another bundle. */
export function withBundle(configuration: InstalledConfiguration, bundle: string) {
  const { name, labels, annotations } = configuration.metadata
  const { [LAST_APPLIED]: _old, ...kept } = fieldsOf(annotations)
  return {
    metadata: {
      name,
      ...(labels === undefined ? {} : { labels }),
      ...(Object.keys(kept).length === 0 ? {} : { annotations: kept }),
    },
    webhooks: configuration.webhooks.map((webhook) =>
      callsService(webhook)
        ? { ...webhook, clientConfig: { ...fieldsOf(webhook['clientConfig']), caBundle: bundle } }
        : webhook,
    ),
  }
}

const fieldsOf = (value: unknown): Fields => (isObject(value) ? value : {})

const annotationsOf = (metadata: Fields): Fields => fieldsOf(metadata['annotations'])

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : [])

const shown = (value: unknown): string => JSON.stringify(value) ?? 'missing'

const callsService = (webhook: Fields): boolean => serviceOf(webhook).length > 0

function serviceOf(webhook: Fields): InstalledConfiguration['service'][] {
  const { namespace, name } = fieldsOf(fieldsOf(webhook['clientConfig'])['service'])
  return typeof namespace === 'string' && typeof name === 'string' ? [{ namespace, name }] : []
}

function bundleOf(webhook: Fields): string | undefined {
  const { caBundle } = fieldsOf(webhook['clientConfig'])
  return typeof caBundle === 'string' ? bundleText(caBundle) : undefined
}
