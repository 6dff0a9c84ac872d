import * as http from 'node:http'
import * as https from 'node:https'

export interface Question {
  readonly method?: string
  /** Sent as JSON. */
  readonly body?: unknown
  /** A bearer token. */
  readonly token?: string
  /** PEM of the only authorities to trust. */
  readonly authority?: string
  /** To see whether a server is there, whatever its certificate is worth. */
  readonly unverified?: boolean
}

export interface Answer {
  readonly status: number
  readonly body: string
  // oxlint-disable-next-line typescript/no-explicit-any -- documents are looked at field by field
  json(): any
}

/** One request on a connection of its own, so that no server that is gone is asked again. */
export function ask(url: string, question: Question = {}): Promise<Answer> {
  const { method = 'GET', body, token, authority, unverified = false } = question
  const { request } = url.startsWith('https:') ? https : http
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  }
  return new Promise((resolve, reject) => {
    const trust = { ca: authority, rejectUnauthorized: !unverified }
    const options = { method, headers, agent: false, timeout: 30_000, ...trust }
    const asked = request(url, options, (response) => {
      const whole = response.toArray().then((chunks) => Buffer.concat(chunks).toString())
      whole.then((text) => resolve(answer(response.statusCode ?? 0, text)), reject)
    })
    asked.on('error', reject)
    asked.on('timeout', () => asked.destroy(new Error(`no answer from ${url}`)))
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

const answer = (status: number, body: string): Answer => ({
  status,
  body,
  json: () => JSON.parse(body),
})
