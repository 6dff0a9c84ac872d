import { AUDIENCE_ANNOTATION } from '../../core/annotations.ts'
import { usualAudience } from '../../core/config.ts'
import type { Issuer } from '../../core/issuer.ts'
import { providerArn } from '../../core/provider-arn.ts'
import { partitionOf } from '../../core/partition.ts'
import { noRegion } from '../../core/problems/credentials.ts'
import { entryFor } from '../../core/role-entry.ts'
import { shownServiceAccount } from '../../core/service-account.ts'
import { regionOfHost } from '../../core/verify/closed-bucket-place.ts'
import { type Seen, seen, unseen } from '../../core/verify/link.ts'
import { expectedAccount, otherCredentials } from '../../core/verify/provider.ts'
import type { AudienceSeen, ProviderSeen } from '../../core/verify/sights.ts'
import type { Aws } from '../../ports/aws.ts'
import { type Connection, findRegion, introduced } from '../connect.ts'
import { type Given, type OpenAccount, sighted, type Walk } from './walk.ts'

/** The way to the account. @throws Problem `aws/no-region`, `usage/…` */
export async function seeAws({ world, given }: Walk): Promise<Seen<OpenAccount>> {
  if (!given.asksAws) return unseen('--no-aws leaves the account out', 'Leave --no-aws out.')
  const { profile, endpointUrl } = world.options
  const region = await findRegion(world, given.file?.config.region ?? regionOfHost(given.issuer))
  if (region === undefined) throw noRegion()
  return seen({ aws: await world.aws({ region, profile, endpointUrl }), region })
}

/** Who the credentials belong to. @throws Problem `aws/…` */
export async function seeAccount({ sights }: Walk): Promise<Seen<Connection>> {
  const opened = await sights.aws()
  if (opened.kind === 'unseen') return opened
  return seen(await introduced(opened.value.aws, opened.value.region))
}

/**
 * The provider of the issuer. Where irsa.yaml or a role says in which account it has to be, nothing
 * waits until it is known who is calling.
 */
export async function seeProvider({ given, sights }: Walk): Promise<Seen<ProviderSeen>> {
  const opened = await sights.aws()
  if (opened.kind === 'unseen') return opened
  const { aws, region } = opened.value
  const expected = expectedAccount(expectationsOf(given))
  const early = expected && {
    arn: providerArn(given.issuer, expected.account, partitionOf(region).id),
    account: expected.account,
  }
  const [foreseen, account] = await Promise.all([
    early && sighted(() => readProvider(aws, given.issuer, early)),
    sights.account(),
  ])
  if (account.kind === 'unseen') return account
  const { caller } = account.value
  if (expected !== undefined && expected.account !== caller.account) {
    return otherCredentials(caller.account, expected)
  }
  const arn = providerArn(given.issuer, caller.account, caller.partition)
  if (foreseen !== undefined && early?.arn === arn) return foreseen
  return seen(await readProvider(aws, given.issuer, { arn, account: caller.account }))
}

const expectationsOf = ({ role, file }: Given) => ({
  role,
  file: file && { shown: file.shown, account: file.config.providers[0]?.account },
})

async function readProvider(
  aws: Aws,
  issuer: Issuer,
  { arn, account }: Pick<ProviderSeen, 'arn' | 'account'>,
): Promise<ProviderSeen> {
  return { arn, account, provider: await aws.provider(issuer, arn).read() }
}

/** Whoever says it most directly: the flag, the workload itself, then irsa.yaml. Never a default. */
export async function seeAudience(walk: Walk): Promise<Seen<AudienceSeen>> {
  const { given } = walk
  if (given.audience !== undefined) {
    return seen({ audience: given.audience, by: 'flag', from: '--audience' })
  }
  return (await audienceOfWorkload(walk)) ?? audienceOfFile(given) ?? NOBODY_SAYS
}

const NOBODY_SAYS = unseen(
  'nobody says what audience the tokens are for',
  'Pass --audience, or a service account with --service-account.',
)

async function audienceOfWorkload({
  given,
  sights,
}: Walk): Promise<Seen<AudienceSeen> | undefined> {
  if (given.serviceAccount === undefined) return undefined
  const workload = await sights.workload()
  if (workload.kind === 'unseen') return undefined
  const { annotations, pods } = workload.value
  const annotated = annotations?.[AUDIENCE_ANNOTATION]
  if (annotated !== undefined) {
    const from = "the service account's annotation"
    return seen({ audience: annotated, by: 'annotation', from })
  }
  const [only, ...others] = new Set(pods.flatMap(({ audiences }) => audiences))
  if (only === undefined || others.length > 0) return undefined
  return seen({ audience: only, by: 'pods', from: 'the pods that run as it' })
}

function audienceOfFile({ file, serviceAccount }: Given): Seen<AudienceSeen> | undefined {
  if (file === undefined) return undefined
  const named = serviceAccount && shownServiceAccount(serviceAccount)
  const entry = entryFor(file.config, { serviceAccount: named })
  return seen({
    audience: entry?.audience ?? usualAudience(file.config.audiences),
    by: 'file',
    from: file.shown,
  })
}
