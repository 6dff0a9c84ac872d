import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { issueServerCertificate, makeCertificateAuthority } from '../adapters/certificates.ts'
import type { Cloud } from './cloud.ts'
import type { Call, Reply } from './http/call.ts'
import { makeGateway, type Interceptor } from './http/gateway.ts'
import { listen, type ListenOptions } from './http/listener.ts'
import type { PublicAccessBlock, State } from './model.ts'
import type { ServiceId } from './service.ts'
import { serviceFinder } from './services.ts'
import { initialState, type KnownCredentials, type TakenBucket } from './state.ts'

export interface SandboxOptions {
  /** Where `ca.pem` goes; made if it is not there. */
  readonly directory: string
  /** 12 digits; 111122223333 unless given. */
  readonly account?: string
  /** eu-west-3 unless given; decides the partition. */
  readonly region?: string
  /** The first pair goes into `env`. One is made up unless given. */
  readonly credentials?: readonly KnownCredentials[]
  readonly now?: () => Date
  /** Also serves the API, and only the API, over http. */
  readonly plainHttp?: boolean
  /** Port of the https server; a free one unless given. */
  readonly port?: number
  readonly accountBlock?: PublicAccessBlock
  readonly organizationEnforced?: boolean
  readonly takenBuckets?: readonly TakenBucket[]
}

/** One request as it was answered. */
export interface RecordedRequest {
  readonly service: ServiceId
  /** As in the API reference. */
  readonly operation: string
  readonly resource: string
  readonly signed: boolean
  /** 0 where the connection was cut instead of an answer. */
  readonly status: number
  readonly at: Date
}

/** An AWS on loopback. */
export interface Sandbox {
  /** `https://localhost:<port>` */
  readonly url: string
  /** `http://localhost:<port>` */
  readonly plainUrl: string | undefined
  readonly caFile: string
  /** PEM */
  readonly caCertificate: string
  readonly account: string
  readonly region: string
  /** What irsa, SDKs and aws-cli need to talk to it and to nobody else. */
  readonly env: Readonly<Record<string, string>>
  readonly requests: readonly RecordedRequest[]
  readonly state: State
  /** Lets a hook judge every signed API call from now on; `undefined` takes it away. */
  intercept(hook: Interceptor | undefined): void
  /** Stops, and ends every connection. Files stay where they are. */
  close(): Promise<void>
}

/** The example of every AWS page, so that nobody takes it for a real key. */
const EXAMPLE_CREDENTIALS: KnownCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
}

/** No client takes a longer one for granted: the CA/Browser Forum's limit since 2020. */
const CERTIFICATE_DAYS = 397

/** Starts an AWS on 127.0.0.1. @throws what writing `ca.pem` or listening throws */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const now = options.now ?? (() => new Date())
  const state = prepare(options, now())
  const { ca, tls } = await makeCertificates(state, now())
  const caFile = join(options.directory, 'ca.pem')
  await mkdir(options.directory, { recursive: true })
  await writeFile(caFile, ca)
  const closing = new AbortController()
  const cloud: Cloud = { state, trust: lazyTrust(ca), closing: closing.signal }
  const requests: RecordedRequest[] = []
  let hook: Interceptor | undefined
  const answer = answerer(cloud, () => hook, requests)
  const listeners = await listenOn({ now, answer, tls }, options)
  const [{ port }, plain] = listeners
  const url = `https://localhost:${port}`
  return {
    url,
    caFile,
    caCertificate: ca,
    requests,
    state,
    plainUrl: plain && `http://localhost:${plain.port}`,
    account: state.account,
    region: state.region,
    env: environment(url, caFile, state),
    intercept: (next) => {
      hook = next
    },
    close: async () => {
      closing.abort(new Error('The sandbox is closing.'))
      await Promise.all(listeners.map((listener) => listener?.close()))
    },
  }
}

function prepare(options: SandboxOptions, created: Date): State {
  return initialState({
    account: options.account ?? '111122223333',
    region: options.region ?? 'eu-west-3',
    credentials: options.credentials ?? [EXAMPLE_CREDENTIALS],
    accountBlock: options.accountBlock,
    organizationEnforced: options.organizationEnforced,
    takenBuckets: options.takenBuckets ?? [],
    created,
  })
}

function answerer(
  cloud: Cloud,
  interceptor: () => Interceptor | undefined,
  requests: RecordedRequest[],
): (call: Call) => Promise<Reply | 'drop'> {
  const gateway = makeGateway(cloud, serviceFinder(cloud), interceptor)
  return async (call) => {
    const { reply, ...about } = await gateway(call)
    requests.push({ ...about, status: reply === 'drop' ? 0 : reply.status, at: call.at })
    return reply
  }
}

async function listenOn(
  { tls, ...common }: Pick<ListenOptions, 'now' | 'answer'> & Required<Pick<ListenOptions, 'tls'>>,
  { port = 0, plainHttp = false }: SandboxOptions,
) {
  const secure = await listen({ ...common, tls, port })
  const plain = plainHttp ? await listen({ ...common, port: 0 }) : undefined
  return [secure, plain] as const
}

/** The server presents its CA too, so that the last certificate, the thumbprint's, is a CA's. */
async function makeCertificates({ account, region }: State, now: Date) {
  const validity = { days: CERTIFICATE_DAYS, now }
  const authority = makeCertificateAuthority({ commonName: 'irsa sandbox CA', ...validity })
  const names = [
    'localhost',
    '127.0.0.1',
    '::1',
    ...['s3', `s3.${region}`].flatMap((host) => [`${host}.localhost`, `*.${host}.localhost`]),
    ...['s3-control', `${account}.s3-control`, account].map((host) => `${host}.localhost`),
    ...['iam', 'sts', `sts.${region}`].map((host) => `${host}.localhost`),
  ]
  const server = await issueServerCertificate(authority, { names, ...validity })
  const ca = (await authority).certificate
  return { ca, tls: { key: server.key, cert: server.certificate + ca } }
}

/** Reading the public roots takes a while, and most runs never visit an issuer. */
function lazyTrust(ca: string): () => SecureContext {
  let context: SecureContext | undefined
  return () => (context ??= createSecureContext({ ca: [...rootCertificates, ca] }))
}

function environment(url: string, caFile: string, { region, credentials }: State) {
  const [[accessKeyId = '', first] = []] = [...credentials]
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: first?.secretAccessKey ?? '',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CA_BUNDLE: caFile,
    NODE_EXTRA_CA_CERTS: caFile,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
