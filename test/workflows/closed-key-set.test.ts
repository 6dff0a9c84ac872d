import { describe, expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { keySetUrlClosed } from '../../src/core/verify/key-set-url.ts'
import type { AnonymousFetch } from '../../src/ports/documents.ts'
import { seeKeySet } from '../../src/workflows/verify/see-documents.ts'
import { ELSEWHERE } from '../support/document-places.ts'

const ISSUER = 'https://oidc.example.com'

const RESOLVED: Readonly<Record<string, readonly string[]>> = {
  'oidc.example.com': ['18.66.2.1'],
  'keys.example.com': ['18.66.2.2'],
  'inside.example.com': ['10.0.0.8'],
  'oidc.inside.test': ['10.0.0.9'],
  'both.example.com': ['10.0.0.8', '18.66.2.2'],
  'api.localhost': ['127.0.0.1', '::1'],
}

/** What is asked for a key set at a URL, with a discovery document that was read. */
async function askedFor(jwks_uri: string, { issuer = ISSUER, env = {} } = {}) {
  const asked: string[] = []
  const fetch: AnonymousFetch = async (url) => {
    asked.push(url)
    return { status: 200, headers: {}, body: '{}' } as never
  }
  const walk = {
    world: {
      fetch,
      peek: fetch,
      options: {},
      env,
      clock: { now: () => new Date(0) },
      addressesOf: async (host: string) => RESOLVED[host] ?? [host],
    },
    given: { issuer: parseIssuer(issuer), file: undefined },
    sights: {
      discovery: async () => ({
        kind: 'answered',
        status: 200,
        body: JSON.stringify({ jwks_uri }),
      }),
    },
  }
  const { kind } = await seeKeySet(walk as never)
  return { asked, kind }
}

describe('a key set that the internet does not get', () => {
  test.each([
    'https://127.0.0.1/keys',
    'https://2130706433/keys',
    'https://[::1]:8443/keys',
    'https://[::ffff:169.254.169.254]/latest/meta-data',
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/keys',
    'https://192.168.1.1/keys',
    'https://api.localhost/keys',
    'https://inside.example.com/keys',
  ])('is not asked for: %s', async (url) => {
    expect(await askedFor(url)).toEqual({ asked: [], kind: 'unseen' })
  })

  test.each([
    ['on the host of the issuer', `${ISSUER}/keys`, {}],
    ['on another one', 'https://keys.example.com/keys', {}],
    ['on one that also has a public address', 'https://both.example.com/keys', {}],
    [
      'beside an issuer that is as closed',
      'https://10.0.0.1/k',
      { issuer: 'https://oidc.inside.test' },
    ],
    ['with an emulator', 'https://127.0.0.1/keys', { env: { AWS_ENDPOINT_URL: 'http://x' } }],
  ])('is asked for %s', async (_, url, surroundings) => {
    expect(await askedFor(url, surroundings)).toEqual({ asked: [url], kind: 'seen' })
  })
})

describe('the finding', () => {
  test('is sure of an address', () => {
    expect(keySetUrlClosed('https://[::1]/keys', ['::1'], ELSEWHERE)).toMatchObject({
      id: 'discovery/jwks-uri-closed',
      severity: 'high',
      summary: 'The key set is to be fetched from "::1", which is ::1 (loopback)',
    })
  })

  test('knows that a name may resolve to something else elsewhere', () => {
    const found = keySetUrlClosed('https://inside.example.com/keys', ['10.0.0.8'], ELSEWHERE)
    expect(found).toMatchObject({ severity: 'medium', why: expect.stringContaining('elsewhere') })
  })
})
