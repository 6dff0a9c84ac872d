import {
  connectionRefused,
  connectionReset,
  hostUnknown,
  notTls,
  timedOut,
  tlsFailed,
  unreachable,
  type Peer,
} from '../core/problems/network.ts'
import { Problem } from '../core/problems/problem.ts'
import { verificationReason } from '../core/tls-reasons.ts'
import { hostOf } from './address.ts'

/** What was being asked when the error came. */
export interface Attempt {
  /** The URL; anything that is not one is shown as it is. */
  readonly url: string
  /** The proxy in between, without its password. */
  readonly proxy?: string | undefined
}

type Translate = (peer: Peer, error: unknown) => Problem

const BY_CODE: Readonly<Record<string, Translate>> = {
  ENOTFOUND: (peer, error) => hostUnknown(peer, false, error),
  EAI_AGAIN: (peer, error) => hostUnknown(peer, true, error),
  ECONNREFUSED: connectionRefused,
  ECONNRESET: connectionReset,
  ECONNABORTED: connectionReset,
  EPIPE: connectionReset,
  ETIMEDOUT: (peer, error) => timedOut(peer, undefined, error),
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  EPROTO: notTls,
}

/** How deep causes and aggregates are followed; a loop of causes must not hang a failing run. */
const MAX_DEPTH = 5

/**
 * What an error of node:net, node:tls, node:http or the AWS SDK's request handler means.
 *
 * Happy Eyeballs (RFC 8305) ends in an AggregateError with one error for each address; the first
 * that is understood speaks for all. A Problem that an agent has raised is handed through.
 *
 * @returns undefined when the error is none of the network's, an abort among them.
 */
export function networkProblem(error: unknown, attempt: Attempt): Problem | undefined {
  return translate(error, { host: hostOf(attempt.url), via: attempt.proxy }, error, MAX_DEPTH)
}

function translate(error: unknown, peer: Peer, whole: unknown, depth: number): Problem | undefined {
  if (!(error instanceof Error) || error.name === 'AbortError' || depth === 0) return undefined
  if (error instanceof Problem) return error.code.startsWith('network/') ? error : undefined
  const found = byCode(codeOf(error), peer, whole) ?? byName(error, peer, whole)
  if (found !== undefined) return found
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [error.cause]
  for (const one of inner) {
    const problem = translate(one, peer, whole, depth - 1)
    if (problem !== undefined) return problem
  }
  return undefined
}

function byCode(code: string, peer: Peer, error: unknown): Problem | undefined {
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code]?.(peer, error)
  const reason = verificationReason(code)
  if (reason !== undefined) return tlsFailed(peer, reason, error)
  return /^ERR_(SSL|TLS)_/.test(code) ? notTls(peer, error) : undefined
}

// The AWS SDK's request handler and AbortSignal.timeout() both say it by name alone.
const byName = (error: Error, peer: Peer, whole: unknown): Problem | undefined =>
  error.name === 'TimeoutError' ? timedOut(peer, undefined, whole) : undefined

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : ''
