import { describe, expect, test } from 'vitest'
import { connectionRefused, proxyRefused } from '../../src/core/problems/network.ts'
import { type Seen, seen, unseen } from '../../src/core/verify/link.ts'
import type { ProviderSeen } from '../../src/core/verify/sights.ts'
import { dateFindings, expiresSoon } from '../../src/core/verify/tls-dates.ts'
import { provedOf } from '../../src/core/verify/tls-evidence.ts'
import { nameFindings, refusalFinding, remarks } from '../../src/core/verify/tls-identity.ts'
import { isServedByAws, proxyFinding } from '../../src/core/verify/tls-proxy.ts'
import { addressFindings, connectionFinding } from '../../src/core/verify/tls-reach.ts'
import { type ServerSeen, shortName, shownByOpenssl } from '../../src/core/verify/tls-server.ts'
import { shapeFindings, shapeOf } from '../../src/core/verify/tls-shape.ts'
import { thumbprintCounts, thumbprintFinding } from '../../src/core/verify/tls-trust.ts'

const ISSUER = 'https://oidc.example.com'
const NOW = new Date('2026-06-01T00:00:00Z')

/** `leaf` is signed by `ca`, `ca` by `root`; the thumbprint of each is its letter, 40 times. */
const certificate = (letter: string, dates: { from?: string; to?: string } = {}) => ({
  subject: `CN=${letter}`,
  issuer: 'CN=its issuer',
  notBefore: dates.from ?? '2026-01-01T00:00:00Z',
  notAfter: dates.to ?? '2027-01-01T00:00:00Z',
  sha1: letter.repeat(40),
})

/** A server with nothing wrong: leaf and intermediate below a public root, TLS 1.2 and 1.3. */
const server = (fields: Partial<ServerSeen> = {}): ServerSeen => ({
  chain: [certificate('a'), certificate('b')],
  trust: { kind: 'public' },
  protocol: 'TLSv1.3',
  tls12: true,
  names: ['DNS:oidc.example.com'],
  named: true,
  signedBy: [[1], []],
  ...fields,
})

const UNKNOWN: ServerSeen['trust'] = {
  kind: 'untrusted',
  reason: 'It leads nowhere',
  code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
}
const ADDED: ServerSeen['trust'] = { kind: 'added-root', root: 'CN=Ours', sha1: 'c'.repeat(40) }

const ids = (findings: readonly { severity: string; id: string }[]): string[] =>
  findings.map(({ severity, id }) => `${severity} ${id}`)

describe('how a chain is put together', () => {
  const chain = (letters: string) => [...letters].map((letter) => certificate(letter))

  test.each([
    ['a leaf alone', 'a', [[]], { path: [0], repeated: [], strays: [] }],
    ['self-signed', 'a', [[0]], { path: [0], repeated: [], strays: [] }],
    ['in order', 'abc', [[1], [2], [2]], { path: [0, 1, 2], repeated: [], strays: [] }],
    ['in the wrong order', 'acb', [[2], [1], [1]], { path: [0, 2, 1], repeated: [], strays: [] }],
    ['one twice', 'abb', [[1, 2], [], []], { path: [0, 1], repeated: [[2, 1]], strays: [] }],
    ['the leaf twice', 'aab', [[2], [2], []], { path: [0, 2], repeated: [[1, 0]], strays: [] }],
    ['a stranger', 'abx', [[1], [], [2]], { path: [0, 1], repeated: [], strays: [2] }],
    ['a gap', 'ac', [[], [1]], { path: [0], repeated: [], strays: [1] }],
    [
      'a cross signature',
      'abcd',
      [[1], [2], [2, 3], []],
      { path: [0, 1, 2, 3], repeated: [], strays: [] },
    ],
  ])('%s', (_, letters, signedBy, expected) => {
    expect(shapeOf({ chain: chain(letters), signedBy })).toEqual(expected)
  })

  test.each([
    ['in order', 'abc', [[1], [2], [2]], ADDED, []],
    ['a cross-signed root', 'abcd', [[1], [2], [2, 3], []], { kind: 'public' }, []],
    ['wrong order', 'acb', [[2], [1], [1]], { kind: 'public' }, ['high tls/chain-order']],
    ['one twice', 'abb', [[1, 2], [], []], ADDED, ['high tls/chain-duplicate']],
    ['a stranger', 'abx', [[1], [], [2]], ADDED, ['high tls/chain-extra']],
    ['a gap', 'ac', [[], [1]], UNKNOWN, ['high tls/intermediate-missing']],
    [
      'all at once',
      'acbbx',
      [[2, 3], [1], [1], [1], [4]],
      ADDED,
      ['high tls/chain-order', 'high tls/chain-duplicate', 'high tls/chain-extra'],
    ],
  ] as const)('is judged: %s', (_, letters, signedBy, trust, expected) => {
    const findings = shapeFindings(server({ chain: chain(letters), signedBy, trust }), ISSUER)
    expect(ids(findings)).toEqual(expected)
  })

  test('both orders are shown', () => {
    const order = { chain: chain('acb'), signedBy: [[2], [1], [1]] }
    expect(shapeFindings(server(order), ISSUER)[0]).toMatchObject({
      summary: expect.stringContaining('1, 3, 2'),
      why: expect.stringMatching(
        /^presented: CN=a > CN=c > CN=b\nin order: {2}CN=a > CN=b > CN=c$/m,
      ),
    })
  })
})

