import { LINK_IDS, type Verification, verification } from '../../core/verify/link.ts'
import type { World } from '../../ports/world.ts'
import { during } from '../during.ts'
import { openWalk } from './open-walk.ts'
import type { Given } from './walk.ts'

/** Looks at every link, side by side where they do not depend on each other. Changes nothing. */
export async function verifyChain(world: World, given: Given): Promise<Verification> {
  const walk = openWalk(world, given)
  let reached = 0
  const links = await during(world.progress, `Walking the chain of ${given.issuer}`, (walking) =>
    Promise.all(
      LINK_IDS.map(async (id) => {
        const link = await walk.link(id)
        walking.reached(`${(reached += 1)}/${LINK_IDS.length}`)
        return link
      }),
    ),
  )
  return verification(given.issuer, links)
}
