import { checkAudiences } from '../core/audience.ts'
import { DEFAULT_AUDIENCE } from '../core/config.ts'
import { parseThumbprintChoice } from '../core/thumbprint.ts'
import type { World } from '../ports/world.ts'
import { issuerProvider } from '../resources/issuer-resources.ts'
import { describeOutcome, type Applied } from './applied.ts'
import { issuerOf } from './cluster-issuer.ts'
import { type Approve, converge } from './converge.ts'
import { issuerAtHand, nameIssuer } from './issuer-at-hand.ts'
import { signerFiles } from './setup.ts'

/** The flags of `create-provider`. */
export interface ProviderFlags {
  readonly issuer?: string
  readonly audience?: readonly string[]
  readonly thumbprint?: readonly string[]
}

/** `irsa create-provider`: the IAM OIDC provider of an issuer, whoever serves its documents. */
export async function createProvider(
  world: World,
  flags: ProviderFlags,
  approve: Approve,
): Promise<Applied> {
  const named = await nameIssuer(world, flags.issuer)
  const { issuer, file } = named
  const ours = file?.config
  const thumbprint = flags.thumbprint ?? [ours?.providers[0]?.thumbprint ?? 'auto'].flat()
  const choice = parseThumbprintChoice(thumbprint)
  const audiences = checkAudiences(flags.audience ?? ours?.audiences ?? [DEFAULT_AUDIENCE])
  const { aws, caller, region, providerArn } = await issuerAtHand(world, named)
  const { account, partition } = caller
  const whose = { name: ours?.name, region, account }
  const setup = { ...whose, issuer, partition, audiences, thumbprint: choice, signers: [] }
  const { readThumbprints, prove } = issuerOf(world, {
    ...setup,
    host: ours?.host.type === 'cluster' ? ours.host : undefined,
    signers: ours?.keys.map((key) => signerFiles({ public: key.public }, file?.folder ?? '')) ?? [],
  })
  const provider = issuerProvider(setup, { aws, readThumbprints })
  const walk = { resources: [provider], documents: [], provider, prove, setup, aws }
  const outcome = await converge(world, walk, approve)
  return describeOutcome(world, outcome, { setup, providerArn, readThumbprints })
}
