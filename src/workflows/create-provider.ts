import { DEFAULT_AUDIENCE } from '../core/config.ts'
import { providerArn } from '../core/issuer.ts'
import { configOtherAccount, configOtherIssuer } from '../core/problems/config.ts'
import { flagMissing } from '../core/problems/usage.ts'
import { parseThumbprintChoice } from '../core/thumbprint.ts'
import type { World } from '../ports/world.ts'
import { issuerProvider } from '../resources/issuer-resources.ts'
import { describeOutcome, type Applied } from './applied.ts'
import { connect, readIssuer } from './connect.ts'
import { type Approve, converge } from './converge.ts'
import { loadConfig } from './load-config.ts'
import { checkAudiences } from './setup.ts'
import { thumbprintReader } from './thumbprint-reader.ts'

/** The flags of `create-provider`. */
export interface ProviderFlags {
  readonly issuer?: string
  readonly audience?: readonly string[]
  readonly thumbprint?: readonly string[]
}

const WHICH = 'There is no irsa.yaml here that names the issuer.'

/** `irsa create-provider`: the IAM OIDC provider of an issuer, whoever serves its documents. */
export async function createProvider(
  world: World,
  flags: ProviderFlags,
  approve: Approve,
): Promise<Applied> {
  const config = (await loadConfig(world))?.config
  const text = flags.issuer ?? config?.issuer
  if (text === undefined) throw flagMissing('--issuer', WHICH)
  const issuer = readIssuer(world, text)
  const ours = config?.issuer === issuer ? config : undefined
  const thumbprint = flags.thumbprint ?? [ours?.providers[0]?.thumbprint ?? 'auto'].flat()
  const choice = parseThumbprintChoice(thumbprint)
  const audiences = checkAudiences(flags.audience ?? ours?.audiences ?? [DEFAULT_AUDIENCE])
  const { aws, caller, region } = await connect(world, ours?.region)
  const { account, partition } = caller
  const expected = ours?.providers[0]?.account ?? account
  if (expected !== account) throw configOtherAccount(world.options.config, expected, account)
  if (ours !== undefined && ours.region !== region) {
    throw configOtherIssuer(world.options.config, 'region', ours.region, region)
  }
  const whose = { name: ours?.name, region, account }
  const setup = { ...whose, issuer, partition, audiences, thumbprint: choice, signers: [] }
  const readThumbprint = thumbprintReader(world, issuer)
  const provider = issuerProvider(setup, { aws, readThumbprint })
  const walk = { resources: [provider], documents: [], provider, setup, aws }
  const outcome = await converge(world, walk, approve)
  const arn = providerArn(issuer, account, partition)
  return describeOutcome(world, outcome, { setup, providerArn: arn, readThumbprint })
}
