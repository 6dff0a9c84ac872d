import { providerArn } from '../core/provider-arn.ts'
import type { RoleWish } from '../core/role-wish.ts'
import type { Setup } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { configurationResource } from '../resources/configuration.ts'
import { issuerResources } from '../resources/issuer-resources.ts'
import { issuerRoles } from '../resources/issuer-roles.ts'
import type { Resource } from '../resources/resource.ts'
import { describeOutcome, type Applied } from './applied.ts'
import { issuerOf } from './cluster-issuer.ts'
import { readClusterKeys } from './cluster-keys.ts'
import { connect, type Connection } from './connect.ts'
import { converge, type Approve } from './converge.ts'
import { draftConfig } from './draft-config.ts'
import { askInit } from './init-answers.ts'
import type { InitFlags } from './init-flags.ts'
import { configPlace, loadConfig, requireConfig } from './load-config.ts'
import { roleWishes } from './role-wishes.ts'
import { setupFromConfig } from './setup.ts'

/** `irsa init`: answers, irsa.yaml, and everything in it brought in line. */
export async function init(world: World, flags: InitFlags, approve: Approve): Promise<Applied> {
  const file = await loadConfig(world)
  const answers = await askInit(world, flags, file?.config)
  const place = { ...configPlace(world), cwd: world.cwd }
  const cluster = answers.fromCluster ? await readClusterKeys(world, place.folder) : undefined
  const config = draftConfig(answers, flags, file?.config, place, cluster?.shown ?? [])
  const options = flags.keyBits === undefined ? {} : { keyBits: flags.keyBits }
  const setup = setupFromConfig(world, { ...place, config }, answers.connection, options)
  const roles = await roleWishes(world, config, { ...setup, folder: place.folder })
  const itself = configurationResource(world.files, place.path, place.shown, config)
  const before = [itself, ...(cluster?.resources ?? [])]
  const foreseeing = { ...world, files: cluster?.files ?? world.files }
  return bringInLine(foreseeing, answers.connection, { setup, roles, before }, approve)
}

/** `irsa apply`, and `irsa plan` with `--dry-run` set: what irsa.yaml says. */
export async function apply(world: World, approve: Approve): Promise<Applied> {
  const file = await requireConfig(world)
  const connection = await connect(world, file.config.region)
  const setup = setupFromConfig(world, file, connection)
  const roles = await roleWishes(world, file.config, { ...setup, folder: file.folder })
  return bringInLine(world, connection, { setup, roles, before: [] }, approve)
}

interface Wish {
  readonly setup: Setup
  readonly roles: readonly RoleWish[]
  /** What has to be in line before everything else. */
  readonly before: readonly Resource[]
}

async function bringInLine(
  world: World,
  { aws }: Connection,
  { setup, roles, before }: Wish,
  approve: Approve,
): Promise<Applied> {
  const { readThumbprints, prove } = issuerOf(world, setup)
  const { all, documents, provider } = issuerResources(
    setup,
    { ...world, aws, readThumbprints },
    { after: before },
  )
  const arn = providerArn(setup.issuer, setup.account, setup.partition)
  const owner = { ...setup, providerArn: arn }
  const after = { after: [...before, provider] }
  const resources = [...before, ...all, ...issuerRoles(aws, owner, roles, after)]
  const walk = { resources, documents, provider, prove, setup, aws }
  const outcome = await converge(world, walk, approve)
  return describeOutcome(world, outcome, { setup, providerArn: arn, readThumbprints })
}
