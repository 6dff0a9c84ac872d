import { isObject } from '../jwk.ts'
import { type Fields, fieldsOf, objectsIn, textOf, textsByName } from '../kube-json.ts'
import { shellWord } from '../shell.ts'
import type { PodSeen } from './sights.ts'

interface KubeContainer {
  readonly env?: readonly { readonly name: string; readonly value?: string }[]
}

/** A pod as kubectl prints it, as far as it is looked at. */
export interface KubePod {
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly creationTimestamp?: string
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
    readonly ownerReferences?: readonly {
      readonly kind: string
      readonly name: string
      readonly controller?: boolean
    }[]
  }
  readonly spec: {
    readonly serviceAccountName?: string
    readonly containers: readonly KubeContainer[]
    readonly initContainers?: readonly KubeContainer[]
    readonly volumes?: readonly {
      readonly projected?: {
        readonly sources?: readonly {
          readonly serviceAccountToken?: { readonly audience?: string }
        }[]
      }
    }[]
  }
  readonly status?: { readonly phase?: string }
}

/** Whether an answer is a pod at all: it has a name, and says what runs in it. */
export function isPod(answer: Fields): boolean {
  const { metadata, spec } = answer
  return textOf(fieldsOf(metadata)['name']) !== undefined && isObject(spec)
}

/** Takes a pod apart; what is not as it should be is taken for absent. */
export function podSeen(pod: KubePod | Fields): PodSeen {
  const { metadata, spec, status } = pod as Fields
  const { name, namespace, creationTimestamp, labels, annotations, ownerReferences } =
    fieldsOf(metadata)
  const { serviceAccountName, containers, initContainers, volumes } = fieldsOf(spec)
  const owner = objectsIn(ownerReferences).find(({ controller }) => controller === true)
  return {
    name: textOf(name) ?? '',
    serviceAccount: textOf(serviceAccountName) ?? 'default',
    created: textOf(creationTimestamp) ?? '',
    phase: textOf(fieldsOf(status)['phase']) ?? 'Pending',
    labels: textsByName(labels),
    annotations: textsByName(annotations),
    owner: owner && [namespace ?? '', owner['kind'], owner['name']].map(String).join('/'),
    roleArns: rolesOf([...objectsIn(containers), ...objectsIn(initContainers)]),
    audiences: audiencesOf(objectsIn(volumes)),
  }
}

function rolesOf(containers: readonly Fields[]): readonly string[] {
  const variables = containers.flatMap(({ env }) => objectsIn(env))
  const roles = variables.filter(({ name }) => name === 'AWS_ROLE_ARN')
  return [...new Set(roles.map(({ value }) => textOf(value) ?? ''))].filter((arn) => arn !== '')
}

/** Of the tokens that are projected, but for those of the Kubernetes API. */
function audiencesOf(volumes: readonly Fields[]): readonly string[] {
  const sources = volumes.flatMap(({ projected }) => objectsIn(fieldsOf(projected)['sources']))
  const tokens = sources.map(({ serviceAccountToken }) => fieldsOf(serviceAccountToken))
  return [...new Set(tokens.flatMap(({ audience }) => textOf(audience) ?? []))]
}

/** Whether it has what the AWS SDKs need, from the webhook or by itself. */
export const hasIdentity = ({ roleArns, audiences }: PodSeen): boolean =>
  roleArns.length > 0 && audiences.length > 0

/** Whether its containers run or will: what a finished pod lacks hurts nobody. */
export const isAlive = ({ phase }: PodSeen): boolean => phase !== 'Succeeded' && phase !== 'Failed'

/** What a Deployment calls its ReplicaSets by (kubernetes pkg/controller/deployment/sync.go). */
const HASH = 'pod-template-hash'

const ROLLED_OUT = new Set(['DaemonSet', 'Deployment', 'StatefulSet'])

/** What made it, as kubectl names it, such as `deployment/checkout`; undefined where that is nothing that rolls out. */
export function workloadOf({ owner, labels }: PodSeen): string | undefined {
  const [, kind = '', name = ''] = owner?.split('/') ?? []
  const hash = labels[HASH]
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)) {
    return `deployment/${name.slice(0, -hash.length - 1)}`
  }
  return ROLLED_OUT.has(kind) ? `${kind.toLowerCase()}/${name}` : undefined
}

/** The line that makes the pod again; what stood alone is made as it was, with what is injected now. */
export function recreateCommand(pod: PodSeen, namespace: string): string {
  const kubectl = `kubectl -n ${shellWord(namespace)}`
  const workload = workloadOf(pod)
  if (workload !== undefined) return `${kubectl} rollout restart ${shellWord(workload)}`
  const name = shellWord(pod.name)
  return pod.owner === undefined
    ? `${kubectl} get pod ${name} -o yaml | kubectl replace --force -f -`
    : `${kubectl} delete pod ${name}`
}
