import { parseDiscovery } from '../core/discovery.ts'
import { DISCOVERY_PATH, type Issuer } from '../core/issuer.ts'
import { jsonIn } from '../core/json.ts'
import { entriesOf, isObject } from '../core/jwk.ts'
import { parseKeySet } from '../core/key-set.ts'
import {
  discoveryMismatch,
  documentNotPublic,
  documentRedirected,
  documentWrongContent,
  keysStillServed,
} from '../core/problems/documents.ts'
import { Problem } from '../core/problems/problem.ts'
import { serves } from '../core/served.ts'
import type { AnonymousFetch } from '../ports/documents.ts'
import type { Clock } from '../ports/local.ts'

/** A document as it was written, and the path it has below the issuer. */
export interface Written {
  readonly path: string
  readonly body: string
  /** Of a key set: the kids of keys that must not be served any more. */
  readonly without?: readonly string[]
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
    documents.map((written) => readUntilServed(`${issuer}/${written.path}`, written, context)),
  )
}

async function readUntilServed(
  url: string,
  written: Written,
  { fetch, clock, patience }: ReadBackContext,
): Promise<void> {
  const deadline = clock.now().getTime() + patience
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    const problem = await readOnce(url, written, fetch)
    if (problem === undefined) return
    if (clock.now().getTime() + wait > deadline) throw problem
    await clock.sleep(wait)
  }
}

async function readOnce(
  url: string,
  { body, without = [] }: Written,
  fetch: AnonymousFetch,
): Promise<Problem | undefined> {
  try {
    const served = await get(url, fetch)
    if (!serves(body, served)) return documentWrongContent(url, body, served)
    const kids = kidsIn(served)
    const left = without.filter((kid) => kids.includes(kid))
    return left.length === 0 ? undefined : keysStillServed(url, left)
  } catch (error) {
    if (error instanceof Problem && error.code !== 'interrupted') return error
    throw error
  }
}

const kidsIn = (keySet: string): readonly unknown[] =>
  (entriesOf(jsonIn(keySet)) ?? []).filter(isObject).map(({ kid }) => kid)

async function get(url: string, fetch: AnonymousFetch): Promise<string> {
  const { status, location, body } = await fetch(url)
  if (status >= 300 && status < 400) throw documentRedirected(url, location)
  if (status !== 200) throw documentNotPublic(url, status)
  return body
}

/**
 * Reads the documents of an issuer that somebody else publishes, once: a discovery document that
 * speaks for it, byte for byte, and the key set that it names.
 * @throws Problem `documents/…` or `network/…`
 */
export async function readForeignDocuments(issuer: Issuer, fetch: AnonymousFetch): Promise<void> {
  const url = `${issuer}/${DISCOVERY_PATH}`
  const { issuer: named, keySetUrl } = parseDiscovery(await get(url, fetch), url)
  if (named !== issuer) throw discoveryMismatch(url, issuer, named)
  if (keySetUrl === undefined) throw discoveryMismatch(url, 'a jwks_uri', keySetUrl)
  parseKeySet(await get(keySetUrl, fetch), keySetUrl)
}
