import { isChange, type Change } from '../core/change.ts'
import { providerArn } from '../core/provider-arn.ts'
import { once } from '../core/once.ts'
import { confirmNameMissing, confirmNameWrong, declined } from '../core/problems/usage.ts'
import type { Host, Setup } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { issuerResources } from '../resources/issuer-resources.ts'
import { issuerRoles } from '../resources/issuer-roles.ts'
import { connect } from './connect.ts'
import { requireConfig } from './load-config.ts'
import { makeRemovalPlan } from './make-plan.ts'
import { removePlan, type Leftover } from './remove-plan.ts'
import { entryWish } from './role-wishes.ts'
import { setupFromConfig } from './setup.ts'
import { strayRoles } from './stray-roles.ts'
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
  readonly setup: Pick<Setup, 'issuer'> & { readonly host?: Host }
  readonly changes: readonly Change[]
  readonly left: readonly Leftover[]
  /** Roles of the issuer that nobody asked to take away. */
  readonly others?: readonly Leftover[]
}

/** Shows what would go, and has the issuer's name typed. */
export type ApproveRemoval = (setup: Setup, changes: readonly Change[]) => Promise<boolean>

/**
 * `irsa destroy`: the roles of irsa.yaml and the provider first, so that nobody who takes the
 * documents over can speak for the issuer; then the documents, our policy statement, and the bucket.
 * Local files stay.
 */
export async function destroy(
  world: World,
  flags: DestroyFlags,
  approve: ApproveRemoval,
): Promise<Destroyed> {
  const file = await requireConfig(world)
  const { name } = file.config
  checkConfirmation(world, flags, name)
  const connection = await connect(world, file.config.region)
  const setup = setupFromConfig(world, file, connection)
  const { host, documents, provider } = issuerResources(
    setup,
    { ...world, aws: connection.aws, readThumbprints: thumbprintReader(world, setup.issuer) },
    { deleteGlobalBucket: flags.deleteBucket === true },
  )
  const arn = providerArn(setup.issuer, setup.account, setup.partition)
  const wishes = (file.config.roles ?? []).map((entry) => entryWish(entry, file.config))
  const owner = { ...setup, providerArn: arn }
  const all = connection.aws.roles()
  const store = { ...all, readAll: once(all.readAll) }
  const roles = issuerRoles({ roles: () => store }, owner, wishes)
  const search = { owner, known: wishes.map((wish) => wish.name), shown: file.shown }
  const looking = world.progress.begin('Looking at what is there')
  const [plan, stray] = await Promise.all([
    makeRemovalPlan([...host, ...documents, provider, ...roles]),
    strayRoles(store, world.progress, search),
  ])
  looking.done()
  const changes = plan.map(({ change }) => change)
  if (world.options.dryRun === true)
    return { applied: false, setup, changes, left: [], others: stray }
  if (stray.length > 0) {
    const names = stray.map(({ id }) => id).join(', ')
    world.progress.warn(`${file.shown} does not have these roles, which stay: ${names}`)
  }
  if (changes.some(isChange) && !(await approve(setup, changes))) throw declined()
  return { applied: true, setup, ...(await removePlan(plan, world)), others: stray }
}

/** @throws Problem `usage/…` where the name that was given is another, or nobody can be asked for it */
function checkConfirmation(
  { options, ask }: Pick<World, 'options' | 'ask'>,
  { confirm }: DestroyFlags,
  name: string,
): void {
  if (confirm !== undefined && confirm !== name) throw confirmNameWrong(confirm, name)
  const unasked = options.yes === true || !ask.interactive
  if (confirm === undefined && options.dryRun !== true && unasked) throw confirmNameMissing(name)
}
