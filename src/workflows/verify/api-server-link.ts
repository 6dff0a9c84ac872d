import { issuersSigned, judgeApiServer } from '../../core/verify/api-server.ts'
import type { ApiServerCase } from '../../core/verify/api-server-case.ts'
import { type Evidence, looked, skipped, unseen } from '../../core/verify/link.ts'
import { publishedKids } from '../../core/verify/published-kids.ts'
import type { ClusterSeen } from '../../core/verify/sights.ts'
import { apiServerCommands, mendedWith } from './api-server-commands.ts'
import { clusterLeftOut } from './see-cluster.ts'
import type { LookAt, Walk } from './walk.ts'

/** What the API server signs: for which issuer, with which key, for which audiences. */
export const lookAtApiServer: LookAt = async (walk) => {
  const { given, sights } = walk
  const left = clusterLeftOut(given)
  if (left !== undefined) return skipped('apiserver', left)
  const [cluster, facts] = await Promise.all([sights.cluster(), besides(walk)])
  if (cluster.kind === 'unseen') return skipped('apiserver', cluster)
  const running = cluster.value
  if (issuersSigned(running).length === 0) return skipped('apiserver', NO_ISSUER)
  const it = { issuer: given.issuer, running, ...facts }
  const findings = await mendedWith(walk, (platform) =>
    judgeApiServer({ ...it, commands: apiServerCommands(walk, platform) }),
  )
  return looked('apiserver', proved(it), { findings, evidence: evidenceOf(running) })
}

const NO_ISSUER = unseen(
  'the cluster does not tell these credentials which issuer it uses',
  'Use credentials that may read the pods of kube-system, or create serviceaccounts/token.',
)

type Besides = Pick<ApiServerCase, 'published' | 'ours' | 'audiences' | 'servesItself'>

/** What the other links have to say about it. */
async function besides({ given, sights }: Walk): Promise<Besides> {
  const [keySet, provider, signers] = await Promise.all([
    sights.keySet(),
    sights.provider(),
    sights.signers(),
  ])
  return {
    published: publishedKids(keySet),
    ours: signers.kind === 'seen' ? signers.value.map(({ kid }) => kid) : [],
    audiences: provider.kind === 'seen' ? provider.value.provider?.audiences : undefined,
    servesItself: given.file?.config.host.type === 'cluster',
  }
}

function proved({ issuer, running, published }: Omit<ApiServerCase, 'commands'>): string {
  const { signingKid: kid } = running
  if (kid === undefined) return `signs for ${issuer}; with which key could not be seen`
  const known = published === undefined ? 'could not be held against the key set' : 'is published'
  return `signs for ${issuer} with kid ${kid}, which ${known}`
}

const evidenceOf = (running: ClusterSeen): readonly Evidence[] => [
  { label: 'kubectl config current-context', text: running.context ?? 'none is set' },
  { label: 'issuers', text: issuersSigned(running).join('\n') },
  ...listed('verifies with', running.publicKids),
  ...listed('signs with', running.signingKid === undefined ? [] : [running.signingKid]),
  ...listed('audiences of default tokens', running.audiences),
]

const listed = (label: string, lines: readonly string[] = []): readonly Evidence[] =>
  lines.length === 0 ? [] : [{ label, text: lines.join('\n') }]
