import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { expect, test } from 'vitest'
import { trustedRoots } from '../../src/adapters/trusted-roots.ts'

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
