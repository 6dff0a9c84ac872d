import { describe, expect, test } from 'vitest'
import { discoveryDocument } from '../../src/core/discovery.ts'
import { type Issuer, parseIssuer } from '../../src/core/issuer.ts'
import { timedOut } from '../../src/core/problems/network.ts'
import { judgeAnswer } from '../../src/core/verify/answer.ts'
import { judgeCaching } from '../../src/core/verify/cache-control.ts'
import { judgeAlgorithms, judgeDiscovery } from '../../src/core/verify/discovery.ts'
import type { Answered } from '../../src/core/verify/document.ts'
import { fetchableKeySetUrl } from '../../src/core/verify/key-set-url.ts'
import { silence } from '../../src/core/verify/silence.ts'
import { quoted } from '../../src/core/verify/escaped.ts'
import { ELSEWHERE, IN_BUCKET } from '../support/document-places.ts'

const ISSUER: Issuer = parseIssuer('https://oidc.example.com/blue')
const OURS = { ...discoveryDocument(ISSUER, ['RS256']) }
const found = (members: object, place = IN_BUCKET): readonly string[] =>
  judgeDiscovery({ ...OURS, ...members }, ISSUER, place).map(
    ({ id, severity }) => `${severity} ${id}`,
  )

test('the document that irsa writes has nothing to complain about', () => {
  expect(found({})).toEqual([])
})

test.each([
  [{ issuer: undefined }, ['high discovery/issuer-missing']],
  [{ issuer: '' }, ['high discovery/issuer-missing']],
  [{ issuer: [ISSUER] }, ['high discovery/issuer-missing']],
  [{ issuer: `${ISSUER}/` }, ['high discovery/issuer-differs']],
  [{ jwks_uri: undefined }, ['high discovery/jwks-uri-missing']],
  [{ jwks_uri: '' }, ['high discovery/jwks-uri-missing']],
  [{ jwks_uri: null }, ['high discovery/jwks-uri-missing']],
  [{ jwks_uri: 'http://oidc.example.com/keys.json' }, ['high discovery/jwks-uri-not-https']],
  [{ jwks_uri: 'keys.json' }, ['high discovery/jwks-uri-relative']],
  [{ jwks_uri: '//oidc.example.com/keys.json' }, ['high discovery/jwks-uri-relative']],
  [{ jwks_uri: 'https://' }, ['high discovery/jwks-uri-invalid']],
  [{ jwks_uri: 'file:///keys.json' }, ['high discovery/jwks-uri-invalid']],
  [{ jwks_uri: ' https://oidc.example.com/keys' }, ['high discovery/jwks-uri-relative']],
  [{ jwks_uri: 'https://oidc.example.com/keys\n' }, ['high discovery/jwks-uri-invalid']],
  [{ jwks_uri: 'https://keys.example.com/' }, ['medium discovery/jwks-uri-other-host']],
  [{ jwks_uri: 'https://oidc.example.com:8443/' }, ['medium discovery/jwks-uri-other-host']],
  [{ jwks_uri: 'https://oidc.example.com/openid/v1/jwks' }, []],
  [{ response_types_supported: undefined }, ['high discovery/member-missing']],
  [{ response_types_supported: 'id_token' }, ['high discovery/member-missing']],
  [{ subject_types_supported: ['pairwise'] }, ['high discovery/member-missing']],
  [{ id_token_signing_alg_values_supported: null }, ['high discovery/member-missing']],
  [{ claims_supported: undefined }, ['info discovery/claims']],
  [{ claims_supported: ['iss', 'sub'] }, ['info discovery/claims']],
])('with %j it comes to %j', (members, ids) => {
  expect(found(members)).toEqual(ids)
})

test('no command is made up where the document cannot be changed from here', () => {
  const [finding] = judgeDiscovery({ ...OURS, issuer: 'x' }, ISSUER, ELSEWHERE)
  expect(finding).toMatchObject({ fix: 'Put it right.' })
  expect(finding?.command).toBeUndefined()
})

test('another issuer is removed before irsa writes its own', () => {
  const [finding] = judgeDiscovery({ ...OURS, issuer: 'x' }, ISSUER, IN_BUCKET)
  expect(finding?.command).toBe(`${IN_BUCKET.remove} && irsa apply`)
})

