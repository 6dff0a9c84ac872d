import { mkdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Of nobody (RFC 5737); egress.ts leads it to loopback. */
const ADDRESS = '192.0.2.1'

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString()

/** As a kubelet brings a Secret into a pod: one rename changes both files, then the old ones go. */
export async function placeCertificate(
  folder: string,
  data: Readonly<Record<string, string>>,
): Promise<void> {
  const version = join(folder, `..${Date.now()}`)
  await mkdir(version)
  for (const name of ['tls.crt', 'tls.key']) {
    await writeFile(join(version, name), decoded(data[name] ?? ''), { mode: 0o600 })
    await symlink(join('..data', name), join(folder, name)).catch(() => undefined)
  }
  const current = join(folder, '..data')
  const before = await readlink(current).catch(() => undefined)
  await symlink(version, `${current}_tmp`)
  await rename(`${current}_tmp`, current)
  if (before !== undefined) await rm(before, { recursive: true })
}

/** Where the Service leads to, as objects: no controller is there to say so. */
export const endpoints = (name: string, port: number, ready = true): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'List',
    items: [
      {
        apiVersion: 'v1',
        kind: 'Endpoints',
        metadata: { name, namespace: name },
        subsets: ready
          ? [{ addresses: [{ ip: ADDRESS }], ports: [{ name: 'https', port }] }]
          : [{ notReadyAddresses: [{ ip: ADDRESS }], ports: [{ name: 'https', port }] }],
      },
      {
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name, namespace: name, labels: { 'kubernetes.io/service-name': name } },
        addressType: 'IPv4',
        endpoints: [{ addresses: [ADDRESS], conditions: { ready } }],
        ports: [{ name: 'https', port }],
      },
    ],
  })
