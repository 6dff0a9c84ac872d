import {
  AUDIENCE_ANNOTATION,
  EXPIRATION_ANNOTATION,
  REGIONAL_ANNOTATION,
  ROLE_ANNOTATION,
} from './annotations.ts'
import { DEFAULT_AUDIENCE } from './config.ts'
import type { ServiceAccount } from './service-account.ts'

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
    [ROLE_ANNOTATION]: roleArn,
    ...(audience === DEFAULT_AUDIENCE ? {} : { [AUDIENCE_ANNOTATION]: audience }),
    // An annotation is a text, whatever it means.
    ...(tokenExpiration === undefined ? {} : { [EXPIRATION_ANNOTATION]: String(tokenExpiration) }),
    ...(regionalSts === undefined ? {} : { [REGIONAL_ANNOTATION]: String(regionalSts) }),
  }
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations } }
}
