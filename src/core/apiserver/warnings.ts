import { hasStsAudience } from './audiences.ts'
import type { Flag } from './flags.ts'
import type { Situation } from './situation.ts'
import { NEWEST_MINOR } from './version.ts'

const ASK_FOR_ISSUER = 'kubectl get --raw /.well-known/openid-configuration'

/** What should worry whoever uses the output, on any platform. */
export function warningsFor(situation: Situation, flags: readonly Flag[]): string[] {
  return [
    ...duplicates(situation),
    ...unnamedIssuer(situation),
    ...unnamedKeys(situation, flags),
    ...skippedStage(situation),
    ...oneAtATime(situation),
    ...unusedSigner(situation),
    ...harmfulAudience(situation),
    ...newerThanKnown(situation),
  ]
}

function duplicates({ input, previousIssuers, previousKeyFiles }: Situation): string[] {
  const warnings = []
  if (previousIssuers.length < input.previousIssuers.length) {
    warnings.push(
      'A previous issuer was given twice and is listed once: kube-apiserver refuses to start with duplicates.',
    )
  }
  if (previousKeyFiles.length < input.previousKeyFiles.length) {
    warnings.push('A previous key file was given twice and is listed once.')
  }
  return warnings
}

function unnamedIssuer({ signer, input, previousIssuers }: Situation): string[] {
  if (signer !== undefined || previousIssuers.length > 0) return []
  return [
    `A cluster that has a key has an issuer, too. Unless it is ${input.issuer} already, name it with --previous-issuer, or every token in use is refused when the API server restarts (${ASK_FOR_ISSUER} shows it).`,
  ]
}

function unnamedKeys(
  { phase, signer, platform, input, ...rest }: Situation,
  flags: readonly Flag[],
) {
  if (signer === undefined || phase === 'new' || phase === 'finish') return []
  if (platform.keys !== undefined) return []
  const ownIsKept = platform.own.keyFile !== undefined || platform.own.alwaysVerifies === true
  const signsWithOwn = input.previousSigningKeyFile === undefined
  if (rest.previousKeyFiles.length > 0 || (ownIsKept && signsWithOwn)) return []
  const named = flags.filter((flag) => flag.name === 'service-account-key-file')
  return [
    `Only ${named.map((flag) => flag.value).join(', ')} would verify tokens. Name the public half of the key that signs now with --previous-key-file, or every token in use is refused.`,
  ]
}

function skippedStage({ phase, input, abilities }: Situation): string[] {
  if (phase !== 'sign' || input.stage !== undefined || !abilities.severalIssuers) return []
  return [
    'With more than one API server, roll out --stage accept on all of them first: one that signs before another accepts makes requests fail at random.',
  ]
}

/** kubelet renews at 80 % of an hour (kubernetes pkg/kubelet/token/token_manager.go). */
const UNTIL_RENEWED =
  'until kubelet has renewed them, 48 minutes at most; restarting the pods of kube-system and every controller at once makes it shorter'

/** The honest word where a change without downtime is not to be had. */
function oneAtATime(situation: Situation): string[] {
  const { phase, platform, abilities, previousIssuers, signer } = situation
  if (phase === 'new' || phase === 'finish') return []
  const warnings = []
  if (!abilities.severalIssuers && previousIssuers.length > 0) {
    warnings.push(
      phase === 'accept'
        ? `${platform.title} holds one issuer at a time here, so the new one cannot be accepted beforehand: this stage leaves the issuer as it is.`
        : `${platform.title} holds one issuer at a time here: from the restart on, tokens of ${previousIssuers.join(', ')} are refused, and whatever runs in the cluster gets 401 ${UNTIL_RENEWED}. Plan a maintenance window, and restart all API servers in it.`,
    )
  }
  if (!abilities.severalKeys && signer !== undefined && platform.keys !== 'its-own') {
    warnings.push(
      phase === 'accept'
        ? `${platform.title} verifies with one key here, so the new one cannot be accepted beforehand.`
        : `${platform.title} verifies with one key here: with a new one every token that the old key signed is refused, ${UNTIL_RENEWED}; tokens kept in secrets stay refused and have to be made anew. Keeping the cluster's own key costs nothing: irsa init --jwks-from-cluster.`,
    )
  }
  return warnings
}

function unusedSigner({ platform, signer }: Situation): string[] {
  if (platform.keys !== 'its-own' || signer === undefined) return []
  return [
    `${platform.title} signs with keys of its own and takes none, so ${signer.privateFrom} will never sign. Publish the cluster's keys instead: irsa init --jwks-from-cluster.`,
  ]
}

function harmfulAudience(situation: Situation): string[] {
  if (!hasStsAudience(situation)) return []
  return [
    `An audience for STS is among the cluster's api-audiences now. ${
      situation.phase === 'finish'
        ? 'It is left out from here on.'
        : 'It stays for as long as tokens carry it alone, and goes with --stage finish.'
    }`,
  ]
}

function newerThanKnown({ version, platformVersion, platform }: Situation): string[] {
  const newest = platform.formats?.newestMinor
  return [
    ...(version !== undefined && version.minor > NEWEST_MINOR
      ? [
          `Kubernetes 1.${version.minor} is newer than this irsa, which writes as for 1.${NEWEST_MINOR}.`,
        ]
      : []),
    ...(newest !== undefined && platformVersion !== undefined && platformVersion.minor > newest
      ? [
          `${platform.title} 1.${platformVersion.minor} is newer than this irsa, which writes as for 1.${newest}.`,
        ]
      : []),
  ]
}
