import type { Issuer } from '../core/issuer.ts'
import {
  documentNotPublic,
  documentRedirected,
  documentWrongContent,
} from '../core/problems/documents.ts'
import { Problem } from '../core/problems/problem.ts'
import { serves } from '../core/served.ts'
import type { AnonymousFetch } from '../ports/documents.ts'
import type { Clock } from '../ports/local.ts'

/** A document as it was written, and the path it has below the issuer. */
export interface Written {
  readonly path: string
  readonly body: string
}

export interface ReadBackContext {
  readonly fetch: AnonymousFetch
  readonly clock: Clock
  /** How long to wait for what is not there yet, in milliseconds. */
  readonly patience: number
}

const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5_000

/**
 * Fetches the documents as a stranger would, side by side, until they are what was written.
 * @throws Problem `documents/…` or `network/…`, what was wrong last, when the patience is over
 */
export async function readBack(
  issuer: Issuer,
  documents: readonly Written[],
  context: ReadBackContext,
): Promise<void> {
  await Promise.all(
    documents.map(({ path, body }) => readUntilServed(`${issuer}/${path}`, body, context)),
  )
}

async function readUntilServed(
  url: string,
  body: string,
  { fetch, clock, patience }: ReadBackContext,
): Promise<void> {
  const deadline = clock.now().getTime() + patience
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const problem = await readOnce(url, body, fetch)
    if (problem === undefined) return
    if (clock.now().getTime() + wait > deadline) throw problem
    await clock.sleep(wait)
  }
}

async function readOnce(
  url: string,
  body: string,
  fetch: AnonymousFetch,
): Promise<Problem | undefined> {
  try {
    const answer = await fetch(url)
    if (answer.status >= 300 && answer.status < 400) return documentRedirected(url, answer.location)
    if (answer.status !== 200) return documentNotPublic(url, answer.status)
    return serves(body, answer.body) ? undefined : documentWrongContent(url, body, answer.body)
  } catch (error) {
    if (error instanceof Problem && error.code !== 'interrupted') return error
    throw error
  }
}
