import { withoutScheme } from '../../core/issuer.ts'
import { providerArn } from '../../core/provider-arn.ts'
import type { RoleArn } from '../../core/role-arn.ts'
import { shownServiceAccount, subjectOf } from '../../core/service-account.ts'
import { shellWord } from '../../core/shell.ts'
import { readClaims } from '../../core/token-claims.ts'
import { type Remedy, remedy } from '../../core/verify/finding.ts'
import type { RolePlace } from '../../core/verify/role.ts'
import type { RoleBackground } from '../../core/verify/role-remedy.ts'
import { accountIn } from '../../core/service-account.ts'
import { audiencesToJudgeBy } from '../../core/verify/role-audience.ts'
import type { NamedRole } from '../../core/verify/sights.ts'
import type { TrustQuestion } from '../../core/verify/trust-test.ts'
import type { Caller } from '../../ports/aws.ts'
import { applyCommand, optionsAsGiven } from '../given-options.ts'
import { verifyAgain } from './again.ts'
import { ROLE_ANNOTATION } from '../../core/annotations.ts'
import type { Walk } from './walk.ts'

/** For whom a role is to be: by the token itself, else by what is known before there is one. */
export async function questionOf(walk: Walk, caller: Caller): Promise<TrustQuestion> {
  const { given, sights } = walk
  const [token, audience, provider] = await Promise.all([
    sights.token(),
    sights.audience(),
    sights.provider(),
  ])
  const claims = token.kind === 'seen' ? readClaims(token.value.text) : undefined
  const asked = given.serviceAccount && subjectOf(given.serviceAccount)
  const said = audience.kind === 'seen' ? [audience.value.audience] : undefined
  return {
    providerArn: providerArn(given.issuer, caller.account, caller.partition),
    claims: withoutScheme(given.issuer),
    subject: claims?.subject ?? asked,
    audiences: audiencesToJudgeBy({
      token: claims,
      said,
      listed: provider.kind === 'seen' ? provider.value.provider?.audiences : undefined,
    }),
  }
}

/** What the remedies of a role have to know. */
export async function backgroundOf(
  { world, given, sights }: Walk,
  role: RoleArn,
  { providerArn: arn, subject, audiences }: TrustQuestion,
): Promise<RoleBackground> {
  const provider = await sights.provider()
  return {
    role,
    mine: { providerArn: arn, issuer: given.issuer },
    file: given.file,
    serviceAccount: subject === undefined ? undefined : accountIn(subject),
    audience: audiences?.[0],
    listed: provider.kind === 'seen' ? provider.value.provider?.audiences : undefined,
    options: optionsAsGiven(world, ['config', 'region', 'profile', 'endpointUrl']),
    apply: applyCommand(world),
    awsOptions: optionsAsGiven(world, ['profile', 'endpointUrl']),
  }
}

/** How a role is named rightly, where it was named. */
export const placeOf = (walk: Walk, { from, by }: NamedRole): RolePlace => ({
  from,
  renaming: (arn) => renaming(walk, by, arn),
})

function renaming(walk: Walk, by: NamedRole['by'], arn: string | undefined): Remedy {
  const { given, world } = walk
  const account = given.serviceAccount
  if (by === 'flag') {
    return remedy('Name it as it is', arn && verifyAgain(walk, { roleArn: arn }))
  }
  if (by === 'file') {
    return {
      fix: `Correct the path of the role in ${world.options.config}: it is what print-service-account annotates with.`,
    }
  }
  const where = account && shownServiceAccount(account)
  if (by === 'pod' || account === undefined || arn === undefined) {
    return {
      fix: `Correct the role of ${where ?? 'the service account'}${by === 'pod' ? ', or the AWS_ROLE_ARN in the manifest of the pod' : ''}, then start its pods anew.`,
    }
  }
  return {
    fix: 'Annotate the service account with it, then start its pods anew',
    command: `kubectl annotate serviceaccount ${shellWord(account.name)} -n ${shellWord(account.namespace)} --overwrite ${shellWord(`${ROLE_ANNOTATION}=${arn}`)}`,
  }
}
