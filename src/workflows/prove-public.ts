import { isChange, type Change } from '../core/change.ts'
import { KEY_SET_PATH } from '../core/issuer.ts'
import { publicAccessBlocked } from '../core/problems/bucket.ts'
import { documentUnreachableYet } from '../core/problems/documents.ts'
import { assertExpected, type Problem } from '../core/problems/problem.ts'
import type { World } from '../ports/world.ts'
import { blocksPolicies } from '../resources/public-access-block.ts'
import type { Walk } from './converge.ts'
import { readBack, readForeignDocuments } from './read-back.ts'

/** Bucket policies and DNS settle within a minute; what is unchanged should answer at once. */
const PATIENCE_AFTER_CHANGE_MS = 60_000
const PATIENCE_MS = 5_000

/**
 * Proves that a stranger can read the documents, before IAM is told to trust them. A folder is served
 * by the user, whenever they get to it, so there it is enough to say so; but without an answer there
 * is no certificate to take a thumbprint from, and the provider waits.
 *
 * @throws Problem `documents/…`, `network/…` or `bucket/blocked-by-account`
 */
export async function provePublic(
  world: World,
  walk: Walk,
  changes: readonly Change[],
): Promise<void> {
  // An interrupted run stops here too, before it begins to read.
  await world.clock.sleep(0)
  const reading = world.progress.begin('Reading both documents as a stranger would')
  try {
    await readDocuments(world, walk, changes)
    reading.done()
  } catch (error) {
    reading.failed()
    assertExpected(error)
    if (walk.setup.host?.type === 's3') throw await explained(error, walk)
    notServedYet(world, walk, error)
  }
}

function readDocuments(
  { fetch, clock }: World,
  { documents, setup }: Walk,
  changes: readonly Change[],
): Promise<void> {
  const { issuer, host } = setup
  if (documents.length === 0) return readForeignDocuments(issuer, fetch)
  const removed = changes.flatMap(({ removesKeys }) => removesKeys ?? [])
  const written = documents.map(({ path, body }) => ({
    path,
    body: body(),
    without: path === KEY_SET_PATH ? removed : [],
  }))
  const settling = changes.some(isChange) ? PATIENCE_AFTER_CHANGE_MS : PATIENCE_MS
  return readBack(issuer, written, { fetch, clock, patience: host?.type === 's3' ? settling : 0 })
}

/** S3 answers 403 for many reasons; the account's own block can be asked for. */
async function explained(problem: Problem, { aws, setup }: Walk): Promise<Problem> {
  if (problem.code !== 'documents/not-public') return problem
  return blocksPolicies(await aws.accountBlock()) ? publicAccessBlocked(setup.account) : problem
}

function notServedYet({ progress }: World, walk: Walk, problem: Problem): void {
  const { setup, provider, documents } = walk
  if (provider !== undefined && setup.thumbprint.kind === 'auto') {
    // What we did not write has nothing to wait for: then what is wrong is just that.
    if (documents.length === 0) throw problem
    throw documentUnreachableYet(setup.issuer, `${problem.what} ${problem.why}`, problem)
  }
  progress.warn(`The documents are not served yet: ${problem.what}`)
}
