import { Problem } from '../core/problems/problem.ts'
import type { World } from '../ports/world.ts'
import { applyCommand, optionsAsGiven } from '../workflows/given-options.ts'

/** An API server that answers, or does not, but is not yet what it has to be. */
const UNSERVED = new Set([
  'cluster/not-served-yet',
  'cluster/anonymous-refused',
  'cluster/other-issuer',
  'cluster/other-key-set',
  'cluster/key-missing',
])

/**
 * Waits for a walk. Where it ends because the API server does not serve the issuer yet, it says what
 * to type, before the problem itself is drawn: the walk has kept what it made, and goes on there.
 */
export async function withNextOnUnserved<T>(world: World, walk: Promise<T>): Promise<T> {
  try {
    return await walk
  } catch (error) {
    if (error instanceof Problem && UNSERVED.has(error.code)) {
      world.report.next(steps(world))
      world.report.note('')
    }
    throw error
  }
}

const steps = (world: World) => [
  {
    command: `irsa print-apiserver-flags --for kubeadm${optionsAsGiven(world, ['config'])}`,
    why: 'what every API server needs; or --for k3s, kops, flags',
  },
  {
    command: applyCommand(world),
    why: 'once the API servers have restarted',
  },
]
