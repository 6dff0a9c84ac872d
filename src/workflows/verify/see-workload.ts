import { isObject } from '../../core/jwk.ts'
import { type Fields, objectsIn, textsByName } from '../../core/kube-json.ts'
import type { ServiceAccount } from '../../core/service-account.ts'
import { type Seen, unseen } from '../../core/verify/link.ts'
import { isPod, podSeen } from '../../core/verify/pod.ts'
import type { WorkloadSeen } from '../../core/verify/sights.ts'
import type { World } from '../../ports/world.ts'
import { absentIfRefused, foundJson, unexpected } from '../kubectl-json.ts'
import { clusterLeftOut } from './see-cluster.ts'
import type { Given, Walk } from './walk.ts'

/** The service account of `--service-account` and its pods. @throws Problem `kubectl/…` */
export async function seeWorkload({
  world: { kubectl },
  given,
}: Walk): Promise<Seen<WorkloadSeen> | WorkloadSeen> {
  const { serviceAccount } = given
  if (serviceAccount === undefined) {
    return unseen('no service account is named', 'Name one with --service-account.')
  }
  const left = clusterLeftOut(given)
  if (left !== undefined) return left
  const [annotations, pods] = await Promise.all([
    annotationsOf(kubectl, serviceAccount),
    podsOf(kubectl, serviceAccount, given),
  ])
  return {
    serviceAccount,
    annotations,
    pods: pods?.map(podSeen) ?? [],
    podsUnread: pods === undefined,
  }
}

/** Undefined where there is no such service account. */
async function annotationsOf(
  kubectl: World['kubectl'],
  { namespace, name }: ServiceAccount,
): Promise<Readonly<Record<string, string>> | undefined> {
  const args = ['-n', namespace, 'get', 'serviceaccount', name, '--ignore-not-found', '-o', 'json']
  const found = await foundJson(kubectl, args)
  if (found === undefined) return undefined
  if (!isObject(found['metadata'])) throw unexpected(args)
  return textsByName(found['metadata']['annotations'])
}

/** Undefined where they may not be read. */
async function podsOf(
  kubectl: World['kubectl'],
  { namespace, name }: ServiceAccount,
  { pod }: Pick<Given, 'pod'>,
): Promise<readonly Fields[] | undefined> {
  const which =
    pod === undefined
      ? ['pods', '--field-selector', `spec.serviceAccountName=${name}`]
      : [`pod/${pod}`, '--ignore-not-found']
  const args = ['-n', namespace, 'get', ...which, '-o', 'json']
  try {
    const found = await foundJson(kubectl, args)
    if (found === undefined) return []
    const pods = Array.isArray(found['items']) ? objectsIn(found['items']) : [found]
    if (!pods.every(isPod)) throw unexpected(args)
    return pods
  } catch (error) {
    return absentIfRefused(error)
  }
}
