import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { makeServingCertificate } from '../../src/adapters/certificates.ts'
import type { ServingCertificate } from '../../src/ports/local.ts'
import { temporaryFolder } from '../support/cli.ts'

const HOST = 'pod-identity-webhook.infra.svc'
const DAY = 24 * 60 * 60 * 1000

const make = (names = [HOST], days = 90, now = new Date()) =>
  makeServingCertificate({ names, days, now, commonName: 'test CA' })

let old: ServingCertificate
let renewed: ServingCertificate
beforeAll(async () => {
  ;[old, renewed] = await Promise.all([make(), make()])
})

/** Verifies as a client that trusts only this bundle and expects this name. */
async function opensslVerify(bundle: string, leaf: string, host: string): Promise<string> {
  await using folder = await temporaryFolder()
  const [ca, certificate] = [join(folder.path, 'ca.pem'), join(folder.path, 'leaf.pem')]
  await Promise.all([writeFile(ca, bundle), writeFile(certificate, leaf)])
  const args = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', host]
  const run = promisify(execFile)('openssl', ['verify', ...args, '-CAfile', ca, certificate])
  return await run.then(
    () => 'ok',
    (error: { stderr: string }) => error.stderr,
  )
}

/** Connects as Node's TLS client does; answers "ok" or the code of the refusal. */
async function handshake(ca: string, { certificate, key }: ServingCertificate, servername: string) {
  const server = createServer({ cert: certificate, key }, (socket) => socket.end())
  server.on('tlsClientError', () => undefined)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  try {
    const socket = connect({ host: '127.0.0.1', port, ca, servername })
    await once(socket, 'secureConnect')
    socket.destroy()
    return 'ok'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  } finally {
    server.close()
  }
}

test('openssl verifies it, strictly, for the name of the Service and for no other', async () => {
  expect(await opensslVerify(old.authority, old.certificate, HOST)).toBe('ok')
  const elsewhere = await opensslVerify(old.authority, old.certificate, 'pod-identity-webhook')
  expect(elsewhere).toMatch(/hostname mismatch/i)
})

test('a TLS client that trusts the authority connects, and another one does not', async () => {
  expect(await handshake(old.authority, old, HOST)).toBe('ok')
  expect(await handshake(renewed.authority, old, HOST)).not.toBe('ok')
  expect(await handshake(old.authority, old, 'other.infra.svc')).toBe(
    'ERR_TLS_CERT_ALTNAME_INVALID',
  )
})

test.each([
  ['the new authority first', () => renewed.authority + old.authority],
  ['the old authority first', () => old.authority + renewed.authority],
])('a bundle of both authorities verifies both certificates: %s', async (_name, bundle) => {
  for (const serving of [old, renewed]) {
    expect(await opensslVerify(bundle(), serving.certificate, HOST)).toBe('ok')
    expect(await handshake(bundle(), serving, HOST)).toBe('ok')
  }
})

test('key usages are those of a server, and of an authority that signs no other', () => {
  const leaf = new X509Certificate(old.certificate)
  expect(leaf.ca).toBe(false)
  expect(leaf.subjectAltName).toBe(`DNS:${HOST}`)
  // 1.3.6.1.5.5.7.3.1 is id-kp-serverAuth (RFC 5280 section 4.2.1.12).
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
  const authority = new X509Certificate(old.authority)
  expect(authority.ca).toBe(true)
  expect(leaf.checkIssued(authority)).toBe(true)
})

test('nothing but the serving key comes out', () => {
  expect(Object.keys(old).toSorted()).toEqual(['authority', 'certificate', 'key', 'notAfter'])
  expect(old.authority).not.toContain('PRIVATE KEY')
  expect(old.certificate).not.toContain('PRIVATE KEY')
})

test('both are valid for as many days, and from a little before now', async () => {
  const now = new Date('2026-02-03T04:05:06Z')
  const made = await make([HOST], 3650, now)
  const end = new Date(now.getTime() + 3650 * DAY)
  expect(made.notAfter).toEqual(end)
  for (const pem of [made.certificate, made.authority]) {
    const { validFrom, validTo } = new X509Certificate(pem)
    expect(new Date(validTo)).toEqual(end)
    expect(new Date(validFrom).getTime()).toBeLessThan(now.getTime())
  }
})

test('a name too long for a common name is only an alternative name', async () => {
  const host = `${'a'.repeat(63)}.${'b'.repeat(63)}.svc`
  const made = await make([host])
  expect(new X509Certificate(made.certificate).subject).toBeFalsy()
  expect(await opensslVerify(made.authority, made.certificate, host)).toBe('ok')
  expect(await handshake(made.authority, made, host)).toBe('ok')
})
