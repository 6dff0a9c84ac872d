import { describe, expect, test } from 'vitest'
import { Problem } from '../../src/core/problems/problem.ts'
import { takeApart } from '../../src/core/token-anatomy.ts'
import { tokenIn } from '../../src/core/token-form.ts'

const part = (members: object): string => Buffer.from(JSON.stringify(members)).toString('base64url')

const HEADER = part({ alg: 'RS256', kid: 'a' })
const PAYLOAD = part({
  iss: 'https://oidc.example.com',
  sub: 'system:serviceaccount:shop:checkout',
})
const SIGNATURE = 'c2lnbmF0dXJlIG9mIGEgdG9rZW4'
const TOKEN = `${HEADER}.${PAYLOAD}.${SIGNATURE}`

function problemOf(content: string | Buffer, place = 'token'): Problem {
  try {
    tokenIn(Buffer.isBuffer(content) ? content : Buffer.from(content, 'utf8'), place)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('it was taken')
}

test.each([
  ['alone', TOKEN],
  ['with a final newline', `${TOKEN}\n`],
  ['with the line end of Windows', `${TOKEN}\r\n`],
  ['with blanks around', `  ${TOKEN} \n\n`],
])('a token %s is taken as it is', (_, content) => {
  expect(tokenIn(Buffer.from(content), 'token')).toBe(TOKEN)
})

test('its parts are read, and nothing of them is believed', () => {
  const { header, claims, signed, signature } = takeApart(TOKEN, 'token')
  expect(header).toEqual({ alg: 'RS256', kid: 'a' })
  expect(claims).toMatchObject({ sub: 'system:serviceaccount:shop:checkout' })
  expect(signed.toString()).toBe(`${HEADER}.${PAYLOAD}`)
  expect(signature.toString()).toBe('signature of a token')
})

test('20,000 characters are taken, and one more is not', () => {
  const long = (length: number) => `${HEADER}.${PAYLOAD}.`.padEnd(length, 'A')
  expect(tokenIn(Buffer.from(`${long(20_000)}\r\n`), 'token')).toHaveLength(20_000)
  expect(problemOf(long(20_003)).code).toBe('token/too-long')
})

const JWE = [part({ alg: 'RSA-OAEP', enc: 'A256GCM' }), 'a2V5', 'aXY', 'Y2lwaGVy', 'dGFn'].join('.')
const WRAPPED = TOKEN.replace(/.{40}/g, '$&\n')
const STANDARD = `${HEADER}.${PAYLOAD.slice(0, -1)}+.${SIGNATURE}`

describe.each<[string, string | Buffer, string, RegExp]>([
  ['a file of 1 MB', 'a'.repeat(1024 * 1024), 'too-long', /more than 20000 characters/],
  ['an empty file', '', 'empty', /is empty/],
  ['white space', ' \n\t\n', 'empty', /is empty/],
  ['something binary', Buffer.from([0x1f, 0x8b, 8, 0]), 'binary', /plain text/],
  ['an ellipsis of a terminal', `${TOKEN.slice(0, 40)}…`, 'binary', /plain text/],
  ['UTF-16', Buffer.from(`\uFEFF${TOKEN}`, 'utf16le'), 'binary', /iconv -f UTF-16/],
  ['a byte order mark', `\uFEFF${TOKEN}`, 'binary', /tail -c \+4 < token > token\.jwt/],
  ['a kubeconfig', 'apiVersion: v1\nkind: Config\nusers: []\n', 'mistaken', /a kubeconfig/],
  ['a kubeconfig in JSON', '{"kind":"Config"}', 'mistaken', /a kubeconfig/],
  ['a secret', 'apiVersion: v1\nkind: Secret\ndata:\n  token: ZXlK', 'mistaken', /a secret/],
  ['another manifest', 'apiVersion: v1\nkind: Pod', 'mistaken', /a Kubernetes manifest/],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nMIIE', 'mistaken', /a private key/],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nMIIE', 'mistaken', /a certificate/],
  ['AWS credentials', '[default]\naws_secret_access_key = abc', 'mistaken', /AWS credentials/],
  ['an access key', 'AKIAIOSFODNN7EXAMPLE', 'mistaken', /an AWS access key/],
  ['credentials in JSON', '{"Credentials":{}}', 'mistaken', /AWS credentials/],
  ['a token of EKS', 'k8s-aws-v1.aHR0cHM6Ly9', 'mistaken', /presigned/],
  ['a web page', '<!DOCTYPE html><html>', 'mistaken', /a web page/],
  ['a key set', '{"keys":[]}', 'mistaken', /JWKS/],
  ['a key', '{"kty":"RSA"}', 'mistaken', /JWK/],
  ['the claims alone', '{"iss":"https://a.example"}', 'mistaken', /without its signature/],
  [
    'an answer',
    '{"kind":"TokenRequest","status":{"token":"x"}}',
    'mistaken',
    /jq -r \.status\.token/,
  ],
  ['other JSON', '{"a":1}', 'mistaken', /holds JSON/],
  ['broken JSON', '{"a":', 'mistaken', /holds JSON/],
  ['words', 'the token is in the vault', 'mistaken', /several words/],
  ['an opaque token', '2YotnFZFEjr1zCsicMWpAA', 'not-a-jwt', /no dot/],
  ['two parts', `${HEADER}.${PAYLOAD}`, 'not-a-jwt', /2 parts/],
  ['five parts without enc', `${TOKEN}.YQ.YQ`, 'not-a-jwt', /5 parts/],
  ['a JWE', JWE, 'encrypted', /JWE, A256GCM/],
  ['a JWE in JSON', '{"ciphertext":"a"}', 'mistaken', /JWE/],
  ['a JWS in JSON', '{"payload":"a","signatures":[]}', 'json-serialised', /compact/],
  ['a line break inside', WRAPPED, 'line-break', /after character 40 of line 1/],
  [
    'one line break',
    `\n${HEADER}.\n${PAYLOAD}.${SIGNATURE}`,
    'line-break',
    /a line break inside.* line 2/,
  ],
  ['a blank inside', `${HEADER}. ${PAYLOAD}.${SIGNATURE}`, 'line-break', /blanks inside/],
  ['two tokens', `${TOKEN}\n${TOKEN}\n`, 'several', /2 tokens/],
  ['"Bearer"', `Bearer ${TOKEN}`, 'wrapped', /"Bearer".*\n.*\n.*awk/],
  ['a whole header', `Authorization: bearer ${TOKEN}`, 'wrapped', /"Bearer"/],
  ['quotes', `"${TOKEN}"\n`, 'wrapped', /quotes/],
  ['single quotes', `'${TOKEN}'\n`, 'wrapped', /quotes/],
  ['a name', `token: ${TOKEN}`, 'wrapped', /"token:"/],
  ['base64 around', Buffer.from(TOKEN).toString('base64'), 'wrapped', /base64 -d < token/],
  ['standard base64', STANDARD, 'standard-base64', /payload has a \+ in it/],
  ['padding', `${HEADER}=.${PAYLOAD}.${SIGNATURE}`, 'standard-base64', /header has padding/],
  ['another sign', `${HEADER}.${PAYLOAD}.$$$`, 'damaged', /signature .*character 1 /],
  ['a header that is no JSON', `YWJj.${PAYLOAD}.${SIGNATURE}`, 'damaged', /header .*no JSON/],
  ['a payload that is a list', `${HEADER}.W10.${SIGNATURE}`, 'damaged', /payload .*no JSON/],
  ['a signature cut off', `${TOKEN}AA`, 'damaged', /signature .*cut off/],
  ['a signature that is gone', `${HEADER}.${PAYLOAD}.`, 'damaged', /signature .*none/],
  ['no payload', `${HEADER}..${SIGNATURE}`, 'damaged', /payload/],
])('%s', (_, content, code, says) => {
  test(`is token/${code}, exit 2, and is not shown`, () => {
    const { what, why, fix, ...problem } = problemOf(content)
    expect(problem).toMatchObject({ code: `token/${code}`, exit: 2 })
    const text = [what, why, fix].join('\n')
    expect(text).toMatch(says)
    for (const secret of [HEADER, PAYLOAD, SIGNATURE, 'MIIE', 'aHR0cHM6Ly9', '2Yotn', 'AKIA']) {
      expect(text).not.toContain(secret)
    }
  })
})

test('on standard input the fix is for the pipe', () => {
  const { what, fix } = problemOf(WRAPPED, '-')
  expect(what).toMatch(/^Standard input holds/)
  expect(fix).toContain(String.raw`… | tr -d ' \t\r\n' | irsa …`)
})
