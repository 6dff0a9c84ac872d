import { createPrivateKey, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import {
  issueServerCertificate,
  makeCertificateAuthority,
} from '../../src/adapters/certificates.ts'

const now = new Date('2026-08-01T00:00:00Z')
const names = ['hook.irsa.svc', '*.s3.localhost', '127.0.0.1', '::1']
const authority = await makeCertificateAuthority({ commonName: 'irsa test CA', days: 10, now })
const server = await issueServerCertificate(authority, { names, days: 5, now })
const ca = new X509Certificate(authority.certificate)
const leaf = new X509Certificate(server.certificate)

test('the authority is a CA, signs itself, and its key belongs to it', () => {
  expect(ca.ca).toBe(true)
  expect(ca.subject).toBe('CN=irsa test CA')
  expect(ca.verify(ca.publicKey)).toBe(true)
  expect(ca.checkPrivateKey(createPrivateKey(authority.key))).toBe(true)
})

test('the serving certificate is signed by the authority and is none itself', () => {
  expect(leaf.ca).toBe(false)
  expect(leaf.checkIssued(ca)).toBe(true)
  expect(leaf.verify(ca.publicKey)).toBe(true)
  expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
})

test.each(['hook.irsa.svc', 'bucket.s3.localhost'])('it is valid for the host %s', (host) => {
  expect(leaf.checkHost(host)).toBeTypeOf('string')
})

test.each(['127.0.0.1', '::1'])('it is valid for the address %s', (address) => {
  expect(leaf.checkIP(address)).toBeTypeOf('string')
})

test('it is valid from a little before now for the days asked for', () => {
  expect(new Date(leaf.validFrom)).toEqual(new Date('2026-07-31T23:55:00Z'))
  expect(new Date(leaf.validTo)).toEqual(new Date('2026-08-06T00:00:00Z'))
})

test('a name too long for a common name is still an alternative name', async () => {
  const long = `${'a'.repeat(63)}.svc.cluster.local`
  const issued = await issueServerCertificate(authority, { names: [long], days: 5, now })
  expect(new X509Certificate(issued.certificate).checkHost(long)).toBe(long)
})

test('a TLS client that trusts the authority accepts the server', async () => {
  const today = { days: 5, now: new Date() }
  const authority = await makeCertificateAuthority({ commonName: 'irsa test CA', ...today })
  const issued = await issueServerCertificate(authority, { names: ['hook.irsa.svc'], ...today })
  const listener = createServer({ cert: issued.certificate, key: issued.key }).listen(
    0,
    '127.0.0.1',
  )
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo
  const options = {
    port,
    host: '127.0.0.1',
    servername: 'hook.irsa.svc',
    ca: authority.certificate,
  }
  const socket: TLSSocket = connect(options)
  await once(socket, 'secureConnect')
  expect(socket.authorized).toBe(true)
  socket.destroy()
  listener.close()
})
