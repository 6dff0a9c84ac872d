import { kubectlNoContext } from '../../core/problems/kubectl.ts'
import { Problem } from '../../core/problems/problem.ts'
import { type Seen, type Unseen, unseen } from '../../core/verify/link.ts'
import type { ClusterSeen } from '../../core/verify/sights.ts'
import type { World } from '../../ports/world.ts'
import { absentIfRefused } from '../kubectl-json.ts'
import { lookAtRunningCluster } from '../read-running-cluster.ts'
import type { Given, Walk } from './walk.ts'

type Asking = Pick<World, 'kubectl'>

/** What the cluster says of itself. @throws Problem `kubectl/…`, `documents/…`, `key/…` */
export async function seeCluster({ world, given }: Walk): Promise<Seen<ClusterSeen> | ClusterSeen> {
  const left = clusterLeftOut(given)
  if (left !== undefined) return left
  const context = contextOf(world)
  try {
    const running = await lookAtRunningCluster(world)
    return { ...running, context: await context }
  } catch (error) {
    if (isMissing(error)) return NO_KUBECTL
    throw explained(error, await context)
  }
}

/** Why the cluster is not asked at all; undefined where it is. */
export function clusterLeftOut({ asksCluster, signer }: Given): Unseen | undefined {
  if (asksCluster) return undefined
  return signer === undefined
    ? unseen('--no-cluster leaves the cluster out', 'Leave --no-cluster out.')
    : unseen('--sign leaves the cluster out', 'Leave --sign out once the API server signs.')
}

const NO_KUBECTL = unseen(
  'kubectl was not found',
  'Install kubectl: the cluster is asked through it.',
)

/**
 * That there is a cluster which answers at all, for those who asked for it by name. What it may say
 * to whom is another matter.
 *
 * @throws Problem `kubectl/missing`, `kubectl/no-context`, `kubectl/failed`, `kubectl/timeout`
 */
export async function checkCluster(world: Asking): Promise<void> {
  try {
    await world.kubectl(['get', '--raw', '/version']).catch(absentIfRefused)
  } catch (error) {
    throw isMissing(error) ? error : explained(error, await contextOf(world))
  }
}

/** Undefined where none is set, as in a pod, whose kubectl needs none. */
const contextOf = ({ kubectl }: Asking): Promise<string | undefined> =>
  kubectl(['config', 'current-context']).then(
    (text) => text.trim() || undefined,
    (error: unknown) => {
      if (error instanceof Problem && error.code.startsWith('kubectl/')) return undefined
      throw error
    },
  )

const isMissing = (error: unknown): boolean =>
  error instanceof Problem && error.code === 'kubectl/missing'

/** Without a context kubectl asks localhost:8080, and what comes of that says nothing to anybody. */
function explained(error: unknown, context: string | undefined): unknown {
  const failed = error instanceof Problem && error.code === 'kubectl/failed'
  return failed && context === undefined ? kubectlNoContext(error.why, error) : error
}
