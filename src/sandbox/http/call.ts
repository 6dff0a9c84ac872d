import type { IncomingMessage } from 'node:http'
import { AwsError } from '../errors.ts'
import { decode } from '../percent.ts'

/** One HTTP request, read to its end. */
export interface Call {
  readonly id: string
  readonly method: string
  /** Host header without the port, in lower case. */
  readonly host: string
  /** As on the wire, still percent-encoded, without the query. */
  readonly path: string
  /** Decoded, in the order of the request. */
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Names in lower case; repeated headers joined with a comma, as SigV4 wants them. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly secure: boolean
  readonly address: string
  readonly at: Date
}

/** What goes back. HEAD answers lose their body on the way out. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** Far more than any request on this path; it only keeps a mistake from filling the memory. */
const MAX_BODY = 16 * 1024 * 1024

/** Reads a request. @throws AwsError for bodies and URLs that cannot be read */
export async function readCall(
  request: IncomingMessage,
  about: Pick<Call, 'id' | 'secure' | 'at'>,
): Promise<Call> {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const headers = Object.entries(request.headersDistinct)
  return {
    ...about,
    method: request.method ?? 'GET',
    host: (request.headers.host ?? '').toLowerCase().replace(/:\d+$/, ''),
    path: mark === -1 ? target : target.slice(0, mark),
    query: mark === -1 ? [] : readQuery(target.slice(mark + 1)),
    headers: Object.fromEntries(headers.map(([name, values]) => [name, (values ?? []).join(',')])),
    body: await readBody(request),
    address: request.socket.remoteAddress ?? '',
  }
}

/** The value of a query parameter; the empty string for one without a value. */
export const queryValue = (call: Call, name: string): string | undefined =>
  call.query.find(([key]) => key === name)?.[1]

function readQuery(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [decode(name), decode(value.join('='))]
    })
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY) {
      throw new AwsError(400, 'EntityTooLarge', 'Your proposed upload exceeds the maximum size.')
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
