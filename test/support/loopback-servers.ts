import { once } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import * as net from 'node:net'
import type { TlsOptions } from 'node:tls'

/** A server of a test, closed with everything on it when the test's scope ends. */
export interface Listening extends AsyncDisposable {
  readonly port: number
}

/** Listens on a port of loopback that the system chooses. */
export async function listen(server: net.Server, host = '127.0.0.1'): Promise<Listening> {
  const sockets = new Set<net.Socket>()
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, host)
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** An https server on loopback. */
export const serveTls = (
  options: TlsOptions,
  listener: http.RequestListener = (_, response) => void response.end('{}'),
  host?: string,
): Promise<Listening> => listen(https.createServer(options, listener), host)

export interface ProxyWish {
  /** `user:password` that callers must give. */
  readonly credentials?: string
  /** What every CONNECT is answered, instead of a tunnel. */
  readonly refuseWith?: number
  /** The port that every tunnel ends at, instead of the one that was asked for. */
  readonly everythingAt?: number
  /** For a proxy that is itself reached over TLS. */
  readonly tls?: TlsOptions
}

/** A proxy that knows CONNECT; whatever name it is asked for, it connects to loopback. */
export async function connectProxy({ credentials, refuseWith, everythingAt, tls }: ProxyWish = {}) {
  const seen: string[] = []
  const server = tls === undefined ? http.createServer() : https.createServer(tls)
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`
  server.on('connect', (request: http.IncomingMessage, socket: net.Socket) => {
    seen.push(request.url ?? '')
    socket.on('error', () => socket.destroy())
    const stranger = expected !== undefined && request.headers['proxy-authorization'] !== expected
    const status = refuseWith ?? (stranger ? 407 : 200)
    if (status !== 200) return socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)
    const port = everythingAt ?? Number(/\d+$/.exec(request.url ?? '')?.[0])
    const target = net.connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    socket.once('close', () => target.destroy())
    return target.on('error', () => socket.destroy())
  })
  return { ...(await listen(server)), seen }
}
