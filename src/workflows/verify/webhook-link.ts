import type { Finding } from '../../core/verify/finding.ts'
import { looked, skipped } from '../../core/verify/link.ts'
import { judgeWebhook } from '../../core/verify/webhook.ts'
import { isProved } from '../../core/verify/webhook-case.ts'
import {
  bringsItsOwn,
  missingWebhook,
  provedWords,
  webhookEvidence,
} from '../../core/verify/webhook-words.ts'
import { type AroundWebhook, seeAroundWebhook } from './see-around-webhook.ts'
import { clusterLeftOut } from './see-cluster.ts'
import type { LookAt, Walk } from './walk.ts'
import { webhookCommands } from './webhook-commands.ts'
import { workloadFindings } from './workload-findings.ts'

/** What gives pods their role and token, and the service account and pods that were asked about. */
export const lookAtWebhook: LookAt = async (walk) => {
  const left = clusterLeftOut(walk.given)
  if (left !== undefined) return skipped('webhook', left)
  const seen = await seeAroundWebhook(walk)
  const { causes, effects } = await workloadFindings(walk, seen)
  const findings = [...causes, ...webhookFindings(walk, seen), ...effects]
  const { webhook, workload } = seen
  const unproved = findings.length === 0 && !isProved(seen) && !bringsItsOwn(workload)
  if (webhook.kind === 'unseen' && unproved) {
    const cluster = await walk.sights.cluster()
    return skipped('webhook', cluster.kind === 'unseen' ? cluster : webhook)
  }
  const about = { ...seen, ...(webhook.kind === 'seen' ? webhook.value : NOTHING) }
  return looked('webhook', provedWords(about), { findings, evidence: webhookEvidence(about) })
}

const NOTHING = { configuration: undefined, backend: undefined }

function webhookFindings(walk: Walk, seen: AroundWebhook): readonly Finding[] {
  const { webhook, workload, dryRun, namespace } = seen
  if (webhook.kind === 'unseen' || bringsItsOwn(workload)) return []
  const commands = webhookCommands(walk, webhook.value)
  const { configuration, ...rest } = webhook.value
  if (configuration === undefined) {
    return isProved(seen) ? [] : [missingWebhook(workload, commands)]
  }
  const now = walk.world.clock.now()
  const namespaceLabels = namespace?.labels
  return judgeWebhook({
    ...rest,
    configuration,
    workload,
    dryRun,
    namespaceLabels,
    now,
    commands,
  })
}
