import { type Agents, makeAgents } from './adapters/agents.ts'
import { awsAccount } from './adapters/aws/aws.ts'
import type { ClientSettings } from './adapters/aws/clients.ts'
import { anonymousFetch } from './adapters/issuer-http.ts'
import { chainReader, tls12Asker } from './adapters/tls-chain.ts'
import { parseCertificates, trustedRoots, withRoots } from './adapters/trusted-roots.ts'
import { clusterCaUnreadable } from './core/problems/cluster-host.ts'
import type { Aws } from './ports/aws.ts'
import type { AnonymousFetch, ReadChain, TakesTls12 } from './ports/documents.ts'

/** Everything that leaves this machine, through one set of connections. */
export interface Network {
  readonly fetch: AnonymousFetch
  /** The same, whatever the certificate: to look at what is served behind a chain that fails. */
  readonly peek: AnonymousFetch
  readonly readChain: ReadChain
  readonly takesTls12: TakesTls12
  /**
   * Fetching and reading, trusting the certificates of a PEM text as well; for hosts of that CA only.
   * @throws Problem `cluster/ca-unreadable`
   */
  trusting(ca: string): { readonly fetch: AnonymousFetch; readonly readChain: ReadChain }
  aws(settings: Pick<ClientSettings, 'region' | 'profile' | 'endpoint' | 'trace'>): Aws
  /** Ends connections that are kept open, so that the process can end. */
  close(): void
}

/** Nothing is connected before it is used; a bundle that cannot be read is found out here. */
export function openNetwork(env: Readonly<Record<string, string | undefined>>): Network {
  const roots = trustedRoots(env)
  const agents = makeAgents({ env, roots })
  const others: Agents[] = []
  return {
    fetch: anonymousFetch(agents),
    peek: anonymousFetch({ anonymous: agents.inspecting, proxyFor: agents.proxyFor }),
    readChain: chainReader(agents, roots),
    takesTls12: tls12Asker(agents),
    trusting(ca) {
      const more = withRoots(roots, parseCertificates(ca, clusterCaUnreadable))
      const own = makeAgents({ env, roots: more })
      others.push(own)
      return { fetch: anonymousFetch(own), readChain: chainReader(own, more) }
    },
    aws: (settings) => awsAccount({ ...settings, env, agents: agents.aws }),
    close: () => [agents, ...others].forEach((each) => each.close()),
  }
}
