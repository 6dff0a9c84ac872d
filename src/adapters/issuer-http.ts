import type { ClientRequest, IncomingMessage } from 'node:http'
import * as https from 'node:https'
import { answerTooLarge, notHttps, timedOut } from '../core/problems/network.ts'
import type { AnonymousFetch, Fetched } from '../ports/documents.ts'
import { hostOf } from './address.ts'
import type { Agents } from './agents.ts'
import { withDeadline } from './deadline.ts'
import { networkProblem } from './network-errors.ts'

/**
 * Neither compression nor cookies nor credentials: what STS gets is what a stranger gets. A
 * kube-apiserver answers 406 to whoever takes plain JSON only, since its key set is a JWK Set
 * (kubernetes pkg/routes/openidmetadata.go; RFC 7517 section 8.5.2).
 */
const HEADERS = {
  'user-agent': 'irsa',
  accept: 'application/json, application/jwk-set+json',
  'accept-encoding': 'identity',
}

/**
 * Fetches as a stranger does.
 *
 * @param timeoutMs from the first packet to the last byte; STS gives up on an issuer after 5 s
 * @param maxBytes of the body; a key set of a hundred keys has some 60 000
 */
export function anonymousFetch(
  agents: Pick<Agents, 'anonymous' | 'proxyFor'>,
  { timeoutMs = 5000, maxBytes = 1024 * 1024 } = {},
): AnonymousFetch {
  return async (url, signal) => {
    if (!url.startsWith('https://') || !URL.canParse(url)) throw notHttps(url)
    const proxy = agents.proxyFor(url)
    const late = () => timedOut({ host: hostOf(url), via: proxy }, timeoutMs)
    try {
      return await withDeadline((stop) => get(url, agents.anonymous, maxBytes, stop), {
        timeoutMs,
        signal,
        late,
      })
    } catch (error) {
      throw networkProblem(error, { url, proxy }) ?? error
    }
  }
}

async function get(
  url: string,
  agent: https.Agent,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Fetched> {
  const request = https.get(url, { agent, headers: HEADERS, signal })
  try {
    const response = await answerTo(request)
    const { statusCode = 0, headers } = response
    const body = await bodyOf(response, url, maxBytes)
    return {
      status: statusCode,
      body,
      location: headers.location,
      contentType: headers['content-type'],
      cacheControl: headers['cache-control'],
    }
  } catch (error) {
    // The server closed a kept connection just when it was used again: that says nothing about it.
    if (request.reusedSocket && isReset(error)) return get(url, agent, maxBytes, signal)
    throw error
  }
}

const answerTo = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on('error', reject)
    request.once('response', resolve)
  })

async function bodyOf(response: IncomingMessage, url: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    // Leaving the loop by an error destroys the response, and with it the connection.
    if (length > maxBytes) throw answerTooLarge(url, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const isReset = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
