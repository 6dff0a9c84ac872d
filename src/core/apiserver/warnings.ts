import { droppedAudiences, droppedSts, hasStsAudience } from './audiences.ts'
import { changeWarnings } from './change-warnings.ts'
import type { Flag } from './flags.ts'
import { type Situation, unique } from './situation.ts'
import { NEWEST_MINOR } from './version.ts'

const ASK_FOR_ISSUER = 'kubectl get --raw /.well-known/openid-configuration'

/** What should worry whoever uses the output, on any platform. */
export function warningsFor(situation: Situation, flags: readonly Flag[]): string[] {
  return [
    ...duplicates(situation),
    ...unnamedIssuer(situation),
    ...unnamedKeys(situation, flags),
    ...changeWarnings(situation, flags),
    ...unusedSigner(situation),
    ...noPlace(situation),
    ...harmfulAudience(situation),
    ...otherAudiences(situation),
    ...newerThanKnown(situation),
  ]
}

function duplicates({ input, previousIssuers }: Situation): string[] {
  const warnings = []
  if (previousIssuers.length < input.previousIssuers.length) {
    warnings.push(
      'A previous issuer was given twice and is listed once: kube-apiserver refuses to start with duplicates.',
    )
  }
  if (unique(input.previousKeyFiles).length < input.previousKeyFiles.length) {
    warnings.push('A previous key file was given twice and is listed once.')
  }
  return warnings
}

function unnamedIssuer({ signer, phase, input, previousIssuers }: Situation): string[] {
  const slip = input.previousIssuers.find((issuer) => issuer === `${input.issuer}/`)
  if (slip !== undefined) {
    return [`The previous issuer ${slip} differs from the new one by its last slash alone.`]
  }
  if (previousIssuers.length > 0 || input.running !== undefined) return []
  if (signer !== undefined && phase === 'new') return []
  return [
    `A cluster that has a key has an issuer, too. Unless it is ${input.issuer} already, name it with --previous-issuer, or every token in use is refused when the API server restarts (${ASK_FOR_ISSUER} shows it).`,
  ]
}

function unnamedKeys(
  { phase, signer, platform, input, ...rest }: Situation,
  flags: readonly Flag[],
) {
  if (signer === undefined || phase === 'new' || phase === 'finish') return []
  if (platform.keys !== undefined || rest.signsAlready) return []
  const ownIsKept = platform.own.keyFile !== undefined || platform.own.alwaysVerifies === true
  const signsWithOwn = input.previousSigningKeyFile === undefined
  if (rest.previousKeyFiles.length > 0 || (ownIsKept && signsWithOwn)) return []
  const named = flags.filter((flag) => flag.name === 'service-account-key-file')
  return [
    `Only ${named.map((flag) => flag.value).join(', ')} would verify tokens. Name the public half of the key that signs now with --previous-key-file, or every token in use is refused.`,
  ]
}

function unusedSigner({ platform, signer }: Situation): string[] {
  if (platform.keys !== 'its-own' || signer === undefined) return []
  const instead =
    platform.publishes === true
      ? 'It publishes its keys itself.'
      : "Publish the cluster's keys instead: irsa init --jwks-from-cluster."
  return [
    `${platform.title} signs with keys of its own and takes none, so ${signer.privateFrom} will never sign. ${instead}`,
  ]
}

/** Only what was asked for by name: what irsa would add by itself is explained by the platform. */
function noPlace({ platform, input }: Situation): string[] {
  if (input.apiAudiences.length === 0 || !platform.lacks?.includes('api-audiences')) return []
  return [`${platform.title} has no place for api-audiences, so --api-audience changes nothing.`]
}

function harmfulAudience(situation: Situation): string[] {
  if (!hasStsAudience(situation)) return []
  return [
    `An audience for STS is among the cluster's api-audiences now. ${
      situation.phase === 'finish' && droppedSts(situation)
        ? 'It is left out from here on.'
        : 'It stays until tokens carry another one beside it, and goes with a later --stage finish.'
    }`,
  ]
}

/** Audiences are not merged: what is named takes the place of what there was. */
function otherAudiences(situation: Situation): string[] {
  const { input, platform, phase } = situation
  const dropped = droppedAudiences(situation)
  if (dropped.length > 0) {
    return [
      `Tokens in use are made for ${dropped.join(', ')}, too, and are refused from the restart on: pass it with --api-audience as well.`,
    ]
  }
  const replaced = input.apiAudiences.length > 0 && !platform.audiencesFollowIssuers
  if (!replaced || phase === 'new' || input.effectiveAudiences !== undefined) return []
  return [
    `--api-audience takes the place of what ${platform.title} sets by itself, which the tokens in use are made for: name that as well.`,
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
