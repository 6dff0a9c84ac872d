import { stsAudience, unusableValue } from '../problems/apiserver.ts'
import { isWord } from './input.ts'
import { type Situation, unique } from './situation.ts'

/**
 * What STS tokens are made for: the audience of IRSA, its regional and Chinese spellings, and
 * `amazonaws.com`, which kops uses (pkg/model/awsmodel/oidc_provider.go).
 */
const FOR_STS =
  /^(https:\/\/)?sts(\.[a-z0-9-]+)?\.amazonaws\.(com|com\.cn|eu)\/?$|^amazonaws\.com$/i

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
  if (!platform.audiencesFollowIssuers) return []
  if (input.effectiveAudiences !== undefined) return pinned(situation, input.effectiveAudiences)
  previousIssuers.forEach(checkAudience)
  return [...previousIssuers]
}

/** Whether the cluster has an audience now that it should not have. */
export const hasStsAudience = ({ input }: Situation): boolean =>
  input.effectiveAudiences?.some((audience) => FOR_STS.test(audience)) ?? false

/**
 * What is effective stays. An STS audience goes in the last stage, when tokens that carry another
 * one beside it have taken the place of those that do not.
 */
function pinned({ phase, previousIssuers, input }: Situation, effective: readonly string[]) {
  const others = effective.filter((audience) => !FOR_STS.test(audience))
  if (others.length === effective.length) return [...others]
  const instead = others.length > 0 ? others : [previousIssuers[0] ?? input.issuer]
  return phase === 'finish' || phase === 'new' ? instead : unique([...effective, ...instead])
}

function checkAudience(audience: string): void {
  if (!isWord(audience)) {
    throw unusableValue('--api-audience', audience, 'a text without blanks, and not empty')
  }
  if (FOR_STS.test(audience)) throw stsAudience(audience)
}
