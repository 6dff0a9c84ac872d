import { DEFAULT_AUDIENCE } from './config.ts'
import type { ServiceAccount } from './service-account.ts'

/** What the pod identity webhook reads from a service account (its pkg/annotations.go). */
const PREFIX = 'eks.amazonaws.com'

/**
 * The ServiceAccount that pods run under to get the role, as an object for `kubectl apply`. What is
 * the webhook's default is left out. `tokenExpiration` is in seconds.
 */
export function serviceAccountManifest(
  { namespace, name }: ServiceAccount,
  options: {
    readonly roleArn: string
    readonly audience?: string | undefined
    readonly tokenExpiration?: number | undefined
    readonly regionalSts?: boolean | undefined
  },
): Record<string, unknown> {
  const { roleArn, audience = DEFAULT_AUDIENCE, tokenExpiration, regionalSts } = options
  const annotations = {
    [`${PREFIX}/role-arn`]: roleArn,
    ...(audience === DEFAULT_AUDIENCE ? {} : { [`${PREFIX}/audience`]: audience }),
    // An annotation is a text, whatever it means.
    ...(tokenExpiration === undefined
      ? {}
      : { [`${PREFIX}/token-expiration`]: String(tokenExpiration) }),
    ...(regionalSts === undefined
      ? {}
      : { [`${PREFIX}/sts-regional-endpoints`]: String(regionalSts) }),
  }
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations } }
}
