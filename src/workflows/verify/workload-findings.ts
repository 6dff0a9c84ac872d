import type { Finding } from '../../core/verify/finding.ts'
import type { WorkloadSeen } from '../../core/verify/sights.ts'
import { ROLE_ANNOTATION } from '../../core/annotations.ts'
import { isProved } from '../../core/verify/webhook-case.ts'
import { excludedPod } from '../../core/verify/webhook-selection.ts'
import { accountFindings, accountUnread, arnProblem } from '../../core/verify/workload-account.ts'
import { otherAudience } from '../../core/verify/workload-audience.ts'
import { podFindings } from '../../core/verify/workload-pods.ts'
import type { AroundWebhook } from './see-around-webhook.ts'
import type { Walk } from './walk.ts'
import { accountCommands } from './webhook-commands.ts'

/** What is wrong with the service account, and with its pods as what comes of everything before. */
export interface WorkloadFindings {
  readonly causes: readonly Finding[]
  readonly effects: readonly Finding[]
}

/** None where no service account was named. */
export async function workloadFindings(walk: Walk, seen: AroundWebhook): Promise<WorkloadFindings> {
  const { workload, dryRun, unread } = seen
  if (workload === undefined) {
    const { serviceAccount } = walk.given
    const causes = serviceAccount && unread ? [accountUnread(serviceAccount, unread)] : []
    return { causes, effects: [] }
  }
  const [roleArn, audiences] = await Promise.all([roleFor(walk, workload), audiencesOf(walk)])
  const { webhook } = seen
  const configuration = webhook.kind === 'seen' ? webhook.value.configuration : undefined
  const pods = {
    workload,
    pod: walk.given.pod,
    audiences,
    isExcluded: (pod: WorkloadSeen['pods'][number]) =>
      configuration !== undefined && excludedPod(configuration, pod) !== undefined,
  }
  return {
    causes: [
      ...accountFindings({
        workload,
        namespaceThere: seen.namespace?.there,
        roleArn,
        mapped: isProved(seen),
        commands: accountCommands(walk, workload.serviceAccount),
      }),
      ...otherAudience(workload.serviceAccount, dryRun, audiences),
    ],
    effects: podFindings(pods),
  }
}

/** The role that it is to have by a flag or by irsa.yaml, where it may have to be told. */
async function roleFor(
  { given, sights }: Walk,
  { annotations }: WorkloadSeen,
): Promise<string | undefined> {
  if (given.role !== undefined) return given.role.arn
  const annotated = annotations?.[ROLE_ANNOTATION]
  if (annotated !== undefined && arnProblem(annotated) === undefined) return undefined
  const role = await sights.role()
  return role.kind === 'seen' ? role.value.role.arn : undefined
}

async function audiencesOf({ sights }: Walk): Promise<readonly string[] | undefined> {
  const provider = await sights.provider()
  return provider.kind === 'seen' ? provider.value.provider?.audiences : undefined
}