describe('dates', () => {
  test.each([
    ['13 days of a year', '2025-06-14', '2026-06-14', true],
    ['15 days of a year', '2025-06-16', '2026-06-16', false],
    ['13 days of 90', '2026-03-16', '2026-06-14', true],
    ['30 days of 90', '2026-04-02', '2026-07-01', false],
    ['13 days of 15', '2026-05-30', '2026-06-14', false],
    ['4 days of 6', '2026-05-30', '2026-06-05', false],
    ['1 day of 6', '2026-05-27', '2026-06-02', true],
  ])('%s left: an alarm, %s to %s: %s', (_, from, to, expected) => {
    const dates = { notBefore: `${from}T00:00:00Z`, notAfter: `${to}T00:00:00Z` }
    expect(expiresSoon(dates, NOW)).toBe(expected)
  })

  const old = certificate('b', { from: '2020-01-01T00:00:00Z', to: '2026-05-30T23:00:00Z' })
  const later = certificate('a', { from: '2026-06-01T06:00:00Z' })

  test.each([
    ['nothing wrong', {}, []],
    [
      'an expired intermediate',
      { chain: [certificate('a'), old], trust: UNKNOWN },
      ['high tls/expired'],
    ],
    [
      'one that the chain verifies without',
      { chain: [certificate('a'), old] },
      ['low tls/expired'],
    ],
    ['an expired leaf', { chain: [old] }, ['high tls/expired']],
    ['not yet valid', { chain: [later], trust: UNKNOWN }, ['high tls/not-yet-valid']],
  ] as const)('%s', (_, fields, expected) => {
    const findings = dateFindings({ server: server(fields), issuer: ISSUER, now: NOW })
    expect(ids(findings)).toEqual(expected)
  })

  test('which certificate it is, and since when, is told', () => {
    const chain = [certificate('a'), old]
    const [finding] = dateFindings({ server: server({ chain }), issuer: ISSUER, now: NOW })
    expect(finding?.summary).toBe(
      'Certificate 2 (CN=b) expired on 2026-05-30T23:00:00Z, 25 hours ago',
    )
  })
})

