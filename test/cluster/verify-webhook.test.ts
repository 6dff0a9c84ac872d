import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeServingCertificate } from '../../src/adapters/certificates.ts'
import { type Printed, recordFault, verify } from '../support/verified.ts'
import { withoutParts } from './parts.ts'
import { openVerifiedCluster, type VerifiedCluster } from './verified-webhook.ts'

const NAME = 'pod-identity-webhook'
const HOST = `${NAME}.${NAME}.svc`
const DAY = 86_400_000

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const pod = (name: string, more: object = {}, serviceAccountName = 'checkout') =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', ...more },
    spec: { serviceAccountName, containers: [{ name: 'app', image: 'app' }] },
  })

/** One fault at a time, each undone by what is printed for it. */
describe.skipIf(withoutParts)('irsa verify of the webhook, a service account and its pods', () => {
  let it: VerifiedCluster

  beforeAll(async () => {
    it = await openVerifiedCluster()
    await it.kubectl(['create', '-f', '-'], pod('app'))
  })
  afterAll(() => it?.[Symbol.asyncDispose]())

  const ACCOUNT = ['--service-account', 'shop/checkout']

  const look = (...args: readonly string[]): Promise<Printed> =>
    verify(it.place, ['--no-aws', '--role-arn', it.roleArn, ...ACCOUNT, ...args], it.env)

  const webhookOf = async (...args: readonly string[]) => (await look(...args)).link('webhook')

  /** Once what takes a moment in any cluster has come about. */
  const expectHealthy = async (...args: readonly string[]): Promise<void> => {
    await expect
      .poll(() => webhookOf(...args), { timeout: 40_000, interval: 500 })
      .toMatchObject({ status: 'pass' })
  }

  interface Injected {
    readonly fault: string
    readonly finding: string
    readonly args?: readonly string[]
    readonly byHand?: string
    /** What the test does in the place of a cluster, where the command alone does not do it. */
    readonly played?: string
  }

  /** Looks at what was broken, and mends it with what is printed. */
  async function expectMended({
    fault,
    finding,
    args = [],
    byHand,
    played,
  }: Injected): Promise<Printed> {
    const found = await look(...args)
    const [first] = found.link('webhook').findings
    expect({ broken: found.brokenLink, finding: first?.id }, JSON.stringify(found.links)).toEqual({
      broken: 'webhook',
      finding,
    })
    if (byHand === undefined) {
      await it.obey(first?.command ?? 'false')
      await expectHealthy(...args)
    }
    await recordFault({ fault, link: 'webhook', finding, mended: byHand ?? played ?? true })
    return found
  }

  const annotate = (...annotations: readonly string[]) =>
    it.kubectl([
      '-n',
      'shop',
      'annotate',
      'serviceaccount',
      'checkout',
      '--overwrite',
      ...annotations,
    ])

  const patch = (operations: readonly object[]) =>
    it.kubectl([
      'patch',
      'mutatingwebhookconfiguration',
      NAME,
      '--type=json',
      '-p',
      JSON.stringify(operations),
    ])

  const replaced = (what: string, value: unknown) => ({
    op: 'replace',
    path: `/webhooks/0/${what}`,
    value,
  })

  /** A certificate of another day or for another name, as somebody else's tool may have left it. */
  async function install({ names = [HOST], now = new Date(), days = 30, trusts = true }) {
    const made = await makeServingCertificate({ names, commonName: 'somebody', now, days })
    const data = { 'tls.crt': base64(made.certificate), 'tls.key': base64(made.key) }
    await it.kubectl([
      '-n',
      NAME,
      'patch',
      'secret',
      `${NAME}-cert`,
      '-p',
      JSON.stringify({ data }),
    ])
    if (trusts) await patch([replaced('clientConfig/caBundle', base64(made.authority))])
    await it.settle()
  }

  afterEach(async () => {
    await it.kubectl([
      '-n',
      'shop',
      'delete',
      'pod',
      '--now',
      '--ignore-not-found',
      'late',
      'left',
      'other',
    ])
  })

  test('a healthy one is not complained about, and nothing is left behind', async () => {
    await expectHealthy('--pod', 'app')
    const link = await webhookOf()
    expect(link.findings).toEqual([])
    expect(link.summary).toContain(it.roleArn)
    expect(await it.kubectl(['-n', 'shop', 'get', 'pods', '-o', 'name'])).toBe('pod/app\n')
  })

  test('without a service account the webhook alone is looked at', async () => {
    const found = await verify(it.place, ['--no-aws'], it.env)
    expect(found.link('webhook')).toMatchObject({ status: 'pass', findings: [] })
    expect(found.link('webhook').summary).toContain('good until')
  })

  test('no webhook at all', async () => {
    await it.kubectl(['delete', 'mutatingwebhookconfiguration', NAME])
    const alone = await verify(it.place, ['--no-aws'], it.env)
    expect(alone.link('webhook')).toMatchObject({ status: 'warn' })
    await it.kubectl(['-n', 'shop', 'delete', 'pod', 'app', '--now'])
    await expectMended({ fault: 'the webhook is missing', finding: 'webhook/missing' })
    await it.kubectl(['create', '-f', '-'], pod('app'))
  })

  test('its pods are gone', async () => {
    await it.stopWebhook()
    const found = await expectMended({
      fault: 'the webhook is down',
      finding: 'webhook/down',
      played: 'run as printed; the test starts the pods as a kubelet would',
    })
    expect(found.link('webhook').why).toContain('failurePolicy Ignore')
  })

  test('it is scaled to nothing', async () => {
    await it.kubectl(['-n', NAME, 'scale', 'deployment', NAME, '--replicas=0'])
    await it.stopWebhook()
    await expectMended({ fault: 'the webhook has no replicas', finding: 'webhook/down' })
  })

  test('its Service is gone', async () => {
    await it.kubectl(['-n', NAME, 'delete', 'service', NAME])
    await expectMended({ fault: "the webhook's Service is missing", finding: 'webhook/down' })
  })

  test('it is down, and pods wait for it', async () => {
    await patch([replaced('failurePolicy', 'Fail')])
    await it.stopWebhook()
    const { findings } = await webhookOf()
    expect(findings[0]).toMatchObject({ id: 'webhook/down', severity: 'high' })
    expect(findings[0]?.why).toContain('failed calling webhook')
    await patch([replaced('failurePolicy', 'Ignore')])
    await it.settle()
    await expectHealthy()
  })

  test('its certificate has expired, and the authority with it', async () => {
    await install({ now: new Date(Date.now() - 40 * DAY) })
    await expectMended({
      fault: "the webhook's certificate has expired",
      finding: 'webhook/certificate-expired',
    })
  })

  test('its certificate ends within days', async () => {
    await install({ now: new Date(Date.now() - 25 * DAY) })
    const link = await webhookOf()
    expect(link.findings.map(({ id }) => id)).toEqual(['webhook/certificate-expiring-soon'])
    expect(link.status).toBe('warn')
    await it.obey(link.findings[0]?.command ?? 'false')
    await expectHealthy()
  })

  test('its certificate is made out to another name', async () => {
    await install({ names: [NAME, `${NAME}.${NAME}`, `${HOST}.local`] })
    await expectMended({
      fault: "the webhook's certificate lacks the name of its Service",
      finding: 'webhook/certificate-name',
    })
  })

  test('the caBundle is that of another authority', async () => {
    await install({ trusts: false })
    await expectMended({
      fault: "the caBundle does not match the webhook's certificate",
      finding: 'webhook/bundle-mismatch',
    })
  })

  test('the caBundle is empty', async () => {
    await patch([{ op: 'remove', path: '/webhooks/0/clientConfig/caBundle' }])
    await expectMended({ fault: 'the caBundle is empty', finding: 'webhook/bundle-mismatch' })
  })

  test('the Secret is gone', async () => {
    await it.kubectl(['-n', NAME, 'delete', 'secret', `${NAME}-cert`])
    await expectMended({
      fault: "the Secret of the webhook's certificate is missing",
      finding: 'webhook/certificate-missing',
    })
  })

  test('a version that it does not answer in', async () => {
    await patch([replaced('admissionReviewVersions', ['v1', 'v1beta1'])])
    await expectMended({
      fault: 'admissionReviewVersions: v1, which v0.6.17 silently fails',
      finding: 'webhook/silently-skips',
    })
  })

  test('a namespace that its selector leaves out', async () => {
    const value = { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['legacy'] }] }
    await patch([{ op: 'add', path: '/webhooks/0/namespaceSelector', value }])
    await it.kubectl(['label', 'namespace', 'shop', 'team=legacy'])
    await expectMended({
      fault: 'the namespaceSelector leaves the namespace out',
      finding: 'webhook/namespace-excluded',
    })
  })

  test('a pod that was created before the annotation', async () => {
    await annotate('eks.amazonaws.com/role-arn-')
    await it.kubectl(['create', '-f', '-'], pod('late'))
    await annotate(`eks.amazonaws.com/role-arn=${it.roleArn}`)
    await expect
      .poll(async () => (await webhookOf('--pod', 'app')).status, { timeout: 20_000 })
      .toBe('pass')
    await expectMended({
      fault: 'the pod was created before the annotation',
      finding: 'webhook/pod-not-injected',
      args: ['--pod', 'late'],
    })
  })

  test('a pod whose label keeps the webhook away', async () => {
    const labels = { 'eks.amazonaws.com/skip-pod-identity-webhook': 'true' }
    await it.kubectl(['create', '-f', '-'], pod('left', { labels }))
    await expectMended({
      fault: 'a label of the pod keeps the webhook away',
      finding: 'webhook/pod-excluded',
    })
  })

  test('a pod that is not there, and one of another service account', async () => {
    await expectMended({
      fault: 'there is no such pod',
      finding: 'webhook/pod-missing',
      args: ['--pod', 'gone'],
      byHand: 'another name',
    })
    await it.kubectl(['-n', 'shop', 'create', 'serviceaccount', 'refund'])
    await it.kubectl(['create', '-f', '-'], pod('other', {}, 'refund'))
    await expectMended({
      fault: 'the pod runs as another service account',
      finding: 'webhook/pod-other-service-account',
      args: ['--pod', 'other'],
      byHand: 'another name',
    })
  })

  test('a service account without a role', async () => {
    await annotate('eks.amazonaws.com/role-arn-')
    await it.kubectl(['create', '-f', '-'], pod('late'))
    const found = await look()
    expect(found.link('webhook').findings[0]?.id).toBe('webhook/role-not-annotated')
    await it.kubectl(['-n', 'shop', 'delete', 'pod', 'late', '--now'])
    await it.kubectl(['-n', 'shop', 'delete', 'pod', 'app', '--now'])
    await expectMended({
      fault: 'the service account is not annotated',
      finding: 'webhook/role-not-annotated',
    })
    await it.kubectl(['create', '-f', '-'], pod('app'))
  })

  test('an annotation that is no ARN of a role', async () => {
    await annotate('eks.amazonaws.com/role-arn=shop-checkout')
    await expectMended({
      fault: 'the annotation is no ARN',
      finding: 'webhook/role-arn-malformed',
    })
  })

  test('no such service account, and no such namespace', async () => {
    await it.kubectl(['-n', 'shop', 'delete', 'serviceaccount', 'checkout'])
    await expectMended({
      fault: 'the service account is missing',
      finding: 'webhook/service-account-missing',
    })
    const found = await verify(
      it.place,
      ['--no-aws', '--role-arn', it.roleArn, '--service-account', 'nowhere/checkout'],
      it.env,
    )
    expect(found.link('webhook').findings.map(({ id }) => id)).toEqual([
      'webhook/namespace-missing',
    ])
  })

  test('an audience that the provider does not take', async () => {
    await annotate('eks.amazonaws.com/audience=vault')
    const args = [...ACCOUNT, '--pod', 'app']
    await expect
      .poll(
        async () =>
          (await verify(it.place, args, it.env)).link('webhook').findings.map(({ id }) => id),
        { timeout: 20_000 },
      )
      .toEqual(['webhook/other-audience'])
    const found = await verify(it.place, args, it.env)
    await it.obey(found.link('webhook').findings[0]?.command ?? 'false')
    await expect
      .poll(async () => (await verify(it.place, args, it.env)).link('webhook').status)
      .toBe('pass')
    await recordFault({
      fault: 'the webhook gives pods a token for another audience',
      link: 'webhook',
      finding: 'webhook/other-audience',
      mended: true,
    })
    await annotate('eks.amazonaws.com/audience-')
  })

  test('one that is called by its URL', async () => {
    const before = JSON.parse(
      await it.kubectl(['get', 'mutatingwebhookconfiguration', NAME, '-o', 'json']),
    )
    await install({ names: [HOST, '127.0.0.1'] })
    const client = { url: it.webhookUrl() }
    const { caBundle } = JSON.parse(
      await it.kubectl(['get', 'mutatingwebhookconfiguration', NAME, '-o', 'json']),
    ).webhooks[0].clientConfig
    await patch([replaced('clientConfig', { ...client, caBundle })])
    await expectHealthy()
    await patch([
      replaced('clientConfig', { ...client, caBundle: before.webhooks[0].clientConfig.caBundle }),
    ])
    await expectMended({
      fault: 'the caBundle does not match what the webhook at a URL presents',
      finding: 'webhook/certificate-refused',
      byHand: 'a server of somebody else',
    })
    await patch([replaced('clientConfig', { ...client, caBundle })])
    await it.stopWebhook()
    await expectMended({
      fault: 'the webhook at a URL is down',
      finding: 'webhook/down',
      byHand: 'a server of somebody else',
    })
    await it.kubectl(['delete', 'mutatingwebhookconfiguration', NAME])
    await it.obey('irsa print-webhook | kubectl apply -f -')
    await expectHealthy()
  })

  test('where pods bring all of it themselves, no webhook is missed', async () => {
    await it.kubectl(['delete', 'mutatingwebhookconfiguration', NAME])
    await annotate('eks.amazonaws.com/role-arn-')
    await it.kubectl(['-n', 'shop', 'delete', 'pod', 'app', '--now'])
    const job = await it.place.run([
      'print-test-job',
      'shop/checkout',
      '--no-webhook',
      '--role-arn',
      it.roleArn,
      '-o',
      'json',
    ])
    const { stdout } = await it.server.kubectl(
      ['create', '--dry-run=client', '-o', 'jsonpath={.spec.template.spec}', '-f', '-'],
      job.json<{ text: string }>().text,
    )
    const own = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'own', namespace: 'shop' } }
    await it.kubectl(['create', '-f', '-'], JSON.stringify({ ...own, spec: JSON.parse(stdout) }))
    const link = await webhookOf()
    expect(link).toMatchObject({ status: 'pass', findings: [] })
    expect(link.summary).toContain('themselves')
    await it.kubectl(['-n', 'shop', 'delete', 'pod', 'own', '--now'])
    await it.kubectl(['create', '-f', '-'], pod('app'))
    await annotate(`eks.amazonaws.com/role-arn=${it.roleArn}`)
    await it.obey('irsa print-webhook | kubectl apply -f -')
    await it.kubectl(['-n', 'shop', 'delete', 'pod', 'app', '--now'])
    await expectHealthy()
  })

  test('from end to end, with AWS and a pod', async () => {
    await it.kubectl(['-n', 'shop', 'delete', 'pod', 'app', '--now', '--ignore-not-found'])
    await it.kubectl(['create', '-f', '-'], pod('app'))
    const found = await verify(it.place, [...ACCOUNT, '--pod', 'app'], it.env)
    const passed = Object.fromEntries(found.links.map(({ id, status }) => [id, status]))
    expect(passed).toMatchObject({ apiserver: 'pass', webhook: 'pass' })
    expect(found.ok).toBe(true)
    expect(passed, JSON.stringify(found.links)).toEqual(
      Object.fromEntries(found.links.map(({ id }) => [id, 'pass'])),
    )
  })
})
