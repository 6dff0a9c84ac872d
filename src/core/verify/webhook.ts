import { shellWord } from '../shell.ts'
import type { Finding } from './finding.ts'
import { isUnmoved, policyWords, type WebhookCase } from './webhook-case.ts'
import { certificateFindings } from './webhook-certificate.ts'
import { reachFindings } from './webhook-reach.ts'
import { excludedFindings } from './webhook-selection.ts'
import { versionFindings } from './webhook-versions.ts'

/** What is wrong with the webhook, the causes before what comes of them. */
export function judgeWebhook(it: WebhookCase): readonly Finding[] {
  const causes = [
    ...versionFindings(it),
    ...certificateFindings(it),
    ...reachFindings(it),
    ...excludedFindings(it),
  ]
  const explained = causes.some(({ severity }) => severity === 'high')
  return explained || !isUnmoved(it) ? causes : [notInjecting(it), ...causes]
}

const notInjecting = ({ configuration, backend }: WebhookCase): Finding => ({
  id: 'webhook/not-injecting',
  severity: 'high',
  summary: 'A pod that was asked for in a dry run got neither role nor token',
  why: `The service account is annotated, and the webhook ${configuration.name} left the pod as it was: it did not answer, answered what the API server refused, or does not know the service account.${policyWords(configuration)}`,
  ...(backend?.deployment === undefined
    ? { fix: 'Look at what the webhook logs when a pod is created.' }
    : {
        fix: 'Look at what it logs; where its view of the cluster is stale, a restart helps',
        command: `kubectl -n ${shellWord(backend.service.namespace)} rollout restart ${shellWord(`deployment/${backend.deployment.name}`)}`,
      }),
})
