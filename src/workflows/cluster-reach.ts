import { clusterCaUnknown, clusterOtherCa } from '../core/problems/cluster-host.ts'
import { assertExpected, Problem } from '../core/problems/problem.ts'
import type { Issuer } from '../core/issuer.ts'
import type { AnonymousFetch, PresentedChain } from '../ports/documents.ts'
import type { World } from '../ports/world.ts'

/** How a stranger who knows the cluster's CA gets at the API server. */
export interface Reach {
  readonly chain: PresentedChain
  /** Whether the chain verifies because the cluster was asked for its CA. */
  readonly byOwnCa: boolean
  readonly fetch: AnonymousFetch
}

type ReachWorld = Pick<World, 'fetch' | 'readChain' | 'trusting' | 'kubectl' | 'progress'>

/**
 * Reads the chain that the API server presents to the public. Where this machine does not trust it,
 * the cluster is asked for its CA, and the chain has to verify with that.
 *
 * @throws Problem `network/…`, `cluster/ca-unknown`, `cluster/ca-unreadable` or `cluster/other-ca`
 */
export async function reachCluster(world: ReachWorld, issuer: Issuer): Promise<Reach> {
  const chain = await world.readChain(issuer)
  if (chain.trust.kind !== 'untrusted') return { chain, byOwnCa: false, fetch: world.fetch }
  const { readChain, fetch } = await world.trusting(await clusterCa(world, issuer))
  const judged = await readChain(issuer)
  if (judged.trust.kind === 'untrusted') {
    const [leaf] = judged.chain
    const presented = `${leaf?.subject ?? ''}, issued by ${leaf?.issuer ?? ''}`
    throw clusterOtherCa(issuer, presented, judged.trust.reason)
  }
  return { chain: judged, byOwnCa: true, fetch }
}

/** What pods trust: kube-controller-manager's --root-ca-file, in every namespace since Kubernetes 1.20. */
const CONFIG_MAP = [
  'get',
  'configmap',
  'kube-root-ca.crt',
  '--namespace=default',
  '--output=jsonpath={.data.ca\\.crt}',
]

/** What kubectl itself trusts, for clusters without that; nothing else of the file is printed. */
const KUBECONFIG = [
  'config',
  'view',
  '--raw',
  '--minify',
  '--flatten',
  '--output=jsonpath={.clusters[0].cluster.certificate-authority-data}',
]

/** The cluster's CA as PEM text, by kubectl. */
async function clusterCa({ kubectl, progress }: ReachWorld, issuer: Issuer): Promise<string> {
  const asking = progress.begin('Asking the cluster for its CA: kubectl get configmap')
  try {
    const ca = await kubectl(CONFIG_MAP).catch(async (error: unknown) => {
      if (!(error instanceof Problem) || error.code !== 'kubectl/failed') throw error
      const data = await kubectl(KUBECONFIG)
      if (data.trim() === '') throw error
      return Buffer.from(data, 'base64').toString('utf8')
    })
    asking.done()
    return ca
  } catch (error) {
    asking.failed()
    assertExpected(error)
    throw clusterCaUnknown(issuer, `${error.what} ${error.why}`, error)
  }
}
