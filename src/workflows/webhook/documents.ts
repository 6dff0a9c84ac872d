import { webhookFlags } from '../../core/webhook/flags.ts'
import { DEFAULT_NAME, type WebhookSettings } from '../../core/webhook/settings.ts'
import { configuration } from './admission-documents.ts'
import { issuedBy, secret } from './certificate-documents.ts'
import {
  clusterWide,
  filled,
  type Filler,
  type ManifestFile,
  namespaced,
  selectors,
} from './manifest-files.ts'
import { firstTime, ORDER } from './overlap.ts'
import type { Serving } from './serving.ts'

/**
 * Everything that an installation consists of. The Secret comes after the webhook configuration: where
 * the webhook is installed already, the API server has to trust the new certificate before the pods
 * get it, and where it is not, the pods wait for it.
 */
export function allDocuments(filler: Filler, serving: Serving): ManifestFile[] {
  const { settings } = filler
  const account = [{ at: ['subjects', 0], value: subject(settings) }]
  const roleName = [{ at: ['roleRef', 'name'], value: settings.name }]
  const role = settings.watchConfigMap
    ? [
        namespaced(filler, '14-role'),
        namespaced(filler, '15-role-binding', { set: [...account, ...roleName] }),
      ]
    : []
  return [
    ...namespace(filler),
    namespaced(filler, '11-service-account'),
    clusterWide(filler, '12-cluster-role'),
    clusterWide(filler, '13-cluster-role-binding', { set: [...account, ...roleName] }),
    ...role,
    ...(serving.kind === 'cert-manager' ? issuedBy(filler) : []),
    namespaced(filler, '30-service', { set: selectors(settings, ['spec', 'selector']) }),
    namespaced(filler, '31-pod-disruption-budget', {
      set: selectors(settings, ['spec', 'selector', 'matchLabels']),
    }),
    deployment(filler),
    configuration(filler, serving, arrival(filler, serving)),
    ...(serving.kind === 'self-signed' ? [secret(filler, serving.made)] : []),
  ]
}

/** What applying it does to an installation that is there already. */
function arrival({ settings }: Filler, serving: Serving): readonly string[] {
  if (serving.kind !== 'self-signed') return []
  return serving.trusted.length > 0 ? ORDER : firstTime(settings)
}

const subject = ({ name, namespace: of }: WebhookSettings) => ({
  kind: 'ServiceAccount',
  name,
  namespace: of,
})

/** Those that every cluster has; the stream must not claim them. */
const isBuiltIn = (name: string): boolean => name === 'default' || name.startsWith('kube-')

function namespace({ settings, template }: Filler): ManifestFile[] {
  if (isBuiltIn(settings.namespace)) return []
  const content = { set: [{ at: ['metadata', 'name'], value: settings.namespace }] }
  // Whatever else lives in a namespace of somebody's keeps the pod security that it has.
  const foreign =
    settings.namespace === DEFAULT_NAME ? [] : [{ at: ['metadata', 'labels'], value: undefined }]
  return [filled(template, '10-namespace', { set: [...content.set, ...foreign] })]
}

function deployment(filler: Filler): ManifestFile {
  const { settings } = filler
  const pod = ['spec', 'template', 'spec']
  const spread = [0, 1].flatMap((index) =>
    selectors(settings, [
      ...pod,
      'topologySpreadConstraints',
      index,
      'labelSelector',
      'matchLabels',
    ]),
  )
  const container = [...pod, 'containers', 0]
  return namespaced(filler, '32-deployment', {
    set: [
      { at: ['spec', 'replicas'], value: settings.replicas },
      ...selectors(settings, ['spec', 'selector', 'matchLabels']),
      ...selectors(settings, ['spec', 'template', 'metadata', 'labels']),
      ...spread,
      { at: [...pod, 'serviceAccountName'], value: settings.name },
      { at: [...pod, 'volumes', 0, 'secret', 'secretName'], value: settings.secretName },
      { at: [...container, 'image'], value: settings.image.reference },
      // The same name may be another image tomorrow.
      ...(settings.image.pinned
        ? []
        : [{ at: [...container, 'imagePullPolicy'], value: 'Always' }]),
    ],
    fills: [{ at: [...container, 'args'], entries: webhookFlags(settings) }],
  })
}
