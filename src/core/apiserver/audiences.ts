import { stsAudience, unusableValue } from '../problems/apiserver.ts'
import { isWord } from './input.ts'
import { type Situation, unique } from './situation.ts'

/**
 * What STS tokens are made for: the audience of IRSA, its regional and Chinese spellings, and
 * `amazonaws.com`, which kops uses (pkg/model/awsmodel/oidc_provider.go).
 */
const FOR_STS =
  /^(https:\/\/)?sts(\.[a-z0-9-]+)?\.amazonaws\.(com|com\.cn|eu)\/?$|^amazonaws\.com$/i

/** Whether tokens for this audience are meant for STS, as far as its name tells. */
export const isForSts = (audience: string): boolean => FOR_STS.test(audience)

/**
 * The values of `--api-audiences`, or none where the default is right.
 *
 * The default is all issuers, so dropping an issuer would drop an audience that tokens in use
 * carry. With previous issuers they are therefore pinned, through all stages, to what the cluster
 * said or else to the previous issuers.
 *
 * @throws Problem `apiserver/sts-audience`
 */
export function apiAudiences(situation: Situation): string[] {
  const { input, platform, previousIssuers } = situation
  // kube-apiserver splits this flag, and only this one, at commas.
  const asked = unique(input.apiAudiences.flatMap((value) => value.split(',')))
  asked.forEach(checkAudience)
  if (asked.length > 0) return asked
  // A platform's own are left to it, unless one of them has to go.
  if (!platform.audiencesFollowIssuers && !hasStsAudience(situation)) return []
  if (input.effectiveAudiences !== undefined) return pinned(situation, input.effectiveAudiences)
  previousIssuers.forEach(checkAudience)
  return [...previousIssuers]
}

/** What tokens in use are made for, and would not be made for any more. */
export function droppedAudiences(situation: Situation): string[] {
  const kept = apiAudiences(situation)
  if (kept.length === 0) return []
  return (situation.input.effectiveAudiences ?? []).filter(
    (audience) => !kept.includes(audience) && !isForSts(audience),
  )
}

/** Whether an audience that it should not have goes. */
export const droppedSts = (situation: Situation): boolean =>
  hasStsAudience(situation) && !apiAudiences(situation).some(isForSts)

/** Whether the cluster has an audience now that it should not have. */
export const hasStsAudience = ({ input }: Situation): boolean =>
  input.effectiveAudiences?.some(isForSts) ?? false

/**
 * What is effective stays. An STS audience goes in the last stage, if tokens carry another one beside
 * it by then; where it is alone, it gets one.
 */
function pinned({ phase, previousIssuers, input }: Situation, effective: readonly string[]) {
  const others = effective.filter((audience) => !isForSts(audience))
  if (others.length === 0) return unique([...effective, previousIssuers[0] ?? input.issuer])
  return phase === 'finish' ? others : [...effective]
}

function checkAudience(audience: string): void {
  if (!isWord(audience)) {
    throw unusableValue('--api-audience', audience, 'a text without blanks, and not empty')
  }
  if (isForSts(audience)) throw stsAudience(audience)
}
