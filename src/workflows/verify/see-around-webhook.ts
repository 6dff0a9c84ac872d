import type { Seen, Unseen } from '../../core/verify/link.ts'
import type { WorkloadSeen } from '../../core/verify/sights.ts'
import type { DryRun } from '../../core/verify/webhook-case.ts'
import { type NamespaceSeen, seeDryRun, seeNamespace } from './see-dry-run.ts'
import { seeWebhook, type WebhookSeen } from './see-webhook.ts'
import { sighted, type Walk } from './walk.ts'

/** The webhook, and what it is there for. */
export interface AroundWebhook {
  readonly webhook: Seen<WebhookSeen>
  /** The three of a service account that was named. */
  readonly workload: WorkloadSeen | undefined
  /** Why that is not known. */
  readonly unread: Unseen | undefined
  readonly dryRun: DryRun | undefined
  readonly namespace: NamespaceSeen | undefined
}

/** Asks for all of it at once. */
export async function seeAroundWebhook({ world, given, sights }: Walk): Promise<AroundWebhook> {
  const { serviceAccount: account } = given
  const [webhook, workload, dryRun, namespace] = await Promise.all([
    sighted(() => seeWebhook(world)),
    sights.workload(),
    account && seeDryRun(world, account),
    account && sighted(() => seeNamespace(world, account.namespace)),
  ])
  return {
    webhook,
    workload: workload.kind === 'seen' ? workload.value : undefined,
    unread: workload.kind === 'seen' ? undefined : workload,
    dryRun,
    namespace: namespace?.kind === 'seen' ? namespace.value : undefined,
  }
}
