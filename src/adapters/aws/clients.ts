import type { Agent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { IAMClient } from './sdk/iam.ts'
import type { S3Client } from './sdk/s3.ts'
import type { S3ControlClient } from './sdk/s3-control.ts'
import type { STSClient } from './sdk/sts.ts'
import { endpointInvalid } from '../../core/problems/usage.ts'

/** What all clients of one run share. */
export interface ClientSettings {
  readonly region: string
  readonly profile?: string | undefined
  /** `--endpoint-url`: one endpoint for every service. */
  readonly endpoint?: string | undefined
  /** AWS_ENDPOINT_URL and its per-service forms are read from here. */
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
  /** The endpoint of a service where it is not AWS's own, without a trailing slash. */
  endpointOf(service: 'S3' | 'IAM' | 'STS' | 'S3_CONTROL'): string | undefined
}

// The SDK has no timeouts of its own (0 means none), so a dead peer would hang a run for ever.
const CONNECTION_TIMEOUT_MS = 5_000
const REQUEST_TIMEOUT_MS = 30_000

const nothing = (): void => undefined

/** Without a logger the SDK warns on the console, as when a profile and a key are both given. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing }

/**
 * The AWS clients, each loaded when it is first used, since every one costs start-up time.
 * Credentials are resolved once, by the STS client, and shared.
 */
export function awsClients(settings: ClientSettings): Clients {
  const endpointOf: Clients['endpointOf'] = (service) => customEndpoint(settings, service)
  const base = (service: Parameters<Clients['endpointOf']>[0]) => ({
    region: settings.region,
    ...(settings.profile === undefined ? {} : { profile: settings.profile }),
    ...credentialsIn(settings),
    logger: SILENT,
    ...elsewhere(endpointOf(service), settings),
    requestHandler: {
      httpAgent: settings.agents.http,
      httpsAgent: settings.agents.https,
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Otherwise a late answer is only logged about (smithy-typescript, node-http-handler).
      throwOnRequestTimeout: true,
    },
  })
  const sts = once(async () => {
    const { STSClient } = await import('./sdk/sts.ts')
    return traced(new STSClient(base('STS')), 'sts', settings.trace)
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
      return traced(
        new S3Client({ ...base('S3'), ...credentials, ...pathStyle }),
        's3',
        settings.trace,
      )
    }),
    iam: once(async () => {
      const [{ IAMClient }, credentials] = await Promise.all([import('./sdk/iam.ts'), shared()])
      return traced(new IAMClient({ ...base('IAM'), ...credentials }), 'iam', settings.trace)
    }),
    s3Control: once(async () => {
      const [{ S3ControlClient }, credentials] = await Promise.all([
        import('./sdk/s3-control.ts'),
        shared(),
      ])
      return traced(
        new S3ControlClient({ ...base('S3_CONTROL'), ...credentials }),
        's3-control',
        settings.trace,
      )
    }),
  }
}

/** AWS SDKs and Tools Reference Guide, "Service-specific endpoints": service form before global. */
function customEndpoint(
  { endpoint, env }: ClientSettings,
  service: Parameters<Clients['endpointOf']>[0],
): string | undefined {
  const fromEnvironment =
    env['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true'
      ? undefined
      : env[`AWS_ENDPOINT_URL_${service}`] || env['AWS_ENDPOINT_URL']
  const chosen = endpoint ?? (fromEnvironment || undefined)
  if (chosen === undefined) return undefined
  if (!/^https?:\/\//.test(chosen) || !URL.canParse(chosen)) throw endpointInvalid(chosen)
  return chosen.replace(/\/+$/, '')
}

/**
 * An endpoint of somebody else's has no FIPS or dual-stack form: a shared configuration that asks for
 * them is about AWS's own. Asked for in our environment, the two do not go together, and the SDK says so.
 */
function elsewhere(endpoint: string | undefined, { env }: ClientSettings) {
  if (endpoint === undefined) return {}
  return {
    endpoint,
    ...(env['AWS_USE_FIPS_ENDPOINT'] === 'true' ? {} : { useFipsEndpoint: false }),
    ...(env['AWS_USE_DUALSTACK_ENDPOINT'] === 'true' ? {} : { useDualstackEndpoint: false }),
  }
}

/**
 * A key in the environment, which the SDK's chain would take first as well, unless a profile is
 * named (credential-provider-node). Taken here it spares loading the chain.
 */
function credentialsIn({ env, profile }: ClientSettings) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (profile !== undefined || env['AWS_PROFILE'] || !accessKeyId || !secretAccessKey) return {}
  const sessionToken = env['AWS_SESSION_TOKEN']
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
  }
}

interface Traceable {
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<{ response: unknown }>,
        context: { commandName?: string },
      ) => (args: never) => Promise<never>,
      options: { step: 'deserialize'; priority: 'low'; name: string },
    ): void
  }
}

function traced<Client>(client: Client, service: string, trace: ClientSettings['trace']): Client {
  if (trace === undefined) return client
  const { middlewareStack } = client as Traceable
  middlewareStack.add(
    (next, context) => async (args) => {
      const started = performance.now()
      const note = (outcome: string): void =>
        trace(
          `${service} ${context.commandName?.replace(/Command$/, '')} ${outcome} ${Math.round(performance.now() - started)} ms`,
        )
      try {
        const result = await next(args)
        note(String((result.response as { statusCode?: number }).statusCode))
        return result as never
      } catch (error) {
        note(error instanceof Error ? error.name : 'failed')
        throw error
      }
    },
    { step: 'deserialize', priority: 'low', name: 'irsaTrace' },
  )
  return client
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
