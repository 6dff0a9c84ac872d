import { describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { hostUnknown } from '../../src/core/problems/network.ts'
import { interrupted } from '../../src/core/problems/usage.ts'
import type { Fetched } from '../../src/ports/documents.ts'
import { readBack } from '../../src/workflows/read-back.ts'
import { fastClock } from './small-resources.ts'

const ISSUER = parseIssuer('https://oidc.example.com/blue')
const BODY = '{"keys":[]}\n'
const DOCUMENTS = [{ path: 'keys.json', body: BODY }]
const OK: Fetched = { status: 200, body: BODY }
const UNKNOWN = hostUnknown({ host: 'oidc.example.com' }, false, undefined)

/** Answers one after the other, and the last one from then on. */
function answers(...all: (Fetched | Error)[]) {
  const asked: string[] = []
  const fetch = async (url: string): Promise<Fetched> => {
    asked.push(url)
    const next = all.length > 1 ? all.shift() : all[0]
    if (next instanceof Error) throw next
    return next as Fetched
  }
  return { fetch, asked }
}

test('asks below the issuer, once where the document is there', async () => {
  const { fetch, asked } = answers(OK)
  const clock = fastClock()
  await readBack(ISSUER, DOCUMENTS, { fetch, clock, patience: 60_000 })
  expect(asked).toEqual(['https://oidc.example.com/blue/keys.json'])
  expect(clock.waits).toEqual([])
})

test('waits longer and longer for what is not there yet', async () => {
  const { fetch } = answers({ status: 403, body: '' }, UNKNOWN, { status: 200, body: '{}' }, OK)
  const clock = fastClock()
  await readBack(ISSUER, DOCUMENTS, { fetch, clock, patience: 60_000 })
  expect(clock.waits).toEqual([100, 200, 400])
})

test.each([
  ['403', { status: 403, body: '' }, 'documents/not-public'],
  ['404', { status: 404, body: BODY }, 'documents/not-public'],
  ['500', { status: 500, body: BODY }, 'documents/not-public'],
  ['a redirect', { status: 301, body: '', location: 'https://x.example' }, 'documents/redirected'],
  ['something else', { status: 200, body: '<html>' }, 'documents/wrong-content'],
  ['no answer', UNKNOWN, 'network/dns'],
])('%s: the last problem is the answer when patience is over', async (_name, answer, code) => {
  const { fetch } = answers(answer)
  const clock = fastClock()
  const began = clock.now().getTime()
  const reading = readBack(ISSUER, DOCUMENTS, { fetch, clock, patience: 60_000 })
  await expect(reading).rejects.toMatchObject({ code })
  expect(clock.now().getTime() - began).toBeLessThanOrEqual(60_000)
  expect(Math.max(...clock.waits)).toBe(5_000)
})

test('without patience it asks once', async () => {
  const { fetch, asked } = answers({ status: 403, body: '' })
  const reading = readBack(ISSUER, DOCUMENTS, { fetch, clock: fastClock(), patience: 0 })
  await expect(reading).rejects.toMatchObject({ code: 'documents/not-public' })
  expect(asked).toHaveLength(1)
})

test('an interruption and a bug are no answers', async () => {
  for (const error of [interrupted(), new TypeError('x')]) {
    const { fetch, asked } = answers(error)
    const reading = readBack(ISSUER, DOCUMENTS, { fetch, clock: fastClock(), patience: 60_000 })
    await expect(reading).rejects.toBe(error)
    expect(asked).toHaveLength(1)
  }
})

describe('keys that were removed', () => {
  const left = (...kids: string[]) =>
    JSON.stringify({ keys: kids.map((kid) => ({ kid, e: 'AQAB1' })) })
  const read = (served: string, body: string, without: string[]) =>
    readBack(ISSUER, [{ path: 'keys.json', body, without }], {
      fetch: answers({ status: 200, body: served }).fetch,
      clock: fastClock(),
      patience: 0,
    })

  test('are gone once no key has their kid, whatever else the text says', async () => {
    await expect(read(left('a1b', 'c'), left('a1b'), ['1', 'keys'])).resolves.toBeUndefined()
  })

  test('are named while they are still served', async () => {
    await expect(read(left('a', 'old'), left('a'), ['old'])).rejects.toMatchObject({
      code: 'documents/keys-still-served',
      what: 'https://oidc.example.com/blue/keys.json still serves the key old.',
    })
  })
})
