import { containerMissing, workloadFrozen } from '../core/problems/workload.ts'
import { shownServiceAccount, type ServiceAccount } from '../core/service-account.ts'
import {
  type EnvironmentVariable,
  TOKEN_MOUNT,
  tokenVolume,
  type WebIdentity,
  webIdentityEnvironment,
} from '../core/web-identity.ts'
import {
  apiVersionOf,
  checkContainerName,
  parseWorkload,
  shownWorkload,
  type Workload,
  wordOf,
} from '../core/workload.ts'
import type { NextCommand, World } from '../ports/world.ts'
import { manifestStream } from './manifests.ts'
import { type Printed, shownCommands } from './printed.ts'
import { fillTemplate } from './yaml-template.ts'

/** The flags that make a patch of it. */
export interface PatchFlags {
  /** KIND/NAME. */
  readonly patch?: string
  readonly container?: readonly string[]
  readonly initContainer?: readonly string[]
  readonly kustomize?: true
}

/** What is patched, and in which form the patch is wanted. */
export interface PatchTarget {
  readonly workload: Workload
  readonly containers: readonly string[]
  readonly initContainers: readonly string[]
  readonly kustomize: boolean
}

/** Reads those flags; undefined without `--patch`. @throws Problem `workload/…` */
export function parseTarget(flags: PatchFlags): PatchTarget | undefined {
  const { patch, container = [], initContainer = [], kustomize = false } = flags
  if (patch === undefined) return undefined
  const workload = parseWorkload(patch)
  const shown = shownWorkload(workload)
  if (!workload.kind.patchable && !kustomize) throw workloadFrozen(workload.kind.kind)
  if (container.length + initContainer.length === 0) throw containerMissing(shown)
  for (const name of [...container, ...initContainer]) checkContainerName(name)
  const [containers, initContainers] = [container, initContainer].map(each) as [string[], string[]]
  return { workload, containers, initContainers, kustomize }
}

const each = (names: readonly string[]): string[] => [...new Set(names)]

interface WorkloadPatch {
  readonly serviceAccount: ServiceAccount
  readonly target: PatchTarget
  readonly identity: WebIdentity
  readonly endpoint: readonly EnvironmentVariable[]
}

/**
 * A strategic-merge patch that gives containers of a workload the role, for `kubectl patch`, or
 * within a kustomization.
 */
export function workloadPatch(template: World['template'], patch: WorkloadPatch): Printed {
  const { workload, kustomize } = patch.target
  const document = patchDocument(template, patch)
  const manifests = manifestStream([document])
  if (!kustomize) return { manifests, next: patching(patch) }
  const { group, kind, version } = workload.kind
  const target = {
    ...(group === undefined ? {} : { group }),
    version,
    kind,
    name: exactly(workload),
  }
  const text = fillTemplate(template('workload/kustomization.yaml'), {
    set: [{ at: ['patches'], value: [{ target, patch: document }] }],
  })
  return { manifests: { ...manifests, text }, next: [BUILDING] }
}

/** A target's name is a pattern (kustomize api/types/selector.go), where a dot is any character. */
const exactly = ({ name }: Workload): string => name.replaceAll('.', '\\.')

const BUILDING = {
  command: 'kubectl diff -k .',
  why: 'what it would change, with this as kustomization.yaml here',
}

function patchDocument(template: World['template'], patch: WorkloadPatch): string {
  const { serviceAccount, target, identity } = patch
  const { kind, name } = target.workload
  const { namespace, name: serviceAccountName } = serviceAccount
  const entry = containerEntry(patch)
  const lists = {
    ...(target.initContainers.length > 0
      ? { initContainers: target.initContainers.map(entry) }
      : {}),
    ...(target.containers.length > 0 ? { containers: target.containers.map(entry) } : {}),
  }
  const podSpec = { serviceAccountName, ...lists, volumes: [tokenVolume(identity)] }
  return fillTemplate(template('workload/patch.yaml'), {
    notes: notesOf(patch),
    set: [
      { at: ['apiVersion'], value: apiVersionOf(kind) },
      { at: ['kind'], value: kind.kind },
      { at: ['metadata'], value: { name, namespace } },
      { at: ['spec'], value: within(kind.podSpec.slice(1), podSpec) },
    ],
  })
}

/** Below these keys. */
const within = (keys: readonly string[], value: object): object =>
  keys.reduceRight((inner, key) => ({ [key]: inner }), value)

const containerEntry =
  ({ identity, endpoint }: WorkloadPatch) =>
  (name: string) => ({
    name,
    env: [...webIdentityEnvironment(identity), ...endpoint],
    volumeMounts: [TOKEN_MOUNT],
  })

function patching({ serviceAccount, target }: WorkloadPatch): NextCommand[] {
  const kubectl = `kubectl -n ${serviceAccount.namespace}`
  const { kind, name } = target.workload
  return [
    {
      command: `${kubectl} patch ${wordOf(kind)} ${name} --patch-file FILE`,
      why: 'change the workload, with this as FILE',
    },
  ]
}

function notesOf(patch: WorkloadPatch): string[] {
  const who = shownServiceAccount(patch.serviceAccount)
  const commands = patch.target.kustomize ? [] : patching(patch)
  return [
    `The workload runs as the service account ${who} from then on, which has to be there, without any annotation. What its pods may do in the Kubernetes API is then what ${who} may.`,
    'A container that has AWS_ACCESS_KEY_ID in its environment goes on using that key: AWS SDKs prefer it to the token. Take it out first.',
    ...shownCommands(commands),
  ]
}
