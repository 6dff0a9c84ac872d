import { endpointIn, type AwsService } from '../../core/endpoints.ts'
import { endpointInvalid } from '../../core/problems/usage.ts'
import type { Env } from '../trusted-roots.ts'

interface EndpointSettings {
  /** `--endpoint-url`: one endpoint for every service. */
  readonly endpoint?: string | undefined
  readonly env: Env
}

/**
 * The endpoint of a service where it is not AWS's own, without a trailing slash.
 *
 * @throws Problem `usage/endpoint-invalid`
 */
export function customEndpoint(
  { endpoint, env }: EndpointSettings,
  service: AwsService,
): string | undefined {
  const chosen = endpoint ?? endpointIn(env, service)
  if (chosen === undefined) return undefined
  if (!/^https?:\/\//.test(chosen) || !URL.canParse(chosen)) throw endpointInvalid(chosen)
  return chosen.replace(/\/+$/, '')
}

/**
 * What a client has to know about its endpoint.
 *
 * The SDK would take one from a profile as well, but tells nobody, and the issuer's URL and the form
 * of S3's requests depend on it: so a profile's `endpoint_url` is left alone.
 *
 * An endpoint of somebody else's has no FIPS or dual-stack form: a shared configuration that asks for
 * them is about AWS's own. Asked for in our environment, the two do not go together, and the SDK says so.
 */
export function endpointOptions(endpoint: string | undefined, env: Env) {
  if (endpoint === undefined) return { ignoreConfiguredEndpointUrls: true }
  return {
    endpoint,
    ...(env['AWS_USE_FIPS_ENDPOINT'] === 'true' ? {} : { useFipsEndpoint: false }),
    ...(env['AWS_USE_DUALSTACK_ENDPOINT'] === 'true' ? {} : { useDualstackEndpoint: false }),
  }
}
