/**
 * An AWS of S3, IAM and STS, as far as an issuer and its roles need one, with as much of Organizations
 * as tells an account what is imposed on its buckets. It refuses what AWS refuses,
 * and answers `NotImplemented` where it has no idea; but on purpose it is more lenient here:
 *
 * - An issuer on loopback may carry a port and need not be public. STS visits it for every token and
 *   caches nothing, so that a key counts from the moment it is published until it is taken away.
 * - IAM and STS take signatures for any region, since SDKs sign for the client's own at a custom
 *   endpoint; S3 does so unless the host names a region, and serves the region of the signature.
 * - What was written is read at once, everywhere: nothing has to propagate, and no configuration
 *   collides with another. Nobody is throttled. `intercept` can play all of that.
 * - Checksums are held against the body where they are sent, and demanded nowhere: no Content-MD5.
 * - Policies may name principals, providers and actions that do not exist, and resources of any
 *   shape in identity policies. Shared issuers are not asked for their conditions.
 * - Requests have the condition keys of their time, address, transport, caller and token, IAM's those
 *   of caller and boundary; all others are absent, which negated operators take for a match.
 * - The public access block of other accounts is unknown, and nobody from there ever calls.
 * - Objects that other accounts wrote are only there where the state is given some.
 * - Headers of PutObject that change nothing here, such as a storage class, are left aside.
 *
 * Not there at all: multipart uploads, signed chunks, copies, presigned URLs, access control lists,
 * version 1 of ListObjects, session policies, organisations beyond their S3 policy, users, and
 * instance profiles but those that the state is given.
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lazyTrust, makeCertificates } from './certificate.ts'
import type { Cloud } from './cloud.ts'
import type { Call, Reply } from './http/call.ts'
import { makeGateway, type Interceptor } from './http/gateway.ts'
import { listenTogether } from './http/listener.ts'
import type { PublicAccessBlock, State } from './model.ts'
import { record, type RecordedRequest } from './request-log.ts'
import { serviceFinder } from './services.ts'
import { initialState, type KnownCredentials, type TakenBucket } from './state.ts'

export type { RecordedRequest } from './request-log.ts'

export interface SandboxOptions {
  /** Where `ca.pem` goes; made if it is not there. */
  readonly directory: string
  /** 12 digits; 111122223333 unless given. */
  readonly account?: string
  /** eu-west-3 unless given; decides the partition. */
  readonly region?: string
  /** The first pair goes into `env`; the one of AWS's own examples unless given. */
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
  /** The latest 10,000, in the order of their answers. */
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
  const { port: wanted = 0, plainHttp } = options
  const common = { now, answer }
  const secure = { ...common, tls, port: wanted }
  const listeners = await listenTogether(secure, plainHttp ? { ...common, port: 0 } : undefined)
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
    record(requests, { ...about, status: reply === 'drop' ? 0 : reply.status, at: call.at })
    return reply
  }
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
