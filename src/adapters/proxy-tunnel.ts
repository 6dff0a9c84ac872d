import * as http from 'node:http'
import * as https from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { proxyRefused, proxyUnreachable, timedOut } from '../core/problems/network.ts'
import { loopbackLookup } from './loopback-lookup.ts'
import { addressOf } from './address.ts'
import { networkProblem } from './network-errors.ts'
import { shownProxy } from './proxy-choice.ts'
import { checkIdentity } from './server-identity.ts'

/** A proxy answers CONNECT only when it has reached the target, so it gets longer than a server. */
const PROXY_TIMEOUT_MS = 10_000

/** Called once: with a socket, or with a Problem. */
export type Opened = (error: Error | null, socket?: Socket) => void

/**
 * Opens a tunnel through a proxy with CONNECT (RFC 9110 section 9.3.6), with Basic credentials
 * where the proxy's URL carries them. Fails with Problem `network/proxy`, which tells the proxy's
 * status when it refuses.
 *
 * @param target host and port as CONNECT names them
 * @param secureContext what is trusted where the proxy itself is reached over TLS
 * @returns gives up waiting for the proxy, to be called before it has answered
 */
export function openTunnel(
  proxy: URL,
  target: string,
  secureContext: () => SecureContext | undefined,
  opened: Opened,
): () => void {
  const name = shownProxy(proxy)
  const request = askFor(proxy, target, secureContext)
  const timer = setTimeout(() => {
    request.destroy(timedOut({ host: proxy.host }, PROXY_TIMEOUT_MS))
  }, PROXY_TIMEOUT_MS)
  request.once('error', (error) => {
    clearTimeout(timer)
    opened(unusable(name, target, error))
  })
  request.once('connect', ({ statusCode = 0 }, socket: Socket, head) => {
    clearTimeout(timer)
    if (statusCode >= 200 && statusCode < 300) {
      if (head.length > 0) socket.unshift(head)
      opened(null, socket)
    } else {
      socket.destroy()
      opened(proxyRefused(name, target, statusCode))
    }
  })
  request.end()
  return () => void request.destroy()
}

function askFor(
  proxy: URL,
  target: string,
  secureContext: () => SecureContext | undefined,
): http.ClientRequest {
  const { host, port } = addressOf(proxy)
  const options = {
    host,
    port,
    method: 'CONNECT',
    path: target,
    headers: { host: target, 'user-agent': 'irsa', ...authorization(proxy) },
    agent: false,
    lookup: loopbackLookup,
  } as const
  if (proxy.protocol === 'http:') return http.request(options)
  const context = secureContext()
  // Node would take the name for SNI from the Host header, which names the target.
  const servername = isIP(host) === 0 ? host : ''
  const trust = context === undefined ? {} : { secureContext: context }
  return https.request({ ...options, servername, checkServerIdentity: checkIdentity, ...trust })
}

function authorization({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
}

function unusable(name: string, target: string, error: Error): Error {
  const why = networkProblem(error, { url: name })?.what ?? error.message
  return proxyUnreachable(name, target, why, error)
}
