import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { asAwsError } from '../errors.ts'
import { readCall, type Call, type Reply } from './call.ts'

/** A server on 127.0.0.1. */
interface Listener {
  readonly port: number
  /** Stops listening and ends every connection, busy ones too. */
  close(): Promise<void>
}

interface ListenOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** PEM; without it the server speaks plain http. */
  readonly tls?: { readonly key: string; readonly cert: string }
  readonly now: () => Date
  /** Answers one request; `drop` cuts the connection instead. */
  readonly answer: (call: Call) => Promise<Reply | 'drop'>
}

/** Starts to listen. @throws what `listen` throws, such as EADDRINUSE */
async function listen(options: ListenOptions): Promise<Listener> {
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response, options)
  }
  // Clients keep connections for minutes; a server that drops them earlier makes them fail at random.
  const server: Server = options.tls
    ? createSecureServer({ ...options.tls, keepAliveTimeout: 120_000 }, handle)
    : createServer({ keepAliveTimeout: 120_000 }, handle)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)))
    socket.on('error', () => socket.destroy())
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => shut(server, sockets) }
}

/** Starts one server or two: both of them, or none. @throws what {@link listen} throws */
export async function listenTogether(
  first: ListenOptions,
  second: ListenOptions | undefined,
): Promise<readonly [Listener, Listener | undefined]> {
  const listener = await listen(first)
  try {
    return [listener, second && (await listen(second))]
  } catch (error) {
    await listener.close()
    throw error
  }
}

async function shut(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  for (const socket of sockets) socket.destroy()
  await closed
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, now, tls }: ListenOptions,
): Promise<void> {
  const about = { id: requestId(), secure: tls !== undefined, at: now() }
  try {
    const reply = await answer(await readCall(request, about))
    if (reply === 'drop') request.socket.destroy()
    else send(response, about.id, reply, request.method === 'HEAD')
  } catch (error) {
    const { status, message } = asAwsError(error)
    send(response, about.id, { status, body: message }, request.method === 'HEAD')
  }
}

function send(
  response: ServerResponse,
  id: string,
  { status, headers, body = '' }: Reply,
  head: boolean,
): void {
  if (response.destroyed) return
  const bytes = Buffer.from(body)
  // RFC 9110 section 8.6: none with 204 and 304.
  const length = status === 204 || status === 304 ? {} : { 'content-length': bytes.length }
  response.writeHead(status, {
    'x-amzn-requestid': id,
    'x-amz-request-id': id,
    'x-amz-id-2': id,
    ...length,
    ...headers,
  })
  response.end(head ? undefined : bytes)
}

const requestId = (): string => randomBytes(8).toString('hex').toUpperCase()