test.each([
  [['RS256'], []],
  [[], []],
  [['ES256', 'RS256'], ['ES256']],
])('keys for %j are held against the listed algorithms', (algs, missing) => {
  const findings = judgeAlgorithms(OURS, algs, IN_BUCKET)
  expect(findings.length).toBe(missing.length === 0 ? 0 : 1)
  for (const alg of missing) expect(findings[0]?.summary).toContain(alg)
})

test.each([
  [{ jwks_uri: 'https://a.example/keys' }, 'https://a.example/keys'],
  [{ jwks_uri: 'http://a.example/keys' }, undefined],
  [{}, undefined],
  [undefined, undefined],
])('of %j the key set can be fetched from %j', (document, url) => {
  expect(fetchableKeySetUrl(document)).toBe(url)
})

test.each([
  [undefined, 'low'],
  ['', 'low'],
  ['no-cache', 'medium'],
  ['No-Store, must-revalidate', 'medium'],
  ['max-age=0', 'medium'],
  ['public, max-age=300, s-maxage=0', 'medium'],
  ['public, max-age=300', undefined],
  ['public, max-age=3600', undefined],
  ['max-age="86400"', undefined],
  ['public, max-age=86401', 'low'],
  ['public', undefined],
  ['max-age=nonsense', undefined],
])('Cache-Control %j is %j', (header, severity) => {
  expect(judgeCaching('jwks', header, IN_BUCKET)[0]?.severity).toBe(severity)
})

const answered = (members: Partial<Answered>): Answered => ({
  kind: 'answered',
  url: `${ISSUER}/.well-known/openid-configuration`,
  status: 200,
  body: '{}',
  contentType: 'application/json',
  cacheControl: 'public, max-age=300',
  milliseconds: 20,
  verified: true,
  ...members,
})

describe('an answer', () => {
  test.each([
    [{}, []],
    [{ contentType: 'application/json; charset=utf-8' }, []],
    [{ contentType: 'application/jwk-set+json' }, []],
    [{ contentType: 'text/plain' }, ['info discovery/content-type']],
    [{ contentType: undefined }, ['info discovery/content-type']],
    [{ milliseconds: 2501 }, ['medium discovery/slow']],
    [{ body: '' }, ['high discovery/empty']],
    [{ body: ' \n' }, ['high discovery/empty']],
    [{ body: '\uFEFF{}' }, ['high discovery/byte-order-mark']],
    [{ body: '\n <!DOCTYPE html>' }, ['high discovery/html']],
    [{ body: '<?xml version="1.0"?><Error/>' }, ['high discovery/html']],
    [{ body: '{' }, ['high discovery/not-json']],
    [{ body: '"text"' }, ['high discovery/not-object']],
    [{ body: 'null' }, ['high discovery/not-object']],
    [{ body: '\u001F\uFFFD\b' }, ['high discovery/compressed']],
    [{ status: 301, location: 'https://a.example/' }, ['high discovery/redirect']],
    [{ status: 304 }, ['high discovery/redirect']],
    [{ status: 401 }, ['high discovery/not-public']],
    [{ status: 403 }, ['high discovery/not-public']],
    [{ status: 404 }, ['high discovery/missing']],
    [{ status: 500, body: '<html>' }, ['high discovery/status']],
    [{ status: 206 }, ['high discovery/status']],
  ] as const)('%j comes to %j', (members, ids) => {
    const { findings } = judgeAnswer('discovery', answered(members), IN_BUCKET)
    expect(findings.map(({ id, severity }) => `${severity} ${id}`)).toEqual(ids)
  })

  test('of an API server that refuses strangers has the command that lets them in', () => {
    const place = { ...ELSEWHERE, open: 'kubectl create clusterrolebinding x' }
    const { findings } = judgeAnswer('jwks', answered({ status: 403 }), place)
    expect(findings[0]?.command).toBe(place.open)
  })

  test('that never came is a timeout', () => {
    const problem = timedOut({ host: 'oidc.example.com' }, 5000)
    expect(silence('jwks', 'https://oidc.example.com/x', problem)).toMatchObject({
      id: 'jwks/timeout',
      severity: 'high',
    })
  })
})

test.each([
  ['plain text', '"plain text"'],
  ['\u001B[31mred', '"\\u001b[31mred"'],
  ['\u202Eabc', '"\\u202eabc"'],
  ['x'.repeat(130), `"${'x'.repeat(120)}…"`],
])('%j is quoted as %s', (text, shown) => {
  expect(quoted(text)).toBe(shown)
})
