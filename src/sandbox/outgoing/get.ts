import { request, type IncomingMessage } from 'node:http'
import type { Connection } from './connect.ts'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** No limit is documented; this one only keeps a stream without end out of the memory. */
const MAX_BYTES = 4 * 1024 * 1024

/** What STS sends is unknown, but issuers that serve a key set by its own type (RFC 7517) are in use. */
const ACCEPTED = 'application/json, application/jwk-set+json'

/** One GET on a fresh connection, which it uses up. Redirects are answers like any other. */
export function getOver({ socket }: Connection, url: URL): Promise<Answer> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    const outgoing = request({
      createConnection: () => socket,
      path: url.pathname + url.search,
      headers: { host: url.host, accept: ACCEPTED, connection: 'close' },
    })
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      readAll(response).then(
        (body) => resolve({ status: response.statusCode ?? 0, body }),
        (error: unknown) => reject(error as Error),
      )
    })
    outgoing.end()
  })
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) throw new Error('The document is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