describe('whether thumbprints count', () => {
  const expired = { ...UNKNOWN, code: 'CERT_HAS_EXPIRED' } as const

  test.each([
    ['a public root and TLS 1.2', {}, false],
    ['a public root, and it was not seen whether TLS 1.2 is taken', { tls12: undefined }, false],
    ['a public root and TLS 1.3 alone', { tls12: false }, true],
    ['an added root', { trust: ADDED }, true],
    ['an unknown CA', { trust: UNKNOWN }, true],
    ['an expired chain', { trust: expired }, false],
  ])('%s: %s', (_, fields, expected) => {
    expect(thumbprintCounts(server(fields))).toBe(expected)
  })

  const listing = (...thumbprints: string[]): Seen<ProviderSeen> =>
    seen({ arn: 'arn', account: '1', provider: { audiences: [], thumbprints } })
  const LAST = 'b'.repeat(40)
  const OTHER = 'd'.repeat(40)
  const NONE: Seen<ProviderSeen> = seen({ arn: 'arn', account: '1', provider: undefined })
  const DARK = unseen('no credentials', 'Bring some.')
  const ALONE = { chain: [certificate('b')], signedBy: [[]], trust: UNKNOWN }
  const SELF = { ...ALONE, signedBy: [[0]] }
  const NEW = { tls12: false } as const
  const MEND = { fix: 'Do it', command: 'do it' }

  test.each([
    ['TLS 1.3 alone, listed', NEW, listing(OTHER, LAST), 'info tls/thumbprint-used'],
    ['TLS 1.3 alone, stale', NEW, listing(OTHER), 'high tls/thumbprint-stale'],
    ['TLS 1.3 alone, no provider', NEW, NONE, 'medium tls/tls13-only'],
    ['TLS 1.3 alone, unseen', NEW, DARK, 'medium tls/tls13-only'],
    ['an unknown CA, listed', { trust: UNKNOWN }, listing(LAST), 'info tls/thumbprint-used'],
    ['an unknown CA, stale', { trust: UNKNOWN }, listing(), 'high tls/thumbprint-stale'],
    ['an unknown CA, unseen', { trust: UNKNOWN }, DARK, 'high tls/untrusted'],
    ['an added root, listed', { trust: ADDED }, listing(LAST), 'info tls/thumbprint-used'],
    ['an added root, stale', { trust: ADDED }, listing(OTHER), 'high tls/thumbprint-stale'],
    ['an added root, no provider', { trust: ADDED }, NONE, 'info tls/added-root'],
    ['an added root, unseen', { trust: ADDED }, DARK, 'info tls/added-root'],
    ['a leaf alone, listed', ALONE, listing(LAST), 'info tls/thumbprint-used'],
    ['a leaf alone, stale', ALONE, listing(OTHER), 'high tls/intermediate-missing'],
    ['a leaf alone, unseen', ALONE, DARK, 'high tls/intermediate-missing'],
    ['self-signed, stale', SELF, listing(OTHER), 'high tls/thumbprint-stale'],
    ['self-signed, unseen', SELF, DARK, 'high tls/untrusted'],
  ])('%s', (_, fields, provider, expected) => {
    const about = { issuer: ISSUER, byCluster: false, ours: false, proved: false, mend: MEND }
    const finding = thumbprintFinding({ server: server(fields), provider, ...about })
    expect(`${finding?.severity} ${finding?.id}`).toBe(expected)
    expect(finding?.command).toBe(
      provider === NONE || (finding?.severity === 'high' && provider !== DARK)
        ? 'do it'
        : undefined,
    )
  })

  test.each([
    ['whose irsa.yaml is at hand', { ours: true, proved: false }, 'medium'],
    ['by which STS has just given credentials', { ours: false, proved: true }, 'info'],
  ])('an unknown CA, unseen, of an issuer %s', (_, known, severity) => {
    const about = { issuer: ISSUER, byCluster: false, mend: MEND, provider: DARK, ...known }
    const judged = (fields: object) => thumbprintFinding({ server: server(fields), ...about })
    expect(judged({ trust: UNKNOWN })).toMatchObject({ id: 'tls/untrusted', severity })
    expect(judged(ALONE)).toMatchObject({ id: 'tls/intermediate-missing', severity })
  })

  test('an added root is only warned of where STS has just accepted what it was presented', () => {
    const about = { issuer: ISSUER, byCluster: false, ours: false, proved: true, mend: MEND }
    const judged = (fields: object) =>
      thumbprintFinding({ server: server(fields), provider: listing(OTHER), ...about })
    const finding = judged({ trust: ADDED })
    expect(finding).toMatchObject({ id: 'tls/thumbprint-stale', severity: 'medium' })
    expect(finding.command).toBeUndefined()
    expect(finding.why).toContain('STS has just given credentials')
    expect(judged({ trust: UNKNOWN }).severity).toBe('high')
  })

  test('of an API server its one certificate is as good as any', () => {
    const about = { issuer: ISSUER, byCluster: true, ours: true, proved: false, mend: MEND }
    const finding = thumbprintFinding({ server: server(ALONE), provider: listing(), ...about })
    expect(finding?.id).toBe('tls/thumbprint-stale')
  })

  test.each([
    ['a public root', {}, undefined],
    ['an added root', { trust: ADDED }, 'info'],
    ['an unknown CA', { trust: UNKNOWN }, 'medium'],
    ['an expired chain', { trust: expired }, undefined],
  ])('at a host of AWS something in between is seen: %s', (_, fields, severity) => {
    const issuer = 'https://oidc.s3.eu-west-3.amazonaws.com'
    expect(proxyFinding(server(fields), issuer)?.severity).toBe(severity)
    expect(proxyFinding(server(fields), ISSUER)).toBeUndefined()
  })

  test.each([
    ['oidc.s3.eu-west-3.amazonaws.com', true],
    ['oidc.s3.cn-north-1.amazonaws.com.cn', true],
    ['oidc.s3.eusc-de-east-1.amazonaws.eu', true],
    ['d111111abcdef8.cloudfront.net', true],
    ['oidc.example.com', false],
    ['amazonaws.com.example.com', false],
    ['notamazonaws.com', false],
  ])('%s is a host of AWS: %s', (host, expected) => {
    expect(isServedByAws(host)).toBe(expected)
  })
})

