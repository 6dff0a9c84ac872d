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
 * carry. With previous issuers they are therefore pinned, through all stages.
 *
 * @throws Problem `apiserver/sts-audience`
 */
export function apiAudiences({ input, platform, previousIssuers }: Situation): string[] {
  // kube-apiserver splits this flag, and only this one, at commas.
  const asked = unique(input.apiAudiences.flatMap((value) => value.split(',')))
  asked.forEach(checkAudience)
  if (asked.length > 0) return asked
  if (!platform.audiencesFollowIssuers) return []
  previousIssuers.forEach(checkAudience)
  return [...previousIssuers]
}

function checkAudience(audience: string): void {
  if (!isWord(audience)) {
    throw unusableValue('--api-audience', audience, 'a text without blanks, and not empty')
  }
  if (FOR_STS.test(audience)) throw stsAudience(audience)
}
