import { expect, test } from 'vitest'
import { changesBetween } from '../../src/core/verify/changes.ts'
import { looked, skipped, unseen } from '../../src/core/verify/link.ts'
import { assertNoSecrets, withoutSecrets } from '../../src/core/secrets.ts'
import { shareable } from '../../src/core/verify/shareable.ts'
import { chainOf, EVERYTHING, KID_MISSING, NO_CACHE } from '../support/verifications.ts'

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2EifQ.${'c2ln'.repeat(20)}`
const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nAAAA\n-----END RSA PRIVATE KEY-----'
const MEMBER = 'X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH'

test.each([
  { name: 'a token', text: `token: ${TOKEN}.`, left: 'token: [a token, left out].' },
  { name: 'an unsigned one', text: 'eyJhbGciOiJub25lIn0.eyJhIjoxfQ.', left: '[a token, left out]' },
  { name: 'a JWE', text: `eyJhbGciOiJSU0EifQ.a-b.c_d.e.f x`, left: '[a token, left out] x' },
  { name: 'a private key', text: `a\n${PEM}\nb`, left: 'a\n[a private key, left out]\nb' },
  { name: 'half of one', text: PEM.slice(0, 40), left: '[a private key, left out]' },
  {
    name: 'a private member',
    text: `{"kty":"RSA","d" : "${MEMBER}","e":"AQAB"}`,
    left: '{"kty":"RSA","d" : "[left out]","e":"AQAB"}',
  },
])('$name is left out', ({ text, left }) => {
  expect(withoutSecrets(text)).toBe(left)
  expect(() => assertNoSecrets(text, 'chain.html')).toThrow('about to be written into chain.html')
  expect(() => assertNoSecrets(left, 'chain.html')).not.toThrow()
})

test('a private member is seen in a page, too', () => {
  expect(() => assertNoSecrets(`&quot;d&quot;:&quot;${MEMBER}&quot;`, 'chain.html')).toThrow(
    'about to be',
  )
})

test.each([
  'kid lBDOnvd3PQYLzwnT1rMCmiFmtBrGo4LtXR5MDHBNPzw',
  '{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbf","e":"AQAB"}',
  '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
  'https://eyjafjoll.example.com/a.b.c',
])('what is public stays: %s', (text) => {
  expect(withoutSecrets(text)).toBe(text)
})

test('a verification that is shown holds none, wherever one got into it', () => {
  const finding = { ...KID_MISSING, summary: TOKEN, why: PEM, fix: TOKEN, command: `a ${TOKEN}` }
  const found = chainOf({
    jwks: looked('jwks', '', {
      findings: [finding],
      evidence: [{ label: TOKEN, text: `{"d":"${MEMBER}"}` }],
    }),
    role: looked('role', TOKEN),
    sts: skipped('sts', unseen(PEM, TOKEN)),
  })
  const text = JSON.stringify(shareable(found))
  expect(text).not.toMatch(/eyJ|BEGIN|X4cT/)
  expect(shareable(EVERYTHING)).toEqual(EVERYTHING)
})

const BROKEN = chainOf({ jwks: looked('jwks', '', { findings: [KID_MISSING] }) })

test.each([
  { name: 'nothing', before: chainOf(), after: chainOf(), ids: [] },
  { name: 'a link that broke', before: chainOf(), after: BROKEN, ids: ['jwks'] },
  { name: 'a link that was mended', before: BROKEN, after: chainOf(), ids: ['jwks'] },
  {
    name: 'something else that is wrong with it',
    before: BROKEN,
    after: chainOf({
      jwks: looked('jwks', '', { findings: [{ ...KID_MISSING, id: 'jwks/empty' }] }),
    }),
    ids: ['jwks'],
  },
  {
    name: 'another summary, such as a time, is no change',
    before: chainOf(),
    after: chainOf({ sts: looked('sts', 'credentials until 12:31') }),
    ids: [],
  },
  {
    name: 'what is only noted is no change',
    before: chainOf(),
    after: chainOf({ jwks: looked('jwks', 'a', { findings: [NO_CACHE] }) }),
    ids: [],
  },
])('changes: $name', ({ before, after, ids }) => {
  expect(changesBetween(before, after).map((change) => change.after.id)).toEqual(ids)
})
