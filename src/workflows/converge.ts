import type { Change } from '../core/change.ts'
import { once } from '../core/once.ts'
import { declined } from '../core/problems/usage.ts'
import type { Host, Setup } from '../core/setup.ts'
import type { Aws } from '../ports/aws.ts'
import type { World } from '../ports/world.ts'
import type { DocumentResource } from '../resources/documents.ts'
import type { Resource } from '../resources/resource.ts'
import { applyPlan, type Gate } from './apply-plan.ts'
import { makePlan } from './make-plan.ts'
import { provePublic } from './prove-public.ts'

/** What a walk came to. */
export interface Outcome {
  /** False for `--dry-run`: the changes are what would be done. */
  readonly applied: boolean
  readonly changes: readonly Change[]
}

/** For whom a walk is: shown above every plan. */
export type Whose = Pick<Setup, 'name' | 'region' | 'account'>

/** Shows the plan, and answers the person's yes; a dry run is shown, and never approved. */
export type Approve = (whose: Whose, changes: readonly Change[]) => Promise<boolean>

export interface Walk {
  /** In the order in which they are brought in line. */
  readonly resources: readonly Resource[]
  /** Those of them that have to answer in public before the provider is made. */
  readonly documents: readonly DocumentResource[]
  readonly provider?: Resource | undefined
  /** How that is proved where the documents are not ours. */
  readonly prove?: (() => Promise<void>) | undefined
  readonly setup: Whose & Pick<Setup, 'issuer' | 'thumbprint'> & { readonly host?: Host }
  readonly aws: Aws
}

/**
 * The walk of `init`, `apply`, `publish-jwks` and `create-provider`: look, show, ask, bring in line,
 * and prove that a stranger can read the documents before IAM is told to trust them.
 */
export async function converge(world: World, walk: Walk, approve: Approve): Promise<Outcome> {
  const looking = world.progress.begin('Looking at what is there')
  const plan = await makePlan(walk.resources).catch((error: unknown) => {
    looking.failed()
    throw error
  })
  looking.done()
  await world.clock.sleep(0)
  const changes = plan.map(({ change }) => change)
  const approved = await approve(walk.setup, changes)
  if (world.options.dryRun === true) return { applied: false, changes }
  if (!approved) throw declined()
  const prove = once(walk.prove ?? (() => provePublic(world, walk, changes)))
  await applyPlan(plan, world, gatesOf(walk, changes, prove))
  if (walk.documents.length > 0 || walk.prove !== undefined) await prove()
  return { applied: true, changes }
}

/** A provider of somebody else's documents exists already, or they are proved before it is made. */
function gatesOf(
  { provider, documents, prove }: Walk,
  changes: readonly Change[],
  pass: () => Promise<void>,
): readonly Gate[] {
  if (provider === undefined) return []
  const created = changes.some(
    ({ resource, action }) => resource === provider.kind && action === 'create',
  )
  return created || documents.length > 0 || prove !== undefined ? [{ before: provider, pass }] : []
}
