import { ROLE_ANNOTATION } from '../annotations.ts'
import { shownServiceAccount } from '../service-account.ts'
import { type Finding, remedy } from './finding.ts'
import type { Evidence } from './link.ts'
import type { PodSeen, WorkloadSeen } from './sights.ts'
import { bringTheirOwn, isProved, type WebhookCase, type WebhookCommands } from './webhook-case.ts'
import { certificateEnd } from './webhook-certificate.ts'

/** Its pods have what they need without a webhook, which was not asked to do anything for them. */
export const bringsItsOwn = (workload: WorkloadSeen | undefined): boolean =>
  workload !== undefined &&
  workload.annotations?.[ROLE_ANNOTATION] === undefined &&
  bringTheirOwn(workload)

/** Nothing is told of what pods need to be given; some bring it themselves. */
export function missingWebhook(
  workload: WorkloadSeen | undefined,
  { install }: WebhookCommands,
): Finding {
  return {
    id: 'webhook/missing',
    severity: workload === undefined || bringTheirOwn(workload) ? 'medium' : 'high',
    summary: 'There is no pod identity webhook in the cluster',
    why: 'Nothing gives the pods of annotated service accounts their role and their token. Pods that bring both themselves do not need it: irsa print-test-job --no-webhook prints such a pod.',
    ...remedy('Install it, then create the pods again', install),
  }
}

type About = {
  readonly [Name in 'configuration' | 'backend' | 'dryRun' | 'workload']?:
    WebhookCase[Name] | undefined
}

/** What was seen to work, in one line. */
export function provedWords({ configuration, backend, dryRun, workload }: About): string {
  if (dryRun?.kind === 'made' && isProved({ dryRun })) {
    const whose =
      workload === undefined ? '' : ` of ${shownServiceAccount(workload.serviceAccount)}`
    return `a pod${whose} gets ${given(dryRun.pod)}`
  }
  if (workload !== undefined && bringsItsOwn(workload)) {
    return `the pods of ${shownServiceAccount(workload.serviceAccount)} bring role and token themselves`
  }
  if (configuration === undefined) return 'the pods have role and token'
  const end = backend && certificateEnd(backend)
  const until = end === undefined ? '' : `; its certificate is good until ${end}`
  return `${configuration.name} is asked about new pods${until}`
}

const given = ({ roleArns, audiences }: PodSeen): string =>
  `${roleArns.join(', ')} and a token for ${audiences.join(', ')}`

/** What was looked at. */
export const webhookEvidence = ({
  configuration,
  backend,
  dryRun,
  workload,
}: About): readonly Evidence[] => [
  ...(configuration === undefined
    ? []
    : [
        {
          label: `MutatingWebhookConfiguration ${configuration.name}`,
          text: configuration.entries
            .map(({ name, versions, failurePolicy }) =>
              [name, versions.join(' '), failurePolicy].join(', '),
            )
            .join('\n'),
        },
      ]),
  ...(backend?.deployment === undefined
    ? []
    : [{ label: `Deployment ${backend.deployment.name}`, text: backend.deployment.image }]),
  ...(dryRun === undefined
    ? []
    : [
        {
          label: 'kubectl run --dry-run=server',
          text: dryRun.kind === 'refused' ? dryRun.said : given(dryRun.pod),
        },
      ]),
  ...(workload?.pods ?? []).slice(0, MOST_PODS).map((pod) => ({
    label: `pod ${pod.name}, created ${pod.created}`,
    text: pod.roleArns.length + pod.audiences.length === 0 ? 'neither role nor token' : given(pod),
  })),
]

/** A page that is sent around should not be one of names. */
const MOST_PODS = 10
