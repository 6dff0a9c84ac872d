import { providerArn } from '../core/issuer.ts'
import type { Setup } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { configurationResource } from '../resources/configuration.ts'
import { issuerResources } from '../resources/issuer-resources.ts'
import type { Resource } from '../resources/resource.ts'
import { describeOutcome, type Applied } from './applied.ts'
import { readClusterKeys } from './cluster-keys.ts'
import { connect, type Connection } from './connect.ts'
import { converge, type Approve } from './converge.ts'
import { draftConfig } from './draft-config.ts'
import { askInit } from './init-answers.ts'
import type { InitFlags } from './init-flags.ts'
import { configPlace, loadConfig, requireConfig } from './load-config.ts'
import { setupFromConfig } from './setup.ts'
import { thumbprintReader } from './thumbprint-reader.ts'

/** `irsa init`: answers, irsa.yaml, and everything in it brought in line. */
export async function init(world: World, flags: InitFlags, approve: Approve): Promise<Applied> {
  const file = await loadConfig(world)
  const answers = await askInit(world, flags, file?.config)
  const place = { ...configPlace(world), cwd: world.cwd }
  const cluster = answers.fromCluster ? await readClusterKeys(world, place.folder) : undefined
  const config = draftConfig(answers, flags, file?.config, place, cluster?.shown ?? [])
  const options = flags.keyBits === undefined ? {} : { keyBits: flags.keyBits }
  const setup = setupFromConfig(world, { ...place, config }, answers.connection, options)
  const itself = configurationResource(world.files, place.path, place.shown, config)
  const before = [itself, ...(cluster?.resources ?? [])]
  const foreseeing = { ...world, files: cluster?.files ?? world.files }
  return bringInLine(foreseeing, answers.connection, setup, before, approve)
}

/** `irsa apply`, and `irsa plan` with `--dry-run` set: what irsa.yaml says. */
export async function apply(world: World, approve: Approve): Promise<Applied> {
  const file = await requireConfig(world)
  const connection = await connect(world, file.config.region)
  const setup = setupFromConfig(world, file, connection)
  return bringInLine(world, connection, setup, [], approve)
}

async function bringInLine(
  world: World,
  { aws }: Connection,
  setup: Setup,
  before: readonly Resource[],
  approve: Approve,
): Promise<Applied> {
  const readThumbprint = thumbprintReader(world, setup.issuer)
  const { all, documents, provider } = issuerResources(
    setup,
    { ...world, aws, readThumbprint },
    { after: before },
  )
  const resources = [...before, ...all]
  const walk = { resources, documents, provider, setup, aws }
  const outcome = await converge(world, walk, approve)
  const arn = providerArn(setup.issuer, setup.account, setup.partition)
  return describeOutcome(world, outcome, { setup, providerArn: arn, readThumbprint })
}
