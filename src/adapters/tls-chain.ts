import { secondOf } from '../core/times.ts'
import type { X509Certificate } from 'node:crypto'
import * as https from 'node:https'
import type { TLSSocket } from 'node:tls'
import { notHttps, type Peer, timedOut, tlsFailed } from '../core/problems/network.ts'
import { Problem } from '../core/problems/problem.ts'
import type {
  PresentedCertificate,
  PresentedServer,
  ReadChain,
  TakesTls12,
} from '../ports/documents.ts'
import { addressOf, hostOf } from './address.ts'
import type { Agents } from './agents.ts'
import {
  type Handshake,
  isNamed,
  judgeChain,
  namesOf,
  sha1Of,
  signersWithin,
} from './chain-trust.ts'
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
    const peer = { host: hostOf(url), via: agents.proxyFor(url) }
    const { host } = addressOf(new URL(url))
    const read = (socket: TLSSocket): PresentedServer => {
      const seen = lookAt(socket, host)
      if (seen.chain.length === 0)
        throw tlsFailed(peer, 'The server presents no certificate', undefined)
      return {
        chain: seen.chain.map(describe),
        trust: judgeChain(seen, roots),
        protocol: socket.getProtocol() ?? 'unknown',
        names: namesOf(seen),
        named: isNamed(seen),
        signedBy: signersWithin(seen.chain),
      }
    }
    return greet(url, { agent: agents.inspecting, peer, timeoutMs, signal }, read)
  }
}

/**
 * What a handshake comes to that the server does not want: mostly an alert, but some load balancers
 * just hang up.
 */
const REFUSALS = new Set(['network/tls', 'network/reset'])

/** Asks servers for TLS 1.2, as somebody who knows nothing newer. */
export function tls12Asker(
  agents: Pick<Agents, 'tls12' | 'proxyFor'>,
  { timeoutMs = 10_000 } = {},
): TakesTls12 {
  return async (url, signal) => {
    const peer = { host: hostOf(url), via: agents.proxyFor(url) }
    try {
      return await greet(url, { agent: agents.tls12, peer, timeoutMs, signal }, () => true)
    } catch (error) {
      if (error instanceof Problem && REFUSALS.has(error.code)) return false
      throw error
    }
  }
}

interface Greeting {
  readonly agent: https.Agent
  readonly peer: Peer
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
}

/** One handshake within its time. @throws Problem `network/…` */
async function greet<T>(
  url: string,
  { agent, peer, timeoutMs, signal }: Greeting,
  look: (socket: TLSSocket) => T,
): Promise<T> {
  const late = () => timedOut(peer, timeoutMs)
  try {
    const work = (stop: AbortSignal) => shakeHands(url, agent, stop, look)
    return await withDeadline(work, { timeoutMs, signal, late })
  } catch (error) {
    throw networkProblem(error, { url, proxy: peer.via }) ?? error
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
  notAfter: secondOf(new Date(certificate.validTo)),
  sha1: sha1Of(certificate),
  notBefore: secondOf(new Date(certificate.validFrom)),
})
