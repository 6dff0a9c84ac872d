import { isChange, type Change } from '../core/change.ts'
import { publicAccessBlocked } from '../core/problems/bucket.ts'
import { documentUnreachableYet } from '../core/problems/documents.ts'
import { Problem } from '../core/problems/problem.ts'
import { declined } from '../core/problems/usage.ts'
import type { Host, Setup } from '../core/setup.ts'
import type { Aws } from '../ports/aws.ts'
import type { World } from '../ports/world.ts'
import type { DocumentResource } from '../resources/documents.ts'
import { blocksPolicies } from '../resources/public-access-block.ts'
import type { Resource } from '../resources/resource.ts'
import { applyPlan } from './apply-plan.ts'
import { makePlan } from './make-plan.ts'
import { readBack } from './read-back.ts'

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
  readonly setup: Whose & Pick<Setup, 'issuer' | 'thumbprint'> & { readonly host?: Host }
  readonly aws: Aws
}

/** Bucket policies and DNS settle within a minute; what is unchanged should answer at once. */
const PATIENCE_AFTER_CHANGE_MS = 60_000
const PATIENCE_MS = 5_000

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
  const changes = plan.map(({ change }) => change)
  const changed = changes.some(isChange)
  const approved = await approve(walk.setup, changes)
  if (world.options.dryRun === true) return { applied: false, changes }
  if (!approved) throw declined()
  const prove = once(() => proveServed(world, walk, changed))
  const gates = walk.provider ? [{ before: walk.provider, pass: prove }] : []
  await applyPlan(plan, world, gates)
  if (walk.documents.length > 0) await prove()
  return { applied: true, changes }
}

/** Fetches the documents anonymously. A folder is served by the user, whenever they get to it. */
async function proveServed(world: World, walk: Walk, changed: boolean): Promise<void> {
  if (walk.documents.length === 0) return
  // An interrupted run stops here too, before it begins to read.
  await world.clock.sleep(0)
  const { issuer, host } = walk.setup
  const itself = host?.type === 's3'
  const reading = world.progress.begin('Reading both documents as a stranger would')
  const written = walk.documents.map(({ path, body }) => ({ path, body: body() }))
  const patience = !itself ? 0 : changed ? PATIENCE_AFTER_CHANGE_MS : PATIENCE_MS
  try {
    await readBack(issuer, written, { fetch: world.fetch, clock: world.clock, patience })
    reading.done()
  } catch (error) {
    reading.failed()
    if (!(error instanceof Problem) || error.code === 'interrupted') throw error
    if (itself) throw await explained(error, walk)
    notServedYet(world, walk, error)
  }
}

/** S3 answers 403 for many reasons; the account's own block can be asked for. */
async function explained(problem: Problem, { aws, setup }: Walk): Promise<Problem> {
  if (problem.code !== 'documents/not-public') return problem
  return blocksPolicies(await aws.accountBlock()) ? publicAccessBlocked(setup.account) : problem
}

/** Without an answer there is no certificate to take a thumbprint from, so the provider waits. */
function notServedYet({ progress }: World, { setup, provider }: Walk, problem: Problem): void {
  if (provider !== undefined && setup.thumbprint.kind === 'auto') {
    throw documentUnreachableYet(setup.issuer, `${problem.what} ${problem.why}`, problem)
  }
  progress.warn(`The documents are not served yet: ${problem.what}`)
}

function once(act: () => Promise<void>): () => Promise<void> {
  let acting: Promise<void> | undefined
  return () => (acting ??= act())
}
