import {
  externalSigner,
  previousIssuerUnseen,
  previousKeyUnseen,
  signerUnseen,
  stageTooEarly,
} from '../problems/running-cluster.ts'
import type { RunningFacts } from './running-facts.ts'
import type { Situation } from './situation.ts'

/**
 * Compares the stage that was asked for with how far the cluster says that it is. What would drop
 * something that may be in use, because it could not be seen, is refused.
 *
 * @throws Problem `apiserver/external-signer`, `apiserver/stage-too-early`,
 *   `apiserver/previous-issuer-unseen`, `apiserver/previous-key-unseen`, `apiserver/signer-unseen`
 */
export function checkProgress(situation: Situation): void {
  const { running } = situation.input
  if (running === undefined) return
  if (running.externalSigner) throw externalSigner()
  if (situation.phase === 'finish') checkFinish(situation, running)
  else checkPreviousIssuer(situation, running)
  if (situation.signer !== undefined && situation.platform.keys === undefined) {
    checkPreviousKeys(situation, running)
  }
}

/** The last stage follows when the new issuer and the new key sign everywhere. */
function checkFinish({ input, platform, signer }: Situation, running: RunningFacts): void {
  const early = running.firstIssuers.find((first) => first !== input.issuer)
  if (early !== undefined && platform.keepsPreviousIssuer !== true) throw stageTooEarly(early)
  const withKey = signer !== undefined && platform.keys !== 'its-own'
  if (withKey && running.signsWithOurs === false) throw stageTooEarly('another key')
}

/** Whether the issuer from before may be one that nobody sees; a key-only change has none. */
function checkPreviousIssuer(situation: Situation, running: RunningFacts): void {
  const { input, platform, signer, previousIssuers, abilities } = situation
  if (running.flagsRead || previousIssuers.length > 0) return
  if (!abilities.severalIssuers || platform.keepsPreviousIssuer === true) return
  if (platform.keys === 'its-own') return
  const keyAlone = signer !== undefined && running.signsWithOurs === false
  const already = running.firstIssuers.includes(input.issuer)
  if (already && !keyAlone) throw previousIssuerUnseen(input.issuer)
}

/** Whether every key that verifies, and the one that signs, has a file that is known. */
function checkPreviousKeys(situation: Situation, running: RunningFacts): void {
  const { platform, previousKeyFiles, phase } = situation
  if (running.flagsRead || platform.own.alwaysVerifies === true) return
  const foreign = running.foreignKeys ?? 1
  const files = previousKeyFiles.length + (platform.own.keyFile === undefined ? 0 : 1)
  if (foreign > files && platform.joinedKeyFile?.(situation) === undefined) {
    throw previousKeyUnseen(platform.title)
  }
  const unknown = running.signsWithOurs === undefined && running.verifiesOurs !== false
  if (phase === 'accept' && unknown) throw signerUnseen()
}
