import { nearest } from './nearest.ts'
import {
  containerInvalid,
  podInvalid,
  unknownWorkloadKind,
  workloadInvalid,
} from './problems/workload.ts'
import { isNamespace, isObjectName } from './service-account.ts'

/** A kind of object that has pods made. */
export interface WorkloadKind {
  readonly kind: string
  /** Undefined for the core group. */
  readonly group?: string
  readonly version: 'v1'
  /** Where the pod's spec is. */
  readonly podSpec: readonly string[]
  /** Whether the API server takes a change of that in an object that exists. */
  readonly patchable: boolean
  /** What kubectl calls it besides the kind in lower case. */
  readonly aliases: readonly string[]
}

/** One workload: its namespace is the service account's. */
export interface Workload {
  readonly kind: WorkloadKind
  readonly name: string
}

/** Where every kind with a `template` has it. */
const TEMPLATE_POD_SPEC = ['spec', 'template', 'spec']

const apps = (kind: string, alias: string): WorkloadKind => ({
  kind,
  group: 'apps',
  version: 'v1',
  podSpec: TEMPLATE_POD_SPEC,
  patchable: true,
  aliases: [alias],
})

/** Kubernetes API reference, workload resources; aliases as `kubectl api-resources` has them. */
const KINDS: readonly WorkloadKind[] = [
  apps('Deployment', 'deploy'),
  apps('StatefulSet', 'sts'),
  apps('DaemonSet', 'ds'),
  apps('ReplicaSet', 'rs'),
  {
    kind: 'CronJob',
    group: 'batch',
    version: 'v1',
    podSpec: ['spec', 'jobTemplate', ...TEMPLATE_POD_SPEC],
    patchable: true,
    aliases: ['cj'],
  },
  {
    kind: 'Job',
    group: 'batch',
    version: 'v1',
    podSpec: TEMPLATE_POD_SPEC,
    // kubernetes pkg/apis/batch/validation: a job's template is immutable.
    patchable: false,
    aliases: [],
  },
  // kubernetes pkg/apis/core/validation, ValidatePodUpdate: of a pod's spec, images and little else.
  { kind: 'Pod', version: 'v1', podSpec: ['spec'], patchable: false, aliases: ['po'] },
  {
    kind: 'ReplicationController',
    version: 'v1',
    podSpec: TEMPLATE_POD_SPEC,
    patchable: true,
    aliases: ['rc'],
  },
]

/**
 * Reads `KIND/NAME`, the kind in any case, in the plural or short, as for kubectl.
 * @throws Problem `workload/malformed`, `workload/unknown-kind`
 */
export function parseWorkload(text: string): Workload {
  const [word = '', name = '', ...rest] = text.split('/')
  if (word === '' || rest.length > 0 || !isObjectName(name)) throw workloadInvalid(text)
  const kind = KINDS.find((one) => namesOf(one).includes(word.toLowerCase()))
  if (kind !== undefined) return { kind, name }
  const names = KINDS.map(wordOf)
  throw unknownWorkloadKind(word, nearest(word, names), names)
}

/** The kind as one types it. */
export const wordOf = ({ kind }: WorkloadKind): string => kind.toLowerCase()

const namesOf = (kind: WorkloadKind): string[] => [
  wordOf(kind),
  `${wordOf(kind)}s`,
  ...kind.aliases,
]

/** As one types it: `deployment/checkout`. */
export const shownWorkload = ({ kind, name }: Workload): string => `${wordOf(kind)}/${name}`

/** Its place in an object's head: `apps/v1`. */
export const apiVersionOf = ({ group, version }: WorkloadKind): string =>
  group === undefined ? version : `${group}/${version}`

/** The name of a pod, as of `--pod`. @throws Problem `workload/pod-invalid` */
export function checkPodName(name: string): void {
  if (!isObjectName(name)) throw podInvalid(name)
}

/** The name of a container, which follows the rule of a namespace's. @throws Problem `workload/…` */
export function checkContainerName(name: string): void {
  if (!isNamespace(name)) throw containerInvalid(name)
}
