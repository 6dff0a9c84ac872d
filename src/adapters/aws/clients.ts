import type { Agent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { IAMClient } from './sdk/iam.ts'
import type { OrganizationsClient } from './sdk/organizations.ts'
import type { S3Client } from './sdk/s3.ts'
import type { S3ControlClient } from './sdk/s3-control.ts'
import type { STSClient } from './sdk/sts.ts'
import type { AwsService } from '../../core/endpoints.ts'
import { once } from '../../core/once.ts'
import { chainThrough, credentialsIn } from './credentials.ts'
import { customEndpoint, endpointOptions } from './endpoints.ts'
import { namingHosts, traced } from './middleware.ts'

/** What all clients of one run share. */
export interface ClientSettings {
  readonly region: string
  readonly profile?: string | undefined
  /** `--endpoint-url`: one endpoint for every service. */
  readonly endpoint?: string | undefined
  /** Endpoints, proxies and keys are read from here. */
  readonly env: Readonly<Record<string, string | undefined>>
  readonly agents: { readonly http: Agent; readonly https: HttpsAgent }
  /** One line per request, for `--debug`; never a header or a body. */
  readonly trace?: ((line: string) => void) | undefined
}

export interface Clients {
  /** The profile in use, where one is named. */
  readonly profile: string | undefined
  s3(): Promise<S3Client>
  iam(): Promise<IAMClient>
  sts(): Promise<STSClient>
  s3Control(): Promise<S3ControlClient>
  organizations(): Promise<OrganizationsClient>
  /** The endpoint of a service where it is not AWS's own, without a trailing slash. */
  endpointOf(service: AwsService): string | undefined
}

// The SDK has no timeouts of its own (0 means none), so a dead peer would hang a run for ever.
const CONNECTION_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 30_000

const nothing = (): void => undefined

/**
 * Without a logger the SDK warns on the console, as when a profile and a key are both given. With an
 * `info` it makes a copy of every answer for it, which takes as long as reading it did.
 */
const SILENT = {
  debug: nothing,
  info: undefined as unknown as typeof nothing,
  warn: nothing,
  error: nothing,
}

/**
 * The AWS clients, each loaded when it is first used, since every one costs start-up time.
 * Credentials are resolved once, by the STS client, and shared.
 */
export function awsClients(settings: ClientSettings): Clients {
  const endpointOf: Clients['endpointOf'] = (service) => customEndpoint(settings, service)
  const connection = { logger: SILENT, requestHandler: requestHandlerOptions(settings.agents) }
  const base = (service: AwsService) => ({
    region: settings.region,
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...credentialsIn(settings.env, settings.profile),
    ...connection,
    ...endpointOptions(endpointOf(service), settings.env),
  })
  const sts = once(async () => {
    const { STSClient, defaultProvider } = await import('./sdk/sts.ts')
    const credentialDefaultProvider = chainThrough(defaultProvider, connection)
    return equipped(new STSClient({ ...base('STS'), credentialDefaultProvider }), 'sts', settings)
  })
  const shared = async () => ({ credentials: (await sts()).config.credentials })
  return {
    profile: settings.profile ?? (settings.env['AWS_PROFILE'] || undefined),
    endpointOf,
    sts,
    s3: once(async () => {
      const [{ S3Client }, credentials] = await Promise.all([import('./sdk/s3.ts'), shared()])
      // Only AWS's own hosts resolve as <bucket>.<host>; elsewhere the bucket goes into the path.
      const pathStyle = endpointOf('S3') === undefined ? {} : { forcePathStyle: true }
      return equipped(new S3Client({ ...base('S3'), ...credentials, ...pathStyle }), 's3', settings)
    }),
    iam: once(async () => {
      const [{ IAMClient }, credentials] = await Promise.all([import('./sdk/iam.ts'), shared()])
      return equipped(new IAMClient({ ...base('IAM'), ...credentials }), 'iam', settings)
    }),
    s3Control: once(async () => {
      const [{ S3ControlClient }, credentials] = await Promise.all([
        import('./sdk/s3-control.ts'),
        shared(),
      ])
      return equipped(
        new S3ControlClient({ ...base('S3_CONTROL'), ...credentials }),
        's3-control',
        settings,
      )
    }),
    organizations: once(async () => {
      const [{ OrganizationsClient }, credentials] = await Promise.all([
        import('./sdk/organizations.ts'),
        shared(),
      ])
      const client = new OrganizationsClient({ ...base('ORGANIZATIONS'), ...credentials })
      return equipped(client, 'organizations', settings)
    }),
  }
}

const requestHandlerOptions = ({ http, https }: ClientSettings['agents']) => ({
  httpAgent: http,
  httpsAgent: https,
  connectionTimeout: CONNECTION_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  // Otherwise a late answer is only logged about (smithy-typescript, node-http-handler).
  throwOnRequestTimeout: true,
})

function equipped<C>(client: C, service: string, { env, trace }: ClientSettings): C {
  const named = namingHosts(client, env)
  return trace === undefined ? named : traced(named, service, trace)
}
