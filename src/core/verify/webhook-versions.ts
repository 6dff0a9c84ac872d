import { shellWord } from '../shell.ts'
import type { Finding } from './finding.ts'
import { isProved, policyWords, type WebhookCase } from './webhook-case.ts'

/** The last release whose answers lack apiVersion and kind, which v1 requires (its pull request 310). */
const LAST_WITHOUT_V1 = [0, 6, 17]

/**
 * Whether webhook and API server speak the same version: the API server takes the first of the list
 * that it knows (apiserver pkg/admission/plugin/webhook/request/admissionreview.go).
 */
export function versionFindings(it: WebhookCase): readonly Finding[] {
  const { configuration, backend } = it
  const wrong = configuration.entries.filter(({ versions }) => versions[0] === 'v1')
  const image = backend?.deployment?.image
  const old = image === undefined ? undefined : isOld(image)
  if (wrong.length === 0 || isProved(it) || old === false) return []
  const patch = wrong.map(({ index }) => ({
    op: 'replace',
    path: `/webhooks/${index}/admissionReviewVersions`,
    value: ['v1beta1'],
  }))
  return [
    {
      id: 'webhook/silently-skips',
      severity: old === true || it.dryRun !== undefined ? 'high' : 'medium',
      summary: `The API server is told to ask ${configuration.name} in version v1, which images up to v0.6.17 do not speak`,
      why: `${image === undefined ? 'Their' : `${image} is one of them: its`} answers lack apiVersion and kind, so an API server that asked in v1 refuses them.${policyWords(configuration)} Every image understands v1beta1.`,
      fix: 'Have it asked in v1beta1, then create its pods again',
      command: `kubectl patch mutatingwebhookconfiguration ${shellWord(configuration.name)} --type=json -p ${shellWord(JSON.stringify(patch))}`,
    },
  ]
}

/** Undefined for a tag that is no version. */
function isOld(image: string): boolean | undefined {
  const found = /:v?(\d+)\.(\d+)\.(\d+)(?:[-@]|$)/.exec(image)?.slice(1).map(Number)
  if (found === undefined) return undefined
  const at = found.findIndex((part, index) => part !== LAST_WITHOUT_V1[index])
  return at === -1 || found[at]! < LAST_WITHOUT_V1[at]!
}
