import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { describe, expect, test } from 'vitest'
import { addressesOf } from '../../src/adapters/loopback-lookup.ts'
import { trustedRoots } from '../../src/adapters/trusted-roots.ts'
import { openNetwork } from '../../src/network.ts'
import { serveTls } from '../support/loopback-servers.ts'
import { issue } from '../support/made-up-chains.ts'

test("every one of Node's roots is found again by what it has issued", () => {
  const roots = trustedRoots({})
  const lost = rootCertificates
    .map((pem) => new X509Certificate(pem))
    .filter((root) => !roots.nodes([root]).some(({ raw }) => raw.equals(root.raw)))
  expect(lost.map(({ subject }) => subject)).toEqual([])
})

test('few of them are parsed for one chain', () => {
  const roots = rootCertificates.map((pem) => new X509Certificate(pem))
  const amazon = roots.filter(({ subject }) => subject.includes('CN=Amazon Root CA 1'))
  const found = trustedRoots({}).nodes(amazon)
  expect(amazon).toHaveLength(1)
  expect(found.length).toBeLessThan(5)
})

describe('a CA of one host', () => {
  const root = issue({ name: 'Company Root', ca: true })
  const ca = issue({ name: 'kubernetes', by: root, ca: true })
  const serving = issue({ name: 'kube-apiserver', by: ca, names: ['localhost'] })
  const TLS = { key: serving.key, cert: serving.cert }
  const sha1 = new X509Certificate(ca.cert).fingerprint.replaceAll(':', '').toLowerCase()

  test('is trusted as kubectl trusts it, though it is an intermediate; nobody else trusts it', async () => {
    await using server = await serveTls(TLS)
    const url = `https://localhost:${server.port}`
    const network = openNetwork({})
    const trusting = network.trusting(ca.cert)
    const presented = await trusting.readChain(url)
    expect(presented.trust).toEqual({ kind: 'added-root', root: expect.any(String), sha1 })
    expect(await trusting.fetch(url)).toMatchObject({ status: 200 })
    expect((await network.readChain(url)).trust.kind).toBe('untrusted')
    await expect(network.fetch(url)).rejects.toMatchObject({ code: 'network/tls' })
    network.close()
  })

  test.each(['', 'hello', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'that is none is told: %j',
    (text) => {
      const opening = () => openNetwork({}).trusting(text)
      expect(opening).toThrow(expect.objectContaining({ code: 'cluster/ca-unreadable' }))
    },
  )
})

test.each([
  ['localhost', ['127.0.0.1', '::1']],
  ['api.localhost', ['127.0.0.1', '::1']],
  ['192.0.2.1', ['192.0.2.1']],
  ['fd00::1', ['fd00::1']],
  ['no-such-host.invalid', []],
])('the addresses of %s', async (host, addresses) => {
  expect(await addressesOf(host)).toEqual(addresses)
})
