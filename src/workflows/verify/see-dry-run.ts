import { isObject } from '../../core/jwk.ts'
import { textsByName } from '../../core/kube-json.ts'
import { Problem } from '../../core/problems/problem.ts'
import type { ServiceAccount } from '../../core/service-account.ts'
import { isPod, podSeen } from '../../core/verify/pod.ts'
import type { DryRun } from '../../core/verify/webhook-case.ts'
import type { World } from '../../ports/world.ts'
import { absentIfRefused, foundJson, jsonReader, unexpected } from '../kubectl-json.ts'

/** Of the pod that is asked for, and never made. */
const NAME = 'irsa-verify'

/** What Kubernetes itself runs beside every pod. */
const IMAGE = 'registry.k8s.io/pause:3.10'

/**
 * A pod of the service account as the API server would make it, webhooks included: with
 * `--dry-run=server` nothing is stored, and only webhooks without side effects are asked. It keeps to
 * the strictest pod security standard and to any quota.
 */
export async function seeDryRun(
  { kubectl }: Pick<World, 'kubectl'>,
  { namespace, name }: ServiceAccount,
): Promise<DryRun> {
  const args = ['-n', namespace, 'run', NAME, `--image=${IMAGE}`, '--restart=Never']
  const overrides = `--overrides=${JSON.stringify({ spec: podSpec(name) })}`
  try {
    const asked = [...args, overrides, '--dry-run=server', '-o', 'json']
    const pod = await jsonReader(kubectl)(asked)
    if (!isPod(pod)) throw unexpected(asked)
    return { kind: 'made', pod: podSeen(pod) }
  } catch (error) {
    if (!(error instanceof Problem) || !error.code.startsWith('kubectl/')) throw error
    return { kind: 'refused', said: error.why }
  }
}

const podSpec = (serviceAccountName: string) => ({
  serviceAccountName,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65534,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  containers: [
    {
      name: NAME,
      image: IMAGE,
      resources: {
        requests: { cpu: '1m', memory: '1Mi' },
        limits: { cpu: '1m', memory: '1Mi' },
      },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
})

/** A namespace, as far as its labels matter. */
export interface NamespaceSeen {
  /** Undefined where it may not be read. */
  readonly there: boolean | undefined
  readonly labels: Readonly<Record<string, string>>
}

/** The label that every namespace has is known without reading it. */
export async function seeNamespace(
  { kubectl }: Pick<World, 'kubectl'>,
  name: string,
): Promise<NamespaceSeen> {
  const own = { 'kubernetes.io/metadata.name': name }
  const args = ['get', 'namespace', name, '--ignore-not-found', '-o', 'json']
  try {
    const found = await foundJson(kubectl, args)
    if (found === undefined) return { there: false, labels: own }
    if (!isObject(found['metadata'])) throw unexpected(args)
    return { there: true, labels: { ...own, ...textsByName(found['metadata']['labels']) } }
  } catch (error) {
    absentIfRefused(error)
    return { there: undefined, labels: own }
  }
}
