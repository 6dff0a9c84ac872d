import { once } from '../core/once.ts'
import type { Setup } from '../core/setup.ts'
import { presentsLeafOnly, thumbprintsOfOwnCa } from '../core/thumbprint.ts'
import type { PresentedChain } from '../ports/documents.ts'
import type { World } from '../ports/world.ts'
import { reachCluster } from './cluster-reach.ts'
import { proveCluster } from './prove-cluster.ts'
import { addedRootWarning, thumbprintReader } from './thumbprint-reader.ts'

/** An issuer whose documents irsa does not write, as far as a walk needs it. */
export interface ForeignIssuer {
  readonly readThumbprints: () => Promise<readonly string[]>
  /** Proves in public that the documents are as they have to be; absent where they are read anyway. */
  readonly prove?: () => Promise<void>
}

/** The issuer of a wish: an API server that serves it is asked through its cluster's CA. */
export function issuerOf(
  world: World,
  setup: Pick<Setup, 'issuer' | 'thumbprint' | 'signers'> & {
    readonly host?: Setup['host'] | undefined
  },
): ForeignIssuer {
  if (setup.host?.type !== 'cluster') {
    return { readThumbprints: thumbprintReader(world, setup.issuer) }
  }
  const reach = once(() => reachCluster(world, setup.issuer))
  return {
    readThumbprints: once(async () => {
      const { chain, byOwnCa } = await reach()
      const thumbprints = thumbprintsOfOwnCa(chain)
      if (chain.trust.kind === 'added-root' && !byOwnCa) {
        world.progress.warn(addedRootWarning(chain.trust.root))
      }
      if (presentsLeafOnly(chain)) world.progress.warn(leafOnlyWarning(chain))
      return thumbprints
    }),
    prove: () => proveCluster(world, setup, reach),
  }
}

/** The end of kube-apiserver's own help for --tls-cert-file says that the CA belongs there. */
function leafOnlyWarning({ chain: [leaf] }: PresentedChain): string {
  return (
    `The API server presents its own certificate alone (valid until ${leaf?.notAfter ?? ''}), and not its CA's. ` +
    'IAM compares what is presented, so from the next renewal on AWS would refuse every token until irsa apply has run. ' +
    "Append the CA's certificate to the API server's --tls-cert-file, now and after each renewal: IAM knows its thumbprint already."
  )
}
