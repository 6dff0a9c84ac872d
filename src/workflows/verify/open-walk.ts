import { once, onceEach } from '../../core/once.ts'
import { type Link, LINK_IDS, type LinkId, type Seen, skipped } from '../../core/verify/link.ts'
import type { World } from '../../ports/world.ts'
import { LINKS } from './links.ts'
import { seeAccount, seeAudience, seeAws, seeProvider } from './see-account.ts'
import { seeChain } from './see-chain.ts'
import { seeCluster } from './see-cluster.ts'
import { seeDiscovery, seeKeySet } from './see-documents.ts'
import { seeExchange } from './see-exchange.ts'
import { seeRole, seeRoleByName } from './see-role.ts'
import { seeRoleName } from './see-role-name.ts'
import { seeKeyFiles, seeSigners } from './see-signers.ts'
import { seeToken } from './see-token.ts'
import { seeWorkload } from './see-workload.ts'
import { type Given, sighted, type Sights, unseenBy, type Walk } from './walk.ts'

/** A walk on which nothing has been looked at yet. */
export function openWalk(world: World, given: Given): Walk {
  const links = new Map(LINK_IDS.map((id) => [id, once(() => lookAt(id, walk))]))
  const walk: Walk = {
    world,
    given,
    sights: sightsOf(() => walk),
    link: (id) => links.get(id)!(),
  }
  return walk
}

/** Each waits for those alone that it needs, so that the others are looked at meanwhile. */
function sightsOf(walk: () => Walk): Sights {
  const sight = <T>(see: (walk: Walk) => Promise<Seen<T> | T>): (() => Promise<Seen<T>>) =>
    once(() => sighted(() => see(walk())))
  return {
    keyFiles: once(() => seeKeyFiles(walk())),
    signers: sight(seeSigners),
    chain: once(() => seeChain(walk())),
    discovery: once(() => seeDiscovery(walk())),
    keySet: sight(seeKeySet),
    aws: sight(seeAws),
    account: sight(seeAccount),
    provider: sight(seeProvider),
    audience: sight(seeAudience),
    cluster: sight(seeCluster),
    workload: sight(seeWorkload),
    roleName: sight(seeRoleName),
    roleByName: onceEach((name) => sighted(() => seeRoleByName(walk(), name))),
    role: sight(seeRole),
    token: sight(seeToken),
    exchange: sight(seeExchange),
  }
}

/** What a problem kept from being looked at is left out of the chain, and said so. */
async function lookAt(id: LinkId, walk: Walk): Promise<Link> {
  try {
    return await LINKS[id](walk)
  } catch (error) {
    return skipped(id, unseenBy(error))
  }
}
