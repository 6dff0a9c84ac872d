import { AUDIENCE_ANNOTATION } from '../annotations.ts'
import { usualAudience } from '../config.ts'
import { type ServiceAccount, shownServiceAccount } from '../service-account.ts'
import { shellWord } from '../shell.ts'
import type { Finding } from './finding.ts'
import { isProved, type DryRun } from './webhook-case.ts'

/**
 * Whether the token that a new pod gets is for an audience that IAM lists: the webhook takes it from
 * the service account, else from its own `--token-audience`.
 */
export function otherAudience(
  serviceAccount: ServiceAccount,
  dryRun: DryRun | undefined,
  audiences: readonly string[] | undefined,
): readonly Finding[] {
  if (dryRun?.kind !== 'made' || !isProved({ dryRun }) || audiences === undefined) return []
  const { audiences: got } = dryRun.pod
  if (audiences.length === 0 || got.some((audience) => audiences.includes(audience))) return []
  const { namespace, name } = serviceAccount
  const annotation = `${AUDIENCE_ANNOTATION}=${usualAudience(audiences)}`
  return [
    {
      id: 'webhook/other-audience',
      severity: 'high',
      summary: `Pods of ${shownServiceAccount(serviceAccount)} get a token for ${got.join(', ')}, which the provider does not take`,
      why: `The provider takes ${audiences.join(', ')}. STS answers InvalidIdentityToken: incorrect token audience.`,
      fix: 'Annotate the service account with one that it takes, then create its pods again',
      command: `kubectl -n ${shellWord(namespace)} annotate serviceaccount ${shellWord(name)} --overwrite ${shellWord(annotation)}`,
    },
  ]
}
