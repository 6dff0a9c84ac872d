import { isChange, type Change } from '../core/change.ts'
import { confirmNameMissing, confirmNameWrong, declined } from '../core/problems/usage.ts'
import type { Setup } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { issuerResources } from '../resources/issuer-resources.ts'
import { connect } from './connect.ts'
import { requireConfig } from './load-config.ts'
import { makeRemovalPlan } from './make-plan.ts'
import { removePlan, type Leftover } from './remove-plan.ts'
import { setupFromConfig } from './setup.ts'
import { thumbprintReader } from './thumbprint-reader.ts'

/** The flags of `destroy`. */
export interface DestroyFlags {
  /** The issuer's name, for where nobody can be asked to type it. */
  readonly confirm?: string
  readonly deleteBucket?: true
}

/** What is gone, and what is left. */
export interface Destroyed {
  readonly applied: boolean
  readonly setup: Setup
  readonly changes: readonly Change[]
  readonly left: readonly Leftover[]
}

/** Shows what would go, and has the issuer's name typed. */
export type ApproveRemoval = (setup: Setup, changes: readonly Change[]) => Promise<boolean>

/**
 * `irsa destroy`: the provider first, so that nobody who takes the documents over can speak for the
 * issuer; then the documents, our policy statement, and the bucket. Local files stay.
 */
export async function destroy(
  world: World,
  flags: DestroyFlags,
  approve: ApproveRemoval,
): Promise<Destroyed> {
  const file = await requireConfig(world)
  const { name } = file.config
  if (flags.confirm !== undefined && flags.confirm !== name) {
    throw confirmNameWrong(flags.confirm, name)
  }
  const unasked = world.options.yes === true || !world.ask.interactive
  if (flags.confirm === undefined && world.options.dryRun !== true && unasked) {
    throw confirmNameMissing(name)
  }
  const connection = await connect(world, file.config.region)
  const setup = setupFromConfig(world, file, connection)
  const { host, documents, provider } = issuerResources(
    setup,
    { ...world, aws: connection.aws, readThumbprint: thumbprintReader(world, setup.issuer) },
    { deleteGlobalBucket: flags.deleteBucket === true },
  )
  const looking = world.progress.begin('Looking at what is there')
  const plan = await makeRemovalPlan([...host, ...documents, provider])
  looking.done()
  const changes = plan.map(({ change }) => change)
  if (world.options.dryRun === true) return { applied: false, setup, changes, left: [] }
  if (changes.some(isChange) && !(await approve(setup, changes))) throw declined()
  return { applied: true, setup, ...(await removePlan(plan, world)) }
}
