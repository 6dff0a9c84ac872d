import { Agent, request, type RequestOptions } from 'node:https'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LookupFunction } from 'node:net'
import { IAMClient } from '@aws-sdk/client-iam'
import { S3Client } from '@aws-sdk/client-s3'
import { S3ControlClient } from '@aws-sdk/client-s3-control'
import { STSClient } from '@aws-sdk/client-sts'
import { afterAll } from 'vitest'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts'

/** A sandbox for one test file, in a folder that goes with it. */
export async function sandboxForTests(
  options: Omit<SandboxOptions, 'directory'> = {},
): Promise<Sandbox> {
  const directory = mkdtempSync(join(tmpdir(), 'irsa-sandbox-'))
  const sandbox = await startSandbox({ ...options, directory })
  afterAll(async () => {
    await sandbox.close()
    rmSync(directory, { recursive: true })
  })
  return sandbox
}

/** Names below localhost are loopback (RFC 6761), whatever this machine's resolver thinks. */
export const loopback: LookupFunction = (_, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

export const agentFor = ({ caCertificate }: Sandbox): Agent =>
  new Agent({ ca: caCertificate, lookup: loopback, keepAlive: true })

export interface ClientOptions {
  readonly endpoint?: string
  readonly region?: string
  readonly forcePathStyle?: boolean
  readonly credentials?: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
  }
}

/** The real SDK's clients, pointed at the sandbox. */
export function clientsFor(sandbox: Sandbox, options: ClientOptions = {}) {
  const config = {
    endpoint: sandbox.url,
    region: sandbox.region,
    credentials: {
      accessKeyId: sandbox.env['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: sandbox.env['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
    requestHandler: { httpsAgent: agentFor(sandbox) },
    ...options,
  }
  return {
    s3: new S3Client({ forcePathStyle: true, ...config }),
    s3Control: new S3ControlClient(config),
    iam: new IAMClient(config),
    sts: new STSClient(config),
  }
}

export interface PlainAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

/** One request without a signature, as any stranger would send it. */
export function fetchAs(
  sandbox: Sandbox,
  url: string,
  options: RequestOptions = {},
): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const wanted = { ca: sandbox.caCertificate, lookup: loopback, agent: false, ...options }
    const outgoing = request(url, wanted, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString()
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      })
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** What a refused SDK call says: the status, and the code of the wire. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'it was done'
  } catch (error) {
    const { $metadata, name, Code } = error as {
      $metadata?: { httpStatusCode?: number }
      name: string
      Code?: string
    }
    return `${$metadata?.httpStatusCode ?? 'none'} ${Code ?? name}`
  }
}
