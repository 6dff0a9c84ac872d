import { looked, type Link, type Seen } from '../../core/verify/link.ts'
import type { Finding } from '../../core/verify/finding.ts'
import type { ProviderSeen } from '../../core/verify/sights.ts'
import { dateFindings } from '../../core/verify/tls-dates.ts'
import { nameFindings, refusalFinding, remarks } from '../../core/verify/tls-identity.ts'
import { isServedByAws, proxyFinding } from '../../core/verify/tls-proxy.ts'
import { addressFindings, connectionFinding } from '../../core/verify/tls-reach.ts'
import { chainEvidence, provedOf } from '../../core/verify/tls-evidence.ts'
import type { ServerSeen } from '../../core/verify/tls-server.ts'
import { shapeFindings } from '../../core/verify/tls-shape.ts'
import { isUnknownCa, thumbprintCounts, thumbprintFinding } from '../../core/verify/tls-trust.ts'
import { usesEmulator } from '../connect.ts'
import { thumbprintRemedy } from './tls-remedy.ts'
import type { LookAt, Walk } from './walk.ts'

/** The chain of the issuer's host: whether AWS accepts it, by its own roots or by the thumbprint. */
export const lookAtTls: LookAt = async (walk) => {
  const [closed, seen] = await Promise.all([addressesSeen(walk), walk.sights.chain()])
  if (seen.kind === 'presented') return judged(walk, seen.server, closed)
  const finding = connectionFinding(seen.problem)
  if (finding === undefined) throw seen.problem
  return looked('tls', '', { findings: [finding, ...closed] })
}

/**
 * Emulators live where they can, and reach each other there. AWS's own hosts are public, though a
 * network with endpoints for them has private addresses.
 */
async function addressesSeen({ world, given: { issuer } }: Walk): Promise<readonly Finding[]> {
  const host = new URL(issuer).hostname.replace(/^\[|\]$/g, '')
  if (usesEmulator(world) || isServedByAws(host)) return []
  return addressFindings(issuer, await world.addressesOf(host))
}

async function judged(walk: Walk, server: ServerSeen, closed: readonly Finding[]): Promise<Link> {
  const { issuer } = walk.given
  const between = proxyFinding(server, issuer)
  if (between !== undefined) {
    return looked('tls', 'a proxy in between was seen, and no more', {
      findings: [between],
      evidence: chainEvidence(server, undefined),
    })
  }
  const shape = shapeFindings(server, issuer)
  const faults = [
    ...nameFindings(server, issuer),
    ...dateFindings({ server, issuer, now: walk.world.clock.now() }),
    ...shape,
  ]
  const isTold = isUnknownCa(server) || faults.some(({ severity }) => severity === 'high')
  const refused = isTold ? [] : refusalFinding(server, issuer)
  // Whatever is put in order changes the last certificate as well.
  const counts = thumbprintCounts(server) && shape.length === 0
  const provider = counts ? await walk.sights.provider() : undefined
  const trust = provider === undefined ? [] : [await trustFinding(walk, server, provider)]
  return looked('tls', provedOf(server), {
    findings: [...faults, ...refused, ...trust, ...closed, ...remarks(server)],
    evidence: chainEvidence(server, provider),
  })
}

async function trustFinding(
  walk: Walk,
  server: ServerSeen,
  provider: Seen<ProviderSeen>,
): Promise<Finding> {
  const exchange = server.trust.kind === 'public' ? undefined : await walk.sights.exchange()
  return thumbprintFinding({
    server,
    provider,
    issuer: walk.given.issuer,
    byCluster: walk.given.file?.config.host.type === 'cluster',
    ours: walk.given.file !== undefined,
    mend: thumbprintRemedy(walk, server, provider),
    proved: exchange?.kind === 'seen' && exchange.value.answer.kind === 'assumed',
  })
}
