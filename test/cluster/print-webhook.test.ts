import { readFile, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { irsa, startProgram, temporaryFolder, type Ended } from '../support/cli.ts'
import type { ApiServer } from './api-server.ts'
import { ask } from './ask.ts'
import { openCluster, type Cluster } from './cluster.ts'
import { openEgress, type Egress } from './egress.ts'
import { parts, withoutParts } from './parts.ts'
import { startWebhook, type Webhook } from './webhook.ts'
import { endpoints, placeCertificate } from './webhook-surroundings.ts'

const NAME = 'pod-identity-webhook'
const HOST = `${NAME}.${NAME}.svc`
const ROLE = 'arn:aws:iam::111122223333:role/irsa/shop-checkout'

const objects = (text: string) => parseAllDocuments(text).map((document) => document.toJS())
const find = (text: string, kind: string) => objects(text).find((object) => object.kind === kind)
const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString()

describe.skipIf(withoutParts)('what print-webhook prints', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let cluster: Cluster
  let egress: Egress
  let server: ApiServer
  let printed: Ended
  let webhook: Webhook

  const print = (...args: string[]) => irsa(['print-webhook', ...args], { cwd: folder.path })

  /** Runs kubectl, which has to succeed without a warning. */
  const expectKubectl = async (args: readonly string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await server.kubectl(args, input)
    expect(stderr).toBe('')
    expect(code).toBe(0)
    return stdout
  }

  beforeAll(async () => {
    ;[folder, cluster] = await Promise.all([temporaryFolder(), openCluster()])
    const key = join(cluster.identity.folder, 'sa.key')
    await startProgram(['openssl', 'genrsa', '-traditional', '-out', key, '2048'], { cwd: '/' })
      .ended
    egress = await openEgress(cluster.identity.folder)
    server = await cluster.start([
      '--service-account-issuer=https://issuer.example',
      `--service-account-key-file=${key}`,
      `--service-account-signing-key-file=${key}`,
      // Without kube-proxy the Service's address leads nowhere, and its endpoints do.
      '--enable-aggregator-routing=true',
      `--egress-selector-config-file=${egress.file}`,
    ])
    printed = await print('--failure-policy', 'Fail', '--region', 'eu-west-3')
    await placePrinted(printed.stdout)
    await expectKubectl(['apply', '-f', '-'], printed.stdout)
    webhook = await startWebhook({
      kubeconfig: server.kubeconfig,
      certificateFile: join(folder.path, 'tls.crt'),
      keyFile: join(folder.path, 'tls.key'),
      flags: find(printed.stdout, 'Deployment').spec.template.spec.containers[0].args,
    })
    // Older API servers look at Endpoints, of which newer ones warn.
    await server.kubectl(['apply', '-f', '-'], endpoints(NAME, webhook.port))
    await expectKubectl(['create', 'namespace', 'shop'])
    await expectKubectl(['-n', 'shop', 'create', 'serviceaccount', 'checkout'])
    await expectKubectl([
      '-n',
      'shop',
      'annotate',
      'sa',
      'checkout',
      `eks.amazonaws.com/role-arn=${ROLE}`,
    ])
  })
  afterAll(async () => {
    await webhook?.stop()
    await egress?.[Symbol.asyncDispose]()
    await cluster?.[Symbol.asyncDispose]()
    await folder?.[Symbol.asyncDispose]()
  })

  const placePrinted = (text: string) => placeCertificate(folder.path, find(text, 'Secret').data)

  /** Asks for a pod without making it; the webhook is asked as well. */
  const createPod = (namespace = 'shop', serviceAccountName = 'checkout') =>
    server.ask(`/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
      method: 'POST',
      token: cluster.identity.adminToken,
      body: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'app' },
        spec: { serviceAccountName, containers: [{ name: 'app', image: 'app' }] },
      },
    })

  test.each([
    [[]],
    [['--failure-policy', 'Fail', '--watch-config-map', '--replicas', '1']],
    [['--namespace', 'kube-system', '--name', 'hook', '--region', 'cn-north-1']],
  ])('passes kubectl apply --dry-run=server: %j', async (args) => {
    const { stdout } = await print(...args)
    await expectKubectl(['apply', '--dry-run=server', '--validate=strict', '-f', '-'], stdout)
  })

  test('is renewed only where it is installed', async () => {
    const { code, stdout, stderr } = await renew('--name', 'hook')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('no webhook configuration named hook')
  })

  test('is a folder for kubectl apply -f and -k as well', async () => {
    await print('--out-dir', 'out', '--kustomize')
    const out = join(folder.path, 'out')
    await expectKubectl(['apply', '--dry-run=server', '-k', out])
    await startProgram(['rm', join(out, 'kustomization.yaml')], { cwd: '/' }).ended
    await expectKubectl(['apply', '--dry-run=server', '-f', out])
  })

  test('gives the pods of an annotated service account credentials', async () => {
    const answer = await createPod()
    expect(answer.status).toBe(201)
    const { spec } = answer.json()
    const [volume] = spec.volumes
    expect(volume.name).toBe('aws-iam-token')
    expect(volume.projected.sources[0].serviceAccountToken).toEqual({
      audience: 'sts.amazonaws.com',
      expirationSeconds: 86400,
      path: 'token',
    })
    const [{ env, volumeMounts }] = spec.containers
    const path = '/var/run/secrets/eks.amazonaws.com/serviceaccount'
    expect(env).toEqual([
      { name: 'AWS_STS_REGIONAL_ENDPOINTS', value: 'regional' },
      { name: 'AWS_DEFAULT_REGION', value: 'eu-west-3' },
      { name: 'AWS_REGION', value: 'eu-west-3' },
      { name: 'AWS_ROLE_ARN', value: ROLE },
      { name: 'AWS_WEB_IDENTITY_TOKEN_FILE', value: `${path}/token` },
    ])
    expect(volumeMounts).toContainEqual({ name: 'aws-iam-token', readOnly: true, mountPath: path })
  })

  test('a certificate that Go accepts, for the name of the Service alone', async () => {
    const { webhooks } = find(printed.stdout, 'MutatingWebhookConfiguration')
    const authorities = join(folder.path, 'authorities.pem')
    await writeFile(authorities, decoded(webhooks[0].clientConfig.caBundle))
    const check = (name: string) =>
      startProgram([parts.tlscheck, authorities, name, `127.0.0.1:${webhook.port}`], { cwd: '/' })
        .ended
    expect(await check(HOST)).toMatchObject({ code: 0, stdout: 'ok\n' })
    expect(await check(NAME)).toMatchObject({ code: 1 })
  })

  /** What a person types who renews through a pipe, or through files; answers the Secret. */
  const renewals = {
    'a stream': async () => {
      const { code, stdout } = await renew()
      expect(code).toBe(0)
      await expectKubectl(['apply', '-f', '-'], stdout)
      return stdout
    },
    'a folder': async () => {
      const { code, stderr } = await renew('--out-dir', 'renewed', '--kustomize')
      expect(code).toBe(0)
      const [command] = /kubectl apply .*?(?=  )/.exec(stderr)!
      const options = { cwd: folder.path, env: asAdmin() }
      const applied = await startProgram(['sh', '-c', command], options).ended
      expect(applied).toMatchObject({ code: 0, stderr: '' })
      expect(applied.stdout).toMatch(/^mutatingwebhookconfiguration.*\nsecret.*\n$/)
      return readFile(join(folder.path, 'renewed/50-secret.yaml'), 'utf8')
    },
  }
  const asAdmin = () => ({ PATH: parts.path, KUBECONFIG: server.kubeconfig })
  const renew = (...args: string[]) =>
    irsa(['print-webhook', '--renew', ...args], { cwd: folder.path, env: asAdmin() })

  test.each(['a stream', 'a folder'] as const)('--renew as %s drops no request', async (way) => {
    const tried = { requests: 0, without: 0 }
    const until = new AbortController()
    const creating = (async () => {
      while (!until.signal.aborted) {
        const answer = await createPod()
        tried.requests += 1
        if (!answer.body.includes('AWS_ROLE_ARN')) tried.without += 1
      }
    })()
    const before = await servedSerial()
    const renewed = await renewals[way]()
    // A kubelet takes its time: until then the old certificate is served to whoever trusts both.
    await wait(2_000)
    await placePrinted(renewed)
    while ((await servedSerial()) === before) await wait(200)
    await wait(2_000)
    until.abort()
    await creating
    expect(tried.requests).toBeGreaterThan(50)
    expect(tried.without).toBe(0)
  })

  /** Of the certificate that the webhook serves now. */
  async function servedSerial(): Promise<string> {
    const options = { port: webhook.port, host: '127.0.0.1', rejectUnauthorized: false }
    const socket = connect(options).on('error', () => undefined)
    await once(socket, 'secureConnect')
    const { serialNumber } = socket.getPeerCertificate()
    socket.destroy()
    return serialNumber
  }

  test('while the webhook is away, kube-system goes on and other namespaces wait', async () => {
    await expectKubectl(['-n', 'kube-system', 'create', 'serviceaccount', 'proxy'])
    expect((await createPod('kube-system', 'proxy')).status).toBe(201)
    await webhook.stop()
    expect(await ask(`${webhook.url}/healthz`, { unverified: true }).catch(() => 'gone')).toBe(
      'gone',
    )
    expect((await createPod('kube-system', 'proxy')).status).toBe(201)
    const refused = await createPod()
    expect(refused.status).toBe(500)
    expect(refused.body).toContain('pod-identity-webhook.amazonaws.com')
  })
})
