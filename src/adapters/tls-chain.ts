import type { X509Certificate } from 'node:crypto'
import * as https from 'node:https'
import type { TLSSocket } from 'node:tls'
import { notHttps, timedOut, tlsFailed } from '../core/problems/network.ts'
import type { PresentedCertificate, PresentedChain, ReadChain } from '../ports/documents.ts'
import { addressOf, hostOf } from './address.ts'
import type { Agents } from './agents.ts'
import { judgeChain, sha1Of, type Handshake } from './chain-trust.ts'
import { withDeadline } from './deadline.ts'
import { oneLine } from './distinguished-name.ts'
import { networkProblem } from './network-errors.ts'
import type { TrustedRoots } from './trusted-roots.ts'

/** Reads and judges chains; only TLS is spoken, no HTTP request is sent. */
export function chainReader(
  agents: Pick<Agents, 'inspecting' | 'proxyFor'>,
  roots: TrustedRoots,
  { timeoutMs = 10_000 } = {},
): ReadChain {
  return async (url, signal) => {
    if (!/^https:/i.test(url) || !URL.canParse(url)) throw notHttps(url)
    const proxy = agents.proxyFor(url)
    const peer = { host: hostOf(url), via: proxy }
    const { host } = addressOf(new URL(url))
    const read = (socket: TLSSocket): PresentedChain => {
      const seen = lookAt(socket, host)
      if (seen.chain.length === 0)
        throw tlsFailed(peer, 'The server presents no certificate', undefined)
      return { chain: seen.chain.map(describe), trust: judgeChain(seen, roots) }
    }
    const late = () => timedOut(peer, timeoutMs)
    try {
      const work = (stop: AbortSignal) => shakeHands(url, agents.inspecting, stop, read)
      return await withDeadline(work, { timeoutMs, signal, late })
    } catch (error) {
      throw networkProblem(error, { url, proxy }) ?? error
    }
  }
}

/** Connects, looks, and hangs up. Nothing is sent after the handshake: the request is never ended. */
const shakeHands = <T>(
  url: string,
  agent: https.Agent,
  signal: AbortSignal,
  look: (socket: TLSSocket) => T,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const request = https.request(url, { agent, signal })
    request.on('error', reject)
    request.once('socket', (socket: TLSSocket) => {
      socket.once('secureConnect', () => {
        try {
          resolve(look(socket))
        } catch (error) {
          reject(error)
        }
        request.destroy()
      })
    })
  })

/**
 * The presented certificates in the order of the wire. `getPeerCertificate(true)` alone will not
 * do: it appends the root of the local store, whose thumbprint is not the one that IAM computes.
 * It has to be asked first, though, since `getPeerX509Certificate()` takes the chain off the
 * connection and leaves nothing for a second call (seen with Node 20).
 */
function lookAt(socket: TLSSocket, host: string): Handshake {
  const completed = socket.getPeerCertificate(true)
  const chain: X509Certificate[] = []
  let next = socket.getPeerX509Certificate()
  while (next !== undefined) {
    chain.push(next)
    next = next.issuerCertificate
  }
  // Typed as an Error, but what Node keeps is the code alone.
  const fault = socket.authorized ? undefined : String(socket.authorizationError)
  return { host, fault, chain, completed }
}

const describe = (certificate: X509Certificate): PresentedCertificate => ({
  subject: oneLine(certificate.subject),
  issuer: oneLine(certificate.issuer),
  notAfter: new Date(certificate.validTo).toISOString().replace('.000Z', 'Z'),
  sha1: sha1Of(certificate),
})