describe('names', () => {
  const wrong = (...names: string[]) => nameFindings(server({ named: false, names }), ISSUER)[0]

  test('a right one is fine', () => {
    expect(nameFindings(server(), ISSUER)).toEqual([])
  })

  test('a wrong one is told with what it should be', () => {
    expect(wrong('DNS:a.example', 'DNS:b.example')).toMatchObject({
      id: 'tls/wrong-name',
      severity: 'high',
      summary: expect.stringContaining('to DNS:a.example, DNS:b.example, not to oidc.example.com'),
    })
  })

  test('a certificate for a hundred hosts is not listed in full', () => {
    const names = Array.from({ length: 100 }, (_, index) => `DNS:${index}.example`)
    expect(wrong(...names)?.summary).toContain('DNS:4.example and 95 more, not to')
  })

  test.each([
    ['DNS:*.com', true],
    ['DNS:*.example.org', false],
  ])('%s is a wildcard that is short of labels: %s', (name, expected) => {
    expect(wrong(name)?.why.includes('one label')).toBe(expected)
  })

  test('what OpenSSL refuses for a reason of its own is passed on', () => {
    const trust = { kind: 'untrusted', reason: 'No CA', code: 'INVALID_CA' } as const
    expect(ids(refusalFinding(server({ trust }), ISSUER))).toEqual(['high tls/chain-invalid'])
    expect(refusalFinding(server(), ISSUER)).toEqual([])
  })
})

describe('remarks', () => {
  test.each([
    ['none on a usual chain', {}, []],
    ['a root that is sent along', { signedBy: [[1], [1]] }, ['info tls/root-sent']],
    [
      'a leaf below an added root',
      { chain: [certificate('a')], signedBy: [[]], trust: ADDED },
      ['info tls/leaf-alone'],
    ],
  ])('%s', (_, fields, expected) => {
    expect(ids(remarks(server(fields)))).toEqual(expected)
  })
})

describe('reach', () => {
  test.each([
    ['a public address', ['192.0.1.1'], []],
    ['no address that is known here', [], []],
    ['a private one', ['10.1.2.3'], ['medium tls/address-closed']],
    ['loopback', ['127.0.0.1', '::1'], ['medium tls/address-closed']],
    ['a public and a private one', ['192.0.1.1', 'fd00::1'], ['low tls/address-closed']],
  ])('%s', (_, addresses, expected) => {
    expect(ids(addressFindings(ISSUER, addresses))).toEqual(expected)
  })

  test.each(['https://10.0.0.1', 'https://[fd00::1]'])('%s cannot mean another host', (issuer) => {
    const host = new URL(issuer).hostname.replace(/^\[|\]$/g, '')
    expect(ids(addressFindings(issuer, [host]))).toEqual(['high tls/address-closed'])
  })

  test('a problem of the server is a finding, one of a proxy is none', () => {
    const refused = connectionFinding(connectionRefused({ host: 'oidc.example.com' }, undefined))
    expect(refused).toMatchObject({
      id: 'tls/refused',
      severity: 'high',
      summary: 'oidc.example.com refused the connection',
    })
    expect(connectionFinding(proxyRefused('http://proxy', 'oidc.example.com', 403))).toBeUndefined()
  })
})

describe('words', () => {
  test.each([
    [
      'https://oidc.example.com/blue',
      'openssl s_client -connect oidc.example.com:443 -servername oidc.example.com -showcerts </dev/null',
    ],
    ['https://192.0.2.1:8443', 'openssl s_client -connect 192.0.2.1:8443 -showcerts </dev/null'],
    [
      'https://$(id).example.com',
      "openssl s_client -connect '$(id).example.com:443' -servername '$(id).example.com' -showcerts </dev/null",
    ],
    ['https://[::1]', "openssl s_client -connect '[::1]:443' -showcerts </dev/null"],
  ])('%s is looked at with %s', (url, command) => {
    expect(shownByOpenssl(url)).toBe(command)
  })

  test.each([
    ['CN=Acme\\, Inc., O=Acme, C=FR', 'CN=Acme\\, Inc.'],
    ['(no name)', '(no name)'],
  ])('%s is called %s', (name, expected) => {
    expect(shortName(name)).toBe(expected)
  })

  test.each([
    [{}, 'public root, TLS 1.3 and 1.2'],
    [{ tls12: false }, 'public root, TLS 1.3 only'],
    [{ tls12: undefined }, 'public root, TLS 1.3'],
    [{ protocol: 'TLSv1.2' }, 'public root, TLS 1.2'],
    [{ trust: ADDED }, 'root added on this machine, TLS 1.3 and 1.2'],
  ])('%j is proved', (fields, expected) => {
    expect(provedOf(server(fields))).toBe(`CN=a until 2027-01-01T00:00:00Z, ${expected}`)
  })
})
