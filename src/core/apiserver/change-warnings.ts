import type { Flag } from './flags.ts'
import type { Situation } from './situation.ts'

/** What a change of a running cluster costs, and what is known of how far it has come. */
export const changeWarnings = (situation: Situation, flags: readonly Flag[]): string[] => [
  ...droppedKeys(situation, flags),
  ...skippedStage(situation),
  ...underWay(situation),
  ...oneAtATime(situation),
]

/** What the last stage stops verifying with, where nobody said and nobody could look. */
function droppedKeys(situation: Situation, flags: readonly Flag[]): string[] {
  const { phase, signer, platform, previousKeyFiles, input } = situation
  if (phase !== 'finish' || signer === undefined || platform.keys !== undefined) return []
  if (previousKeyFiles.length > 0 || input.running !== undefined) return []
  const own = platform.own.keyFile
  if (platform.own.alwaysVerifies === true || flags.some(({ value }) => value === own)) return []
  return [
    `The key from before (${own ?? 'whose file was not named'}) stops verifying: tokens that are kept in secrets, and those of clients that never renew, are refused. Name it with --previous-key-file for as long as there may be any.`,
  ]
}

/** What the cluster said of a change that is under way. */
function underWay({ input: { running, issuer }, phase, signer, platform, abilities }: Situation) {
  if (running === undefined) return []
  const unaccepted =
    (abilities.severalIssuers && running.acceptsOurs === false) ||
    (abilities.severalKeys &&
      signer !== undefined &&
      platform.keys !== 'its-own' &&
      running.verifiesOurs === false)
  return [
    ...(running.differing ? [DIFFERING] : []),
    ...(running.unread ? [UNREAD] : []),
    ...(!running.flagsRead && !running.unread && abilities.severalIssuers && phase !== 'finish'
      ? [
          `${platform.title} does not show which issuers it accepts beside the one that signs. ${NAME_ALL}`,
        ]
      : []),
    ...(phase === 'sign' && unaccepted
      ? [
          `The cluster does not accept ${issuer} and its key yet. Roll out --stage accept first: with more than one API server, those that do not accept refuse what the others sign.`,
        ]
      : []),
  ]
}

const NAME_ALL =
  'If there are more, name all of them with --previous-issuer, --previous-key-file and --api-audience: then nothing is read.'

const DIFFERING =
  'The API servers of this cluster run with different flags now: a change is under way. Finish it on all of them before the next stage.'

const UNREAD = `The pods of the API server may not be read with these credentials, so its issuers and key files are taken from what it serves. ${NAME_ALL}`

function skippedStage({ phase, input, abilities }: Situation): string[] {
  if (phase !== 'sign' || input.stage !== undefined || !abilities.severalIssuers) return []
  if (input.running !== undefined) return []
  return [
    'With more than one API server, roll out --stage accept on all of them first: one that signs before another accepts makes requests fail at random.',
  ]
}

/** kubelet renews at 80 % of an hour (kubernetes pkg/kubelet/token/token_manager.go). */
const UNTIL_RENEWED =
  'until kubelet has renewed them, 48 minutes at most; restarting the pods of kube-system and every controller at once makes it shorter'

/** The honest word where a change without downtime is not to be had. */
function oneAtATime(situation: Situation): string[] {
  const { phase, platform, abilities, previousIssuers, signer, signsAlready } = situation
  if (phase === 'new' || phase === 'finish') return []
  const warnings = []
  const drops = !abilities.severalIssuers && platform.keepsPreviousIssuer !== true
  if (drops && previousIssuers.length > 0) {
    warnings.push(
      phase === 'accept'
        ? `${platform.title} holds one issuer at a time here, so the new one cannot be accepted beforehand: this stage leaves the issuer as it is.`
        : `${platform.title} holds one issuer at a time here: from the restart on, tokens of ${previousIssuers.join(', ')} are refused, and whatever runs in the cluster gets 401 ${UNTIL_RENEWED}. Plan a maintenance window, and restart all API servers in it.`,
    )
  }
  const comesAnew = signer !== undefined && !signsAlready && platform.keys !== 'its-own'
  if (!abilities.severalKeys && comesAnew) {
    warnings.push(
      phase === 'accept'
        ? `${platform.title} verifies with one key here, so the new one cannot be accepted beforehand.`
        : `${platform.title} verifies with one key here: with a new one every token that the old key signed is refused, ${UNTIL_RENEWED}; tokens kept in secrets stay refused and have to be made anew. Keeping the cluster's own key costs nothing: irsa init --jwks-from-cluster.`,
    )
  }
  return warnings
}
