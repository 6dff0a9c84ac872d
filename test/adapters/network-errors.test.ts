import { expect, test } from 'vitest'
import { networkProblem } from '../../src/adapters/network-errors.ts'
import { Problem } from '../../src/core/problems/problem.ts'

const coded = (code: string, cause?: unknown): Error =>
  Object.assign(new Error(`it failed: ${code}`, { cause }), { code })
const named = (name: string): Error => Object.assign(new Error('it failed'), { name })

test.each([
  ['ENOTFOUND', 'network/dns'],
  ['EAI_AGAIN', 'network/dns'],
  ['ECONNREFUSED', 'network/refused'],
  ['ECONNRESET', 'network/reset'],
  ['EPIPE', 'network/reset'],
  ['ETIMEDOUT', 'network/timeout'],
  ['EHOSTUNREACH', 'network/unreachable'],
  ['ENETUNREACH', 'network/unreachable'],
  ['CERT_HAS_EXPIRED', 'network/tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network/tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'network/tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'network/tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'network/tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'network/tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'network/tls'],
  ['EPROTO', 'network/tls'],
])('%s is %s, and names the host', (errno, code) => {
  const error = coded(errno)
  const problem = networkProblem(error, { url: 'https://oidc.example:8443/keys.json' })
  expect(problem).toMatchObject({ code, exit: 1, cause: error })
  expect(problem?.what).toContain('oidc.example:8443')
  expect(problem?.fix).not.toBe('')
})

test('the error of one address speaks for all that were tried', () => {
  const error = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')])
  const problem = networkProblem(error, { url: 'https://oidc.example' })
  expect(problem).toMatchObject({ code: 'network/refused', cause: error })
})

test('a cause is looked into, but not for ever', () => {
  const wrapped = new Error('the SDK says', { cause: coded('ENOTFOUND') })
  expect(networkProblem(wrapped, { url: 'https://a.example' })?.code).toBe('network/dns')
  const loop = new Error('loop')
  loop.cause = loop
  expect(networkProblem(loop, { url: 'https://a.example' })).toBeUndefined()
})

test('a timeout is known by its name as well', () => {
  const problem = networkProblem(named('TimeoutError'), { url: 'https://a.example' })
  expect(problem?.code).toBe('network/timeout')
})

test('the proxy in between is named', () => {
  const attempt = { url: 'https://a.example', proxy: 'http://p:3128' }
  expect(networkProblem(coded('ECONNRESET'), attempt)?.what).toContain('http://p:3128')
})

test('what is not a URL is shown as it is', () => {
  const problem = networkProblem(coded('ECONNREFUSED'), { url: 'iam:GetRole' })
  expect(problem?.what).toBe('iam:GetRole refused the connection.')
})

test.each([
  ['an abort', named('AbortError')],
  ['a bug', new TypeError('x is not a function')],
  ['an inherited name for a code', coded('toString')],
  ['nothing', undefined],
  ['a problem of another area', new Problem({ code: 'a/b', what: '', why: '', fix: '', exit: 1 })],
])('%s is not a problem of the network', (_, error) => {
  expect(networkProblem(error, { url: 'https://a.example' })).toBeUndefined()
})
