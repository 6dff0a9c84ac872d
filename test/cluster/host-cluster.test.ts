import { X509Certificate } from 'node:crypto'
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { clientsFor } from '../sandbox/clients.ts'
import { workplace, type Ended, type Workplace } from '../support/cli.ts'
import { changingNothing, expectProblem, writes } from '../support/problems.ts'
import { verify } from '../support/verified.ts'
import type { ApiServer } from './api-server.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { parts, withoutParts } from './parts.ts'
import { flagLines, placeFiles, printFlags } from './printed.ts'
import { freePort } from './running.ts'

const DOCUMENTS = ['/.well-known/openid-configuration', '/openid/v1/jwks']

/** From a cluster that is not there yet to credentials and back; each test goes on from the last. */
describe.skipIf(withoutParts)('an API server that serves the documents itself', () => {
  let place: Workplace
  let cluster: Cluster
  let server: ApiServer
  let port: number
  let issuer: string

  /** With the kubectl of the cluster's administrator, once there is one. */
  const irsa = (...args: string[]): Promise<Ended> =>
    place.run([...args, '-o', 'json'], {
      PATH: parts.path,
      KUBECONFIG: server?.kubeconfig ?? '/nonexistent',
    })

  const kubectl = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await server.kubectl(args, input)
    if (code !== 0) throw new Error(stderr)
    return stdout
  }

  const token = async (...more: readonly string[]): Promise<string> =>
    (await kubectl(['-n', 'shop', 'create', 'token', 'checkout', ...more])).trim()

  /** What nobody in particular is answered. */
  const strangers = async (...paths: readonly string[]): Promise<readonly number[]> =>
    Promise.all(paths.map(async (path) => (await server.ask(path)).status))

  beforeAll(async () => {
    ;[place, cluster, port] = await Promise.all([workplace(), openCluster(), freePort()])
    issuer = `https://localhost:${port}`
  })
  afterAll(async () => {
    await cluster?.[Symbol.asyncDispose]()
    await place?.[Symbol.asyncDispose]()
  })

  test('init makes the key, and says that nothing is served yet', async () => {
    const args = ['--name', 'home', '--yes', '--host', 'cluster', '--issuer', issuer]
    const says = ['refused the connection', 'irsa print-apiserver-flags', 'are kept']
    expectProblem(await irsa('init', ...args), { code: 'cluster/not-served-yet', exit: 1, says })
    expect(writes(place.aws.requests)).toEqual([])
  })

  test('with exactly the printed flags it reads the documents to service accounts alone', async () => {
    const keyDir = `${cluster.identity.folder}/irsa`
    const printed = await printFlags(
      place,
      '--for',
      'flags',
      '--host',
      'cluster',
      '--key-dir',
      keyDir,
    )
    await placeFiles(place, printed)
    server = await cluster.start(flagLines(printed), port)
    const [configuration = ''] = DOCUMENTS
    const uri = `${issuer}/openid/v1/jwks`
    expect(printed.flags).toContainEqual({ name: 'service-account-jwks-uri', value: uri })
    const discovery = JSON.parse(await kubectl(['get', '--raw', configuration]))
    expect(discovery).toMatchObject({ issuer, jwks_uri: uri })
    expect(await strangers(...DOCUMENTS)).toEqual([403, 403])
  })

  test('apply is refused until the binding is there, which it names', async () => {
    const says = ['answered 403', 'service-account-issuer-discovery']
    const expected = { code: 'cluster/anonymous-refused', exit: 1, says } as const
    const said = expectProblem(await irsa('apply', '--yes'), expected)
    expect(place.aws.state.providers.size).toBe(0)
    const [, ...command] = /kubectl create clusterrolebinding .*/.exec(said)?.[0].split(' ') ?? []
    const named = await kubectl([...command, '--dry-run=server', '-o', 'json'])
    const { roleRef, subjects, metadata } = await printedBinding()
    expect(JSON.parse(named)).toMatchObject({ roleRef, subjects, metadata })
  })

  test('the printed binding opens the two documents to everybody, and nothing else', async () => {
    const binding = JSON.stringify(await printedBinding())
    await kubectl(['apply', '-f', '-'], binding)
    await expect.poll(() => strangers(...DOCUMENTS)).toEqual([200, 200])
    const others = ['/api', '/api/v1/namespaces', '/apis', '/openapi/v2', '/metrics']
    expect(await strangers(...others)).toEqual(others.map(() => 403))
  })

  test('apply proves what is served, and makes the provider with its thumbprint', async () => {
    const applied = await irsa('apply', '--yes')
    expect(applied).toMatchObject({ code: 0 })
    // The API server presents the authority behind its own certificate, so this one is enough.
    const thumbprints = [sha1(cluster.identity.authority)]
    const { keys } = (await server.ask('/openid/v1/jwks')).json()
    expect(applied.json()).toMatchObject({
      kind: 'Applied',
      issuer,
      bucket: null,
      thumbprints,
      keys: [{ kid: keys[0].kid, file: 'keys/sa-signer.pub' }],
      changes: [
        { action: 'none', resource: 'key-pair' },
        { action: 'create', resource: 'provider' },
      ],
    })
    expect(keys).toHaveLength(1)
    const [provider] = place.aws.state.providers.values()
    expect(provider).toMatchObject({ url: issuer, thumbprints })
    expect(place.aws.state.buckets.size).toBe(0)
  })

  test('its token for STS gets credentials; its default token opens the API, and nothing at STS', async () => {
    await kubectl(['create', 'namespace', 'shop'])
    await kubectl(['-n', 'shop', 'create', 'serviceaccount', 'checkout'])
    const role = await irsa('create-role', 'shop/checkout', '--yes')
    expect(role).toMatchObject({ code: 0 })
    const { roleArn: RoleArn } = role.json<{ roleArn: string }>()
    const assume = (WebIdentityToken: string) => {
      const input = { RoleArn, RoleSessionName: 'test', WebIdentityToken }
      return clientsFor(place.aws).sts.send(new AssumeRoleWithWebIdentityCommand(input))
    }
    const { AssumedRoleUser } = await assume(await token('--audience', 'sts.amazonaws.com'))
    expect(AssumedRoleUser?.Arn).toContain(':assumed-role/home-shop-checkout/')
    expect(await server.whoIs(await token())).toBe('system:serviceaccount:shop:checkout')
    await expect(assume(await token())).rejects.toThrow(/audience/i)
  })

  test('verify has nothing to say against it', async () => {
    const env = { PATH: parts.path, KUBECONFIG: server.kubeconfig }
    await kubectl(['-n', 'default', 'create', 'serviceaccount', 'default'])
    const found = await verify(place, [], env)
    expect(found.link('apiserver')).toMatchObject({ status: 'pass', findings: [] })
    expect(found.brokenLink).toBe(null)
  })

  test('then there is nothing to do, until destroy takes the provider away', async () => {
    await changingNothing(place, () => irsa('apply', '--yes'))
    expect(await irsa('plan', '--exit-code')).toMatchObject({ code: 0 })
    expect(await irsa('delete-role', 'shop/checkout', '--yes')).toMatchObject({ code: 0 })
    const destroyed = await irsa('destroy', '--confirm', 'home')
    expect(destroyed).toMatchObject({ code: 0 })
    expect(destroyed.json()).toMatchObject({
      changes: [{ action: 'delete', resource: 'provider' }],
      left: [],
    })
  })

  /** The page that every configuration in YAML ends in. */
  const printedBinding = async () => {
    const { text } = await printFlags(place, '--for', 'kubeadm', '--host', 'cluster')
    return parseAllDocuments(text).at(-1)?.toJS()
  }
})

const sha1 = (pem: string): string =>
  new X509Certificate(pem).fingerprint.replaceAll(':', '').toLowerCase()
