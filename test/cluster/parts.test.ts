import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  issueServerCertificate,
  makeCertificateAuthority,
} from '../../src/adapters/certificates.ts'
import { startProgram } from '../support/cli.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { parts, withoutParts } from './parts.ts'
import { signingFlags } from './signing-flags.ts'
import { startWebhook } from './webhook.ts'

const ISSUER = 'https://issuer.example'
const USER = 'system:serviceaccount:default:builder'

const say = (...command: readonly string[]) => startProgram(command, { cwd: '/' }).ended

describe.skipIf(withoutParts)('the parts', () => {
  let cluster: Cluster
  let server: ApiServer
  let flags: readonly string[]

  beforeAll(async () => {
    cluster = await openCluster()
    flags = await signingFlags(cluster.identity)
    server = await cluster.start([`--service-account-issuer=${ISSUER}`, ...flags])
    await server.kubectl(['create', 'serviceaccount', 'builder'])
  })
  afterAll(() => cluster?.[Symbol.asyncDispose]())

  const createToken = async (from: ApiServer, ...more: readonly string[]): Promise<string> =>
    (await from.kubectl(['create', 'token', 'builder', ...more])).stdout.trim()

  test('say the version that is pinned', async () => {
    const { version } = parts.kubernetes
    expect((await say(parts.apiServer, '--version')).stdout).toBe(`Kubernetes ${version}\n`)
    expect((await say(parts.kubeadm, 'version', '-o', 'short')).stdout).toBe(`${version}\n`)
    expect((await server.ask('/version')).json()).toMatchObject({ gitVersion: version })
  })

  test('an API server signs tokens and knows them again, and no others', async () => {
    const token = await createToken(server)
    expect(await server.whoIs(token)).toBe(USER)
    expect(await server.whoIs(await createToken(server, '--audience', 'else'))).toBeUndefined()
    expect(await server.whoIs(`${token}x`)).toBeUndefined()
    expect((await server.ask('/api')).status).toBe(403)
    expect((await server.ask('/api', { token })).status).toBe(200)
  })

  test('two API servers share an etcd, and one starts again with other flags', async () => {
    const issuers = ['https://new.example', ISSUER].map((url) => `--service-account-issuer=${url}`)
    const first = await cluster.start([...issuers, ...flags])
    const token = await createToken(server)
    expect(await first.whoIs(token)).toBe(USER)
    await first.stop()
    const again = await cluster.start([...issuers.slice(0, 1), ...flags], first.port)
    expect(again.url).toBe(first.url)
    expect(await again.whoIs(token)).toBeUndefined()
    await again.stop()
  })

  test('the webhook runs beside the API server, with a certificate that Go accepts', async () => {
    const names = ['webhook.default.svc', '127.0.0.1']
    const { authorityFile, ...files } = await servingFiles(cluster.identity.folder, names)
    await using webhook = await startWebhook({ kubeconfig: server.kubeconfig, ...files })
    const address = `127.0.0.1:${webhook.port}`
    const check = (name: string) => say(parts.tlscheck, authorityFile, name, address)
    expect(await check('webhook.default.svc')).toMatchObject({ code: 0, stdout: 'ok\n' })
    expect(await check('webhook.default')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('valid for webhook.default.svc, not webhook.default'),
    })
  })

  test('an API server that cannot start says why', async () => {
    await expect(cluster.start(flags)).rejects.toThrow('service-account-issuer is a required flag')
  })
})

async function servingFiles(folder: string, names: readonly string[]) {
  const validity = { days: 1, now: new Date() }
  const ca = await makeCertificateAuthority({ ...validity, commonName: 'webhook' })
  const leaf = await issueServerCertificate(ca, { ...validity, names })
  const authorityFile = join(folder, 'webhook-ca.crt')
  const certificateFile = join(folder, 'webhook.crt')
  const keyFile = join(folder, 'webhook.key')
  await Promise.all([
    writeFile(authorityFile, ca.certificate),
    writeFile(certificateFile, leaf.certificate),
    writeFile(keyFile, leaf.key, { mode: 0o600 }),
  ])
  return { authorityFile, certificateFile, keyFile }
}
