import { type Issuer, withoutScheme } from './issuer.ts'
import { clusterIssuerHasPath } from './problems/cluster-host.ts'

/** kube-apiserver serves its key set there, below its root (kubernetes pkg/serviceaccount/openidmetadata.go). */
export const CLUSTER_KEY_SET_PATH = 'openid/v1/jwks'

/**
 * What `--service-account-jwks-uri` gets. Left alone, kube-apiserver puts the address there that it
 * advertises inside of the cluster.
 */
export const clusterKeySetUrl = (issuer: Issuer): string => `${issuer}/${CLUSTER_KEY_SET_PATH}`

/** As templates/apiserver/discovery-binding.yaml names it. */
export const DISCOVERY_BINDING = 'irsa-issuer-discovery'

/**
 * The same binding in one line. The role comes with Kubernetes, bound to service accounts only, and
 * allows to read the two documents (kubernetes plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
 */
export const DISCOVERY_BINDING_COMMAND = `kubectl create clusterrolebinding ${DISCOVERY_BINDING} --clusterrole=system:service-account-issuer-discovery --group=system:unauthenticated`

/** Takes that back. */
export const UNBIND_DISCOVERY_COMMAND = `kubectl delete clusterrolebinding ${DISCOVERY_BINDING}`

/**
 * An issuer that an API server can serve by itself has no path: discovery is at the root, and nowhere
 * else.
 *
 * @throws Problem `cluster/issuer-has-path`
 */
export function checkClusterIssuer(issuer: Issuer): Issuer {
  const [host = ''] = withoutScheme(issuer).split('/')
  if (host !== withoutScheme(issuer)) throw clusterIssuerHasPath(issuer, `https://${host}`)
  return issuer
}
