import { shellWord } from '../shell.ts'
import type { Finding } from './finding.ts'
import { hasIdentity, isAlive, workloadOf } from './pod.ts'
import type { PodSeen, WorkloadSeen } from './sights.ts'
import type { WebhookCase } from './webhook-case.ts'
import {
  shownUnmet,
  type Unmet,
  unmet,
  type WebhookConfiguration,
} from './webhook-configuration.ts'

/** Whether the API server asks the webhook about the pods of this service account at all. */
export function excludedFindings(it: WebhookCase): readonly Finding[] {
  const { configuration, workload, namespaceLabels } = it
  if (workload === undefined) return []
  const namespace = excludedNamespace(configuration, namespaceLabels)
  if (namespace !== undefined) return [namespaceExcluded(configuration, workload, namespace)]
  const without = workload.pods.filter((pod) => isAlive(pod) && !hasIdentity(pod))
  const pods = without.flatMap((pod) => {
    const by = excludedPod(configuration, pod)
    return by === undefined ? [] : [{ pod, by }]
  })
  const [first] = pods
  return first === undefined ? [] : [podExcluded(configuration, workload, first)]
}

/** Undefined where one of the webhooks is for it. */
function excludedNamespace(
  { entries }: WebhookConfiguration,
  labels: Readonly<Record<string, string>> | undefined,
): Unmet | undefined {
  if (labels === undefined) return undefined
  const found = entries.map(({ namespaceSelector }) => unmet(namespaceSelector, labels))
  return found.includes(undefined) ? undefined : found[0]
}

/** The same for a pod; a label of its own keeps the webhook away. */
export function excludedPod(
  { entries }: WebhookConfiguration,
  { labels }: PodSeen,
): Unmet | undefined {
  const found = entries.map(({ objectSelector }) => unmet(objectSelector, labels))
  return found.includes(undefined) ? undefined : found[0]
}

function namespaceExcluded(
  { name }: WebhookConfiguration,
  { serviceAccount: { namespace } }: WorkloadSeen,
  by: Unmet,
): Finding {
  const label = `kubectl label namespace ${shellWord(namespace)}`
  const { key, operator, values: [value = 'true'] = [] } = by
  const changed = operator === 'DoesNotExist' || operator === 'NotIn' ? '-' : `=${value}`
  // The API server sets this one itself, and sets it again.
  const fixed = key === 'kubernetes.io/metadata.name'
  return {
    id: 'webhook/namespace-excluded',
    severity: 'high',
    summary: `The webhook configuration ${name} leaves the namespace ${namespace} out`,
    why: `Its namespaceSelector asks for: ${shownUnmet(by)}. The API server does not ask the webhook about pods there.`,
    ...(fixed
      ? {
          fix: 'Take the namespace out of the selector, or use another one',
          command: `kubectl edit mutatingwebhookconfiguration ${shellWord(name)}`,
        }
      : {
          fix: 'Label the namespace',
          command: `${label} --overwrite ${shellWord(`${key}${changed}`)}`,
        }),
  }
}

function podExcluded(
  { name }: WebhookConfiguration,
  { serviceAccount: { namespace } }: WorkloadSeen,
  { pod, by }: { readonly pod: PodSeen; readonly by: Unmet },
): Finding {
  return {
    id: 'webhook/pod-excluded',
    severity: 'high',
    summary: `The pod ${pod.name} is labelled so that the webhook leaves it out`,
    why: `The objectSelector of ${name} asks for: ${shownUnmet(by)}. The API server did not ask the webhook about it.`,
    ...relabelled(pod, namespace, by),
  }
}

/** A pod that is there is not looked at again, so it takes a new one. */
function relabelled(pod: PodSeen, namespace: string, by: Unmet): Pick<Finding, 'fix' | 'command'> {
  const kubectl = `kubectl -n ${shellWord(namespace)}`
  const workload = workloadOf(pod)
  if (by.operator !== 'DoesNotExist' && by.operator !== 'NotIn') {
    return { fix: `Give its pods a label that meets it, where they are made.` }
  }
  if (workload !== undefined) {
    const path = `/spec/template/metadata/labels/${by.key.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const patch = shellWord(JSON.stringify([{ op: 'remove', path }]))
    return {
      fix: 'Take the label out of its template',
      command: `${kubectl} patch ${shellWord(workload)} --type=json -p ${patch}`,
    }
  }
  if (pod.owner !== undefined) return { fix: `Take the label ${by.key} out where it is made.` }
  const local = `kubectl label --local -f - ${shellWord(`${by.key}-`)} -o yaml`
  return {
    fix: 'Make it again without the label',
    command: `${kubectl} get pod ${shellWord(pod.name)} -o yaml | ${local} | kubectl replace --force -f -`,
  }
}
