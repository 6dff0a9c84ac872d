import { assertExpected } from '../../core/problems/problem.ts'
import type { ChainSeen } from '../../core/verify/tls-server.ts'
import type { Walk } from './walk.ts'

/** The chain of the issuer's host, and whether it takes TLS 1.2; both are asked at once. */
export async function seeChain({ world, given }: Walk): Promise<ChainSeen> {
  try {
    const [presented, tls12] = await Promise.all([
      world.readChain(given.issuer),
      world.takesTls12(given.issuer).catch(unlessProblem),
    ])
    return { kind: 'presented', server: { ...presented, tls12 } }
  } catch (error) {
    assertExpected(error)
    return { kind: 'silent', problem: error }
  }
}

/** What cannot be seen of the older version alone is not worth failing for. */
function unlessProblem(error: unknown): undefined {
  assertExpected(error)
}
