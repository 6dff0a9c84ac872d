import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { X509Certificate } from 'node:crypto'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, expect, test } from 'vitest'
import {
  issueServerCertificate,
  makeCertificateAuthority,
} from '../../src/adapters/certificates.ts'
import { clientsFor, sandboxForTests } from './clients.ts'
import * as fixture from './issuer.ts'

const sandbox = await sandboxForTests()
const signer = await fixture.makeSigner('ES256')
const validity = { days: 1, now: new Date() }
const authority = await makeCertificateAuthority({ commonName: 'a private CA', ...validity })
const leaf = await issueServerCertificate(authority, { names: ['localhost'], ...validity })
const thumbprint = (pem: string): string =>
  new X509Certificate(pem).fingerprint.replaceAll(':', '').toLowerCase()

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections()
})

async function serve(listener: RequestListener, certificate = leaf): Promise<string> {
  const tls = { key: certificate.key, cert: certificate.certificate }
  const server = createServer(tls, listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

interface Site {
  readonly discovery?: (issuer: string) => unknown
  readonly keys?: readonly unknown[]
  readonly status?: number
}

/** An issuer outside of the sandbox; its private CA is known by thumbprint only. */
async function makeIssuer({ discovery = fixture.discoveryOf, keys, status = 200 }: Site) {
  let issuer = ''
  issuer = await serve((request, response) => {
    const found = request.url === '/keys.json' ? { keys: keys ?? [signer.jwk] } : discovery(issuer)
    response.writeHead(status, { location: '/elsewhere' })
    response.end(typeof found === 'string' ? found : JSON.stringify(found))
  })
  return issuer
}

async function outcome(issuer: string, thumbprints = [thumbprint(leaf.certificate)]) {
  await fixture.makeProvider(sandbox, issuer, thumbprints)
  const name = `role-${sandbox.state.roles.size}`
  const RoleArn = await fixture.makeRole(sandbox, { name, issuer, condition: {} })
  const WebIdentityToken = await fixture.sign(signer, issuer)
  const input = { RoleArn, RoleSessionName: 'pod', WebIdentityToken }
  const { sts } = clientsFor(sandbox, { maxAttempts: 1 } as object)
  return sts.send(new AssumeRoleWithWebIdentityCommand(input)).then(
    () => 'it was done',
    (error: { Code: string; message: string }) => `${error.Code}: ${error.message}`,
  )
}

const NO_KEY = /^InvalidIdentityToken: Couldn't retrieve verification key/
const missing = (member: string) => (issuer: string) => ({
  ...fixture.discoveryOf(issuer),
  [member]: undefined,
})
const many = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({ ...signer.jwk, kid: `other-${n}` }))

test.each<[string, Site, RegExp]>([
  ['a private CA whose thumbprint is listed', {}, /^it was done$/],
  ['no claims, as kube-apiserver', { discovery: missing('claims_supported') }, /^it was done$/],
  ['99 other keys of its type', { keys: [...many(99), signer.jwk] }, /^it was done$/],
  ['100 other keys of its type', { keys: [...many(100), signer.jwk] }, NO_KEY],
  ['no key', { keys: [] }, NO_KEY],
  ['a key without an id', { keys: [{ ...signer.jwk, kid: undefined }] }, NO_KEY],
  ['a key for another algorithm', { keys: [{ ...signer.jwk, alg: 'ES384' }] }, NO_KEY],
  ['a broken key', { keys: [{ ...signer.jwk, x: 'AAAA' }] }, NO_KEY],
  ['403 for its documents', { status: 403 }, NO_KEY],
  ['a redirect', { status: 302 }, NO_KEY],
  ['documents that are no JSON', { discovery: () => '<html>' }, NO_KEY],
  ['another issuer in its document', { discovery: () => fixture.discoveryOf('https://x') }, NO_KEY],
  ['no jwks_uri', { discovery: missing('jwks_uri') }, NO_KEY],
  ['no response types', { discovery: missing('response_types_supported') }, NO_KEY],
  ['no subject types', { discovery: missing('subject_types_supported') }, NO_KEY],
  ['no algorithms', { discovery: missing('id_token_signing_alg_values_supported') }, NO_KEY],
])('an issuer with %s', async (_, site, expected) => {
  expect(await outcome(await makeIssuer(site))).toMatch(expected)
})

test('an issuer whose certificate is neither trusted nor listed', async () => {
  expect(await outcome(await makeIssuer({}), ['0'.repeat(40)])).toMatch(
    /^InvalidIdentityToken: .*doesn't match configured thumbprint$/,
  )
})

test('an issuer that listens to nobody', async () => {
  const issuer = await makeIssuer({})
  servers.at(-1)?.close()
  expect(await outcome(issuer)).toMatch(/^IDPCommunicationError: /)
})

test('an issuer that takes longer than five seconds', async () => {
  const issuer = await serve(() => {})
  expect(await outcome(issuer)).toMatch(NO_KEY)
}, 10_000)
