/** The services that irsa calls, as AWS's variables name them. */
export type AwsService = 'S3' | 'IAM' | 'STS' | 'S3_CONTROL' | 'ORGANIZATIONS'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The endpoint that the environment sets for a service, as it is written there: the form for the one
 * service before the form for all, and neither where AWS_IGNORE_CONFIGURED_ENDPOINT_URLS is true
 * (AWS SDKs and Tools Reference Guide, "Service-specific endpoints").
 */
export function endpointIn(env: Env, service: AwsService): string | undefined {
  if (env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true') return undefined
  return env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL'] || undefined
}
