import { sameIssuer } from './providers.ts'
import type { Documents } from './power.ts'
import type { Scope } from './scope.ts'

/** What a stranger finds at an issuer, as far as it makes tokens a danger. */
export type IssuerState =
  | { readonly kind: 'bucket-gone'; readonly bucket: string }
  | { readonly kind: 'unresolved'; readonly host: string }

/** A provider of the account. */
export interface ProviderFacts {
  /** Undefined where they may not be read. */
  readonly audiences: readonly string[] | undefined
  /** Undefined where nothing is known to be wrong. */
  readonly issuer: IssuerState | undefined
}

/** The cluster at hand. */
export interface ClusterFacts {
  /** Host and path of the issuer it signs for. */
  readonly issuer: string
  /** The `sub` of every service account, and the role it is annotated with. */
  readonly accounts: ReadonlyMap<string, string | undefined>
}

/** Everything that is known besides the role itself. */
export interface Ground {
  readonly scope: Scope
  /** Twelve digits. */
  readonly account: string
  readonly partition: string
  /** By ARN; undefined where they may not be listed. */
  readonly providers: ReadonlyMap<string, ProviderFacts> | undefined
  readonly cluster: ClusterFacts | undefined
  readonly documents: Documents
  /** Host and path of issuers whose tokens are seen to be of service accounts. */
  readonly clusters: ReadonlySet<string>
}

/** Amazon EKS user guide, associate-service-account-role.html: how it names its issuers. */
const EKS = /^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/id\//

/** Whether an issuer is known to be that of a Kubernetes cluster. */
export const isCluster = (issuer: string, { scope, cluster, clusters }: Ground): boolean =>
  scope.issuers !== undefined ||
  clusters.has(issuer.toLowerCase()) ||
  (cluster !== undefined && sameIssuer(cluster.issuer, issuer)) ||
  EKS.test(issuer)
