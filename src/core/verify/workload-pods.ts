import { SKIP_ANNOTATION } from '../annotations.ts'
import { shownServiceAccount } from '../service-account.ts'
import { shellWord } from '../shell.ts'
import type { Finding } from './finding.ts'
import { hasIdentity, isAlive, recreateCommand, workloadOf } from './pod.ts'
import type { PodSeen, WorkloadSeen } from './sights.ts'
import { ROLE_ANNOTATION } from '../annotations.ts'

/** The pods of a service account, and what they should have. */
export interface PodsCase {
  readonly workload: WorkloadSeen
  /** The name of `--pod`. */
  readonly pod: string | undefined
  /** The audiences that the provider takes; undefined where it could not be asked. */
  readonly audiences: readonly string[] | undefined
  /** What the webhook leaves out by a label, which is said elsewhere. */
  readonly isExcluded: (pod: PodSeen) => boolean
}

/** Whether the pods that run have role and token, and those that they should have. */
export function podFindings(it: PodsCase): readonly Finding[] {
  const { workload, pod: name } = it
  const { pods, podsUnread, annotations, serviceAccount } = workload
  if (podsUnread) return [unread(workload)]
  if (name !== undefined && pods.length === 0) return [noPod(workload, name)]
  const stranger = pods.find((pod) => pod.serviceAccount !== serviceAccount.name)
  if (stranger !== undefined) return [otherAccount(workload, stranger)]
  const arn = annotations?.[ROLE_ANNOTATION]
  const alive = pods.filter(isAlive)
  const without =
    arn === undefined ? [] : alive.filter((pod) => !hasIdentity(pod) && !it.isExcluded(pod))
  return [
    ...byWorkload(without).map((group) => notInjected(workload, group)),
    ...byWorkload(alive.filter(({ roleArns }) => arn !== undefined && isOther(roleArns, arn))).map(
      (group) => otherRole(workload, group, arn ?? ''),
    ),
    ...otherAudiences(it, alive),
  ]
}

const isOther = (roleArns: readonly string[], arn: string): boolean =>
  roleArns.length > 0 && !roleArns.includes(arn)

type Group = readonly [PodSeen, ...PodSeen[]]

/** Those of one Deployment are mended together. */
function byWorkload(pods: readonly PodSeen[]): readonly Group[] {
  const groups = new Map<string, [PodSeen, ...PodSeen[]]>()
  for (const pod of pods) {
    const key = workloadOf(pod) ?? pod.name
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [pod])
    else group.push(pod)
  }
  return [...groups.values()]
}

/** The subject of a sentence, its verb, and what takes its place afterwards. */
const wordsOf = (pods: Group) =>
  pods.length === 1
    ? { who: `The pod ${pods[0].name}`, have: 'has', first: '', them: 'it', own: 'its' }
    : {
        who: `${pods.length} pods (${pods[0].name}, …)`,
        have: 'have',
        first: 'the first of them ',
        them: 'them',
        own: 'their',
      }

const unread = ({ serviceAccount }: WorkloadSeen): Finding => ({
  id: 'webhook/pods-unread',
  severity: 'info',
  summary: `The pods of ${shownServiceAccount(serviceAccount)} could not be looked at`,
  why: 'These credentials may not read them, so one that lacks its token would not be noticed.',
  fix: `Permit get and list of pods in the namespace ${serviceAccount.namespace}.`,
})

const noPod = ({ serviceAccount }: WorkloadSeen, name: string): Finding => ({
  id: 'webhook/pod-missing',
  severity: 'high',
  summary: `There is no pod ${name} in the namespace ${serviceAccount.namespace}`,
  why: 'A token cannot be bound to it, and what it would have got cannot be seen.',
  fix: 'Name one of these, or leave --pod out',
  command: `kubectl -n ${shellWord(serviceAccount.namespace)} get pods --field-selector ${shellWord(`spec.serviceAccountName=${serviceAccount.name}`)}`,
  looks: true,
})

function otherAccount({ serviceAccount }: WorkloadSeen, pod: PodSeen): Finding {
  const [namespace, account] = [serviceAccount.namespace, pod.serviceAccount]
  return {
    id: 'webhook/pod-other-service-account',
    severity: 'high',
    summary: `The pod ${pod.name} runs as ${namespace}/${account}, not as ${shownServiceAccount(serviceAccount)}`,
    why: 'It gets the role and the tokens of its own service account.',
    fix: 'Verify that one, or give the pod the service account with spec.serviceAccountName',
    command: `irsa verify --service-account ${shellWord(`${namespace}/${account}`)} --pod ${shellWord(pod.name)}`,
    looks: true,
  }
}

function notInjected({ serviceAccount }: WorkloadSeen, group: Group): Finding {
  const [first] = group
  const words = wordsOf(group)
  const skipped = first.audiences.length > 0 && first.annotations[SKIP_ANNOTATION] !== undefined
  if (skipped) {
    return {
      id: 'webhook/containers-skipped',
      severity: 'low',
      summary: `${words.who} ${words.have} a token, and no container that uses it`,
      why: `The annotation ${SKIP_ANNOTATION} leaves them out: "${first.annotations[SKIP_ANNOTATION]}".`,
      fix: 'Take the containers that need credentials out of that annotation.',
    }
  }
  return {
    id: 'webhook/pod-not-injected',
    severity: 'high',
    summary: `${words.who}, ${words.first}created ${first.created}, ${words.have} neither role nor token`,
    why: 'The webhook looks at a pod once, when it is created. Then the service account was not annotated yet, or the webhook did not answer; what came later does not reach the pod.',
    fix: `Create ${words.them} again`,
    command: recreateCommand(first, serviceAccount.namespace),
  }
}

function otherRole({ serviceAccount }: WorkloadSeen, group: Group, arn: string): Finding {
  const { who, have, them, own } = wordsOf(group)
  return {
    id: 'webhook/pod-other-role',
    severity: 'medium',
    summary: `${who} ${have} the role ${group[0].roleArns.join(', ')}`,
    why: `The service account is annotated with ${arn}. A pod keeps what it was created with.`,
    fix: `Create ${them} again, unless ${own} own role is meant`,
    command: recreateCommand(group[0], serviceAccount.namespace),
  }
}

/** A token for an audience that IAM does not list is refused, whatever its role trusts. */
function otherAudiences(
  { audiences, workload: { serviceAccount } }: PodsCase,
  pods: readonly PodSeen[],
): readonly Finding[] {
  if (audiences === undefined) return []
  // What has no role of its own may use its tokens for whatever else there is.
  const wrong = pods.filter(
    (pod) => hasIdentity(pod) && !pod.audiences.some((audience) => audiences.includes(audience)),
  )
  return byWorkload(wrong).map((group) => ({
    id: 'webhook/pod-other-audience',
    severity: 'high',
    summary: `${wordsOf(group).who} ${wordsOf(group).have} a token for ${group[0].audiences.join(', ')}, which the provider does not take`,
    why: `The provider takes ${audiences.join(', ') || 'no audience'}. STS answers InvalidIdentityToken: incorrect token audience.`,
    fix: 'Where the service account names the right audience by now, create pods again',
    command: recreateCommand(group[0], serviceAccount.namespace),
  }))
}
