import { shellWord } from '../../core/shell.ts'
import type { Remedy } from '../../core/verify/finding.ts'
import type { Seen } from '../../core/verify/link.ts'
import type { ProviderSeen } from '../../core/verify/sights.ts'
import { lastOf, type ServerSeen } from '../../core/verify/tls-server.ts'
import { applyCommand, optionsAsGiven } from '../given-options.ts'
import type { Walk } from './walk.ts'

/** IAM keeps at most five (IAM, API_CreateOpenIDConnectProvider). */
const MOST = 5

/** How the provider is made to list the thumbprint of what is presented; what it lists stays. */
export function thumbprintRemedy(
  { world, given: { file, issuer } }: Walk,
  server: ServerSeen,
  provider: Seen<ProviderSeen>,
): Remedy {
  const wish = file?.config.providers[0]?.thumbprint ?? 'auto'
  // `auto` takes no chain that does not verify here, but for that of a cluster's own CA.
  const verifies = server.trust.kind !== 'untrusted' || file?.config.host.type === 'cluster'
  if (file !== undefined && wish === 'auto' && verifies) {
    return { fix: 'Bring the provider in line', command: applyCommand(world) }
  }
  const there = provider.kind === 'seen' ? provider.value.provider : undefined
  const thumbprints = [lastOf(server).sha1, ...(there?.thumbprints ?? [])].slice(0, MOST)
  const words = [
    `irsa create-provider --issuer ${shellWord(issuer)}`,
    ...(there?.audiences ?? []).map((audience) => `--audience ${shellWord(audience)}`),
    ...thumbprints.map((thumbprint) => `--thumbprint ${thumbprint}`),
  ]
  const given = optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl'])
  const listed = typeof wish === 'object' ? `, and in ${file?.shown} too` : ''
  return {
    fix: `If that certificate is the issuer's own, let the provider list it${listed}`,
    command: `${words.join(' ')}${given}`,
  }
}
