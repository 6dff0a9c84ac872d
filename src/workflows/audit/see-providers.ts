import { goneBucket } from '../../core/audit/gone-bucket.ts'
import type { IssuerState, ProviderFacts } from '../../core/audit/ground.ts'
import { readProviderArn } from '../../core/provider-arn.ts'
import { lanes } from '../../core/lanes.ts'
import { once } from '../../core/once.ts'
import { partitionOf } from '../../core/partition.ts'
import { assertExpected, Problem } from '../../core/problems/problem.ts'
import type { Aws } from '../../ports/aws.ts'
import type { World } from '../../ports/world.ts'
import { during } from '../during.ts'

/** Issuers are hosts of many owners; so many are asked at once. */
const AT_A_TIME = 8

export interface ProvidersSeen {
  /** All of the account, by ARN; what is known of those that roles trust. */
  readonly providers: ReadonlyMap<string, ProviderFacts>
  /** What could not be looked at; a sentence each. */
  readonly left: readonly string[]
}

/**
 * Asks IAM for the audiences of these providers, and each issuer once for its discovery document, as
 * a stranger does: an issuer whose bucket is gone can be had by anybody.
 */
export async function seeProviders(
  world: Pick<World, 'fetch' | 'addressesOf' | 'progress'>,
  aws: Pick<Aws, 'provider' | 'region'>,
  all: readonly string[],
  trusted: ReadonlySet<string>,
): Promise<ProvidersSeen> {
  const wanted = all.filter((arn) => trusted.has(arn))
  const lane = lanes(AT_A_TIME)
  const resolves = once(() => canResolve(world, aws.region))
  let reached = 0
  const left = new Set<string>()
  const facts = await during(world.progress, 'Looking at their providers and issuers', (looking) =>
    Promise.all(
      wanted.map((arn) =>
        lane(async () => {
          const issuer = readProviderArn(arn)?.issuer ?? ''
          const [audiences, state] = await Promise.all([
            audiencesOf(aws, arn, issuer, left),
            stateOf(world, issuer, resolves),
          ])
          looking.reached(`${(reached += 1)}/${wanted.length}`)
          return [arn, { audiences, issuer: state }] as const
        }),
      ),
    ),
  )
  const unknown = { audiences: undefined, issuer: undefined }
  return {
    providers: new Map([...all.map((arn) => [arn, unknown] as const), ...facts]),
    left: [...left],
  }
}

async function audiencesOf(
  aws: Pick<Aws, 'provider'>,
  arn: string,
  issuer: string,
  left: Set<string>,
): Promise<readonly string[] | undefined> {
  try {
    return (await aws.provider(`https://${issuer}`, arn).read())?.audiences
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'aws/access-denied') throw error
    left.add(`The audiences of providers are not known. ${error.what}`)
    return undefined
  }
}

async function stateOf(
  { fetch }: Pick<World, 'fetch'>,
  issuer: string,
  resolves: () => Promise<boolean>,
): Promise<IssuerState | undefined> {
  try {
    const answer = await fetch(`https://${issuer}/.well-known/openid-configuration`)
    const bucket = goneBucket(issuer, answer)
    return bucket === undefined ? undefined : { kind: 'bucket-gone', bucket }
  } catch (error) {
    assertExpected(error)
    const [host = ''] = issuer.split('/')
    return isUnknownName(error) && (await resolves()) ? { kind: 'unresolved', host } : undefined
  }
}

/** dns.lookup of Node: ENOTFOUND is also what a machine without a resolver gets for every name. */
const isUnknownName = ({ code, cause }: Problem): boolean =>
  code === 'network/dns' && Object(cause).code === 'ENOTFOUND'

/** Whether names of the internet are known here at all: that of STS is one that exists. */
const canResolve = async (
  { addressesOf }: Pick<World, 'addressesOf'>,
  region: string,
): Promise<boolean> =>
  (await addressesOf(`sts.${region}.${partitionOf(region).dnsSuffix}`)).length > 0
