import * as http from 'node:http'
import * as https from 'node:https'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext } from 'node:tls'
import { authority } from './address.ts'
import { loopbackLookup } from './loopback-lookup.ts'
import { proxyFor, shownProxy } from './proxy-choice.ts'
import { openTunnel } from './proxy-tunnel.ts'
import { checkIdentity } from './server-identity.ts'
import type { Env, TrustedRoots } from './trusted-roots.ts'

/**
 * Every connection of a run goes through one of these. What is idle keeps no process alive; a proxy
 * that has not answered yet does, until `close`.
 */
export interface Agents {
  /** For the AWS SDK's NodeHttpHandler: `httpAgent` and `httpsAgent`. */
  readonly aws: { readonly http: http.Agent; readonly https: https.Agent }
  /** For requests as a stranger makes them: TLS is always verified, whatever the environment says. */
  readonly anonymous: https.Agent
  /** For looking at certificates: accepts any of them, and never resumes a session. */
  readonly inspecting: https.Agent
  /** The same as a client that knows TLS 1.2 and nothing newer. */
  readonly tls12: https.Agent
  /** The proxy that a URL is reached through, without its password. */
  readonly proxyFor: (url: string) => string | undefined
  /** Ends every connection, those included that still wait for a proxy. */
  readonly close: () => void
}

type Connect = https.Agent['createConnection']
type Context = () => SecureContext | undefined

/**
 * Both address families are tried in turn (RFC 8305), and Node gives each 250 ms, which is less
 * than a handshake takes across an ocean and a VPN.
 */
const COMMON = { lookup: loopbackLookup, autoSelectFamilyAttemptTimeout: 1000 }
const KEPT = { ...COMMON, keepAlive: true }
const TLS = { checkServerIdentity: checkIdentity }
// A resumed session brings no certificates along, so none is kept.
const LOOKING = { ...COMMON, ...TLS, maxCachedSessions: 0, rejectUnauthorized: false }

/** Without any roots, which take long to parse: nothing is verified with it. */
const onlyTls12 = (): SecureContext =>
  createSecureContext({ ca: [], minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' })

/**
 * Makes the agents. Nothing is connected, read or parsed before the first request; then Problem
 * `network/proxy-invalid`, `network/proxy` or `network/ca-bundle-unreadable` is the request's error.
 *
 * Node's own NODE_USE_ENV_PROXY touches the global agent only, so no request is proxied twice.
 */
export function makeAgents({ env, roots }: { env: Env; roots: TrustedRoots }): Agents {
  const waiting = new Set<() => void>()
  const through = <A extends http.Agent>(agent: A, scheme: Scheme, context: Context): A =>
    reroute(agent, scheme, { env, context, proxyContext: roots.forAnybody, waiting })
  const aws = {
    http: through(new http.Agent(KEPT), 'http:', roots.forAws),
    https: through(new https.Agent({ ...KEPT, ...TLS }), 'https:', roots.forAws),
  }
  const verifying = new https.Agent({ ...KEPT, ...TLS, rejectUnauthorized: true })
  const anonymous = through(verifying, 'https:', roots.forAnybody)
  const inspecting = through(new https.Agent(LOOKING), 'https:', roots.forAnybody)
  const tls12 = through(new https.Agent(LOOKING), 'https:', onlyTls12)
  return {
    aws,
    anonymous,
    inspecting,
    tls12,
    proxyFor: (url) => {
      const proxy = proxyFor(new URL(url), env)
      return proxy === undefined ? undefined : shownProxy(proxy)
    },
    close: () => {
      for (const giveUp of waiting) giveUp()
      for (const agent of [aws.http, aws.https, anonymous, inspecting, tls12]) agent.destroy()
    },
  }
}

type Scheme = 'http:' | 'https:'

interface Route {
  readonly env: Env
  readonly context: Context
  readonly proxyContext: Context
  /** What gives up each tunnel that is not there yet. */
  readonly waiting: Set<() => void>
}

/**
 * Lets an agent of Node's own connect through the proxy of each URL. Its pool, its TLS sessions and
 * its keep-alive stay what they are; only where the bytes go is decided here.
 */
function reroute<A extends http.Agent>(agent: A, scheme: Scheme, route: Route): A {
  const direct: Connect = agent.createConnection.bind(agent)
  const createConnection: Connect = (options, callback) => {
    const done = callback as (error: Error | null, socket?: Duplex | null) => void
    try {
      const target = authority(options.host ?? 'localhost', Number(options.port))
      const proxy = proxyFor(new URL(`${scheme}//${target}`), route.env)
      const secure = scheme === 'http:' ? options : { ...options, ...trust(route.context()) }
      if (proxy === undefined) return direct(secure)
      const giveUp = openTunnel(proxy, target, route.proxyContext, (error, socket) => {
        route.waiting.delete(giveUp)
        if (socket === undefined || scheme === 'http:') return done(error, socket)
        // Node's types leave out that an agent hands all its options to tls.connect().
        return done(null, direct({ ...secure, socket } as https.RequestOptions))
      })
      route.waiting.add(giveUp)
    } catch (error) {
      done(error as Error)
    }
    return undefined
  }
  return Object.assign(agent, { createConnection })
}

const trust = (context: SecureContext | undefined): { secureContext?: SecureContext } =>
  context === undefined ? {} : { secureContext: context }
