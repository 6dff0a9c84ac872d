import { caBundle } from '../../core/webhook/authorities.ts'
import { SECRET_ANNOTATION } from '../../core/webhook/configuration.ts'
import { firstNamespaces } from '../../core/webhook/namespaces.ts'
import type { WebhookSettings } from '../../core/webhook/settings.ts'
import type { Setting } from '../yaml-template.ts'
import { clusterWide, type Filler, type ManifestFile } from './manifest-files.ts'
import { type Serving, trustedPems } from './serving.ts'

/** The file of the webhook configuration, without its ending. */
export const CONFIGURATION = '40-mutating-webhook-configuration'

/** The webhook configuration, with what its notes say about the way it comes to the cluster. */
export function configuration(
  filler: Filler,
  serving: Serving,
  notes: readonly string[] = [],
): ManifestFile {
  const { settings } = filler
  const bundle = trustedPems(serving)
  const certManager = serving.kind === 'cert-manager'
  const webhook = (index: number): Setting[] => {
    const client = ['webhooks', index, 'clientConfig']
    const value = bundle.length === 0 ? undefined : caBundle(bundle)
    return [
      { at: [...client, 'service', 'namespace'], value: settings.namespace },
      { at: [...client, 'service', 'name'], value: settings.name },
      { at: [...client, 'caBundle'], value },
    ]
  }
  return clusterWide(filler, CONFIGURATION, {
    notes: [...policyNotes(settings), ...notes],
    set: [
      certManager ? injected(settings) : mounted(settings),
      ...[0, 1].flatMap(webhook),
      ...policy(settings, certManager),
    ],
  })
}

const mounted = ({ secretName }: WebhookSettings): Setting => ({
  at: ['metadata', 'annotations', SECRET_ANNOTATION],
  value: secretName,
})

const injected = ({ namespace, name }: WebhookSettings): Setting => ({
  at: ['metadata', 'annotations'],
  value: { 'cert-manager.io/inject-ca-from': `${namespace}/${name}` },
})

function policy(settings: WebhookSettings, certManager: boolean): Setting[] {
  if (settings.failurePolicy === 'Ignore') {
    return [
      { at: ['webhooks', 1], value: undefined },
      { at: ['webhooks', 0, 'namespaceSelector'], value: undefined },
    ]
  }
  const values = firstNamespaces(settings, certManager)
  const list = ['namespaceSelector', 'matchExpressions', 0, 'values']
  return [
    { at: ['webhooks', 0, 'failurePolicy'], value: 'Fail' },
    { at: ['webhooks', 0, ...list], value: values },
    { at: ['webhooks', 1, ...list], value: values },
  ]
}

const policyNotes = ({ failurePolicy }: WebhookSettings): string[] =>
  failurePolicy === 'Ignore'
    ? [
        'failurePolicy Ignore: while the webhook is away, pods start without credentials, and stay so until they are created again. Nothing in the cluster waits for it, so it has no namespace to leave out. With --failure-policy Fail pods wait instead.',
      ]
    : [
        'failurePolicy Fail: while the webhook is away, nobody can create pods outside of the namespaces that are left out below; Deployments and Jobs try again by themselves. Until the first replica is ready, that is so from the moment this is applied.',
      ]
