import { DEFAULT_AUDIENCE } from '../core/config.ts'
import { providerArn } from '../core/issuer.ts'
import { flagMissing } from '../core/problems/usage.ts'
import type { Setup } from '../core/setup.ts'
import { parseThumbprintChoice } from '../core/thumbprint.ts'
import type { World } from '../ports/world.ts'
import { issuerProvider } from '../resources/issuer-resources.ts'
import { describeOutcome, type Applied } from './applied.ts'
import { connect, readIssuer } from './connect.ts'
import { converge } from './converge.ts'
import type { ApproveFor } from './init.ts'
import { loadConfig } from './load-config.ts'
import { checkAudiences, DEFAULT_KEY_BITS } from './setup.ts'
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
  approve: ApproveFor,
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
  const setup: Setup = {
    name: ours?.name,
    issuer,
    region,
    account: caller.account,
    partition: caller.partition,
    host: { type: 'directory', directory: world.cwd, shown: '.' },
    audiences,
    thumbprint: choice,
    signers: [],
    keyBits: DEFAULT_KEY_BITS,
    prune: false,
  }
  const readThumbprint = thumbprintReader(world, issuer)
  const provider = issuerProvider(setup, { aws, readThumbprint })
  const walk = { resources: [provider], documents: [], provider, setup, aws }
  const outcome = await converge(world, walk, approve(setup))
  const arn = providerArn(issuer, caller.account, caller.partition)
  const applied = await describeOutcome(world, outcome, { setup, providerArn: arn, readThumbprint })
  return { ...applied, bucket: null }
}
