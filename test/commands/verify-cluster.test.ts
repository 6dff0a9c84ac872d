import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { workplace, type Workplace } from '../support/cli.ts'
import { type KubectlAnswers, standInKubectl } from '../support/kubectl.ts'
import { verify } from '../support/verified.ts'

const ROLE = 'arn:aws:iam::111122223333:role/irsa/shop-checkout'
const REFUSED_CONNECTION =
  'The connection to the server localhost:8080 was refused - did you specify the right host or port?'

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What a cluster answers, with a program in the place of kubectl; test/cluster has the real one. */
describe('irsa verify, of a cluster that answers', () => {
  let place: Workplace
  let issuer: string
  let healthy: KubectlAnswers
  let token: string

  beforeAll(async () => {
    place = await workplace()
    const made = await place.run(['init', '--name', 'prod', '--yes', '-o', 'json'])
    const { bucket, ...found } = made.json<{ issuer: string; bucket: string }>()
    issuer = found.issuer
    const objects = place.aws.state.buckets.get(bucket)?.objects
    const { keys } = JSON.parse(String(objects?.get('keys.json')?.at(-1)?.body))
    const claims = { iss: issuer, sub: 'system:serviceaccount:default:default', aud: [issuer] }
    token = [part({ kid: keys[0].kid }), part({ ...claims, exp: 1 }), 'c2VjcmV0'].join('.')
    healthy = {
      'config current-context': 'prod-admin\n',
      'get --raw /version': { gitVersion: 'v1.36.2' },
      'get --raw /.well-known/openid-configuration': { issuer },
      'get --raw /openid/v1/jwks': { keys },
      '-n default create token default': token,
      '-n kube-system get pods -l component=kube-apiserver -o json': { items: [] },
      '-n kube-system get pods -l k8s-app=kube-apiserver -o json': { items: [] },
      'get mutatingwebhookconfigurations -o json': { items: [CONFIGURATION] },
      '-n pod-identity-webhook get services,endpointslices,deployments -o json': BEHIND,
      '-n shop get serviceaccount checkout --ignore-not-found -o json': {
        metadata: { annotations: { 'eks.amazonaws.com/role-arn': ROLE } },
      },
      '-n shop get pods --field-selector spec.serviceAccountName=checkout -o json': { items: [] },
      'get namespace shop --ignore-not-found -o json': { metadata: { labels: {} } },
    }
  })
  afterAll(() => place?.[Symbol.asyncDispose]())
  beforeEach(() => rm(join(place.cwd, 'kubectl.log'), { force: true }))

  const look = async (answers: KubectlAnswers, args: readonly string[] = [], refusal?: string) =>
    verify(place, ['--no-aws', ...args], await standInKubectl(place.cwd, answers, refusal))

  const asked = (): Promise<string> => readFile(join(place.cwd, 'kubectl.log'), 'utf8')

  const without = (...names: readonly string[]): KubectlAnswers =>
    Object.fromEntries(
      Object.entries(healthy).filter(([args]) => !names.some((name) => args.includes(name))),
    )

  test('one whose API server is no pod is healthy, and named', async () => {
    const found = await look(healthy)
    expect(found.link('apiserver')).toMatchObject({ status: 'pass', findings: [] })
    expect(found.link('webhook')).toMatchObject({ status: 'pass', findings: [] })
    expect(found.ended.stdout).toContain('prod-admin')
  })

  test('no token and no private key is asked for but the one token, which is never shown', async () => {
    const { ended } = await look(healthy, ['--service-account', 'shop/checkout'])
    const shown = ended.stdout + ended.stderr
    expect(shown).not.toContain(token)
    expect(shown).not.toContain('c2VjcmV0')
    const lines = (await asked()).split('\n')
    const secrets = lines.filter((line) => line.includes('secret'))
    expect(secrets.length).toBeGreaterThan(0)
    for (const line of secrets) expect(line).toMatch(/-o jsonpath=\{\.data\.tls\\\.crt\}$/)
  })

  test('nothing is written, but for a dry run', async () => {
    await look(healthy, ['--service-account', 'shop/checkout'])
    const writing = (await asked())
      .split('\n')
      .filter((line) => / (run|apply|create|delete|patch|annotate|replace) /.test(` ${line} `))
      .filter((line) => !line.includes('--dry-run=server') && !line.includes('create token'))
    expect(writing).toEqual([])
  })

  test('--no-cluster and --sign ask it nothing', async () => {
    for (const flag of ['--no-cluster', '--sign']) {
      const found = await look(healthy, [flag])
      expect(found.link('apiserver')).toMatchObject({
        status: 'skip',
        fix: expect.stringContaining(flag),
      })
      expect(found.link('webhook').status).toBe('skip')
      await expect(asked()).rejects.toThrow('ENOENT')
    }
  })

  test('where webhook configurations may not be listed, the link says so and the others go on', async () => {
    const found = await look(without('mutatingwebhook'))
    expect(found.link('apiserver').status).toBe('pass')
    expect(found.link('webhook')).toMatchObject({
      status: 'skip',
      summary: expect.stringContaining('mutatingwebhookconfigurations'),
      fix: expect.stringContaining('Permit'),
    })
  })

  test('where no token may be made, the signer is not known', async () => {
    const { status, findings } = (await look(without('create token'))).link('apiserver')
    expect(status).toBe('pass')
    expect(findings.map(({ id }) => id)).toEqual(['apiserver/signer-unseen'])
  })

  test('where nothing may be read, each link says what it would take', async () => {
    const found = await look({ 'config current-context': 'prod-admin' })
    expect(found.link('apiserver')).toMatchObject({
      status: 'skip',
      summary: expect.stringContaining('which issuer it uses'),
    })
    expect(found.link('webhook').status).toBe('skip')
  })

  test('where the pods of the service account may not be read, the account still is', async () => {
    const answers = without('get pods --field-selector', 'get serviceaccount')
    const gone = { '-n shop get serviceaccount checkout --ignore-not-found -o json': '' }
    const args = ['--service-account', 'shop/checkout']
    const found = await look({ ...answers, ...gone }, args)
    expect(found.link('webhook').findings.map(({ id }) => id)).toEqual([
      'webhook/service-account-missing',
      'webhook/pods-unread',
    ])
  })

  test('where the service account may not be read, the webhook still is', async () => {
    const args = ['--service-account', 'shop/checkout']
    const found = await look(without('get serviceaccount'), args)
    const { status, findings } = found.link('webhook')
    expect(status).toBe('warn')
    expect(findings).toEqual([
      expect.objectContaining({
        id: 'webhook/service-account-unread',
        fix: expect.stringContaining('Permit get of serviceaccounts'),
      }),
    ])
  })

  test('something else than the API server answers', async () => {
    const html = { 'get --raw /.well-known/openid-configuration': '<html>' }
    const { status, summary } = (await look({ ...healthy, ...html })).link('apiserver')
    expect(status).toBe('skip')
    expect(summary).toContain('no JSON')
  })

  describe('that cannot be asked at all', () => {
    const ACCOUNT = ['--service-account', 'shop/checkout']
    const ask = async (answers: KubectlAnswers, refusal: string) => {
      const env = await standInKubectl(place.cwd, answers, refusal)
      return place.run(['verify', '--no-aws', '-o', 'json', ...ACCOUNT], env)
    }

    test('without a context the links are left out', async () => {
      const found = await look({}, [], REFUSED_CONNECTION)
      for (const id of ['apiserver', 'webhook'] as const) {
        expect(found.link(id)).toMatchObject({
          status: 'skip',
          summary: expect.stringContaining('no current context'),
          fix: expect.stringContaining('KUBECONFIG'),
        })
      }
    })

    test('without kubectl the links are left out', async () => {
      const empty = join(place.cwd, 'empty')
      await mkdir(empty, { recursive: true })
      const found = await verify(place, ['--no-aws'], { PATH: empty })
      expect(found.link('apiserver')).toMatchObject({
        status: 'skip',
        fix: expect.stringMatching(/^Install kubectl/),
      })
      expect(found.link('webhook').status).toBe('skip')
      const args = ['verify', '--no-aws', '-o', 'json', ...ACCOUNT]
      const ended = await place.run(args, { PATH: empty })
      expect(ended).toMatchObject({ code: 1, stdout: '' })
      expect(ended.problem().code).toBe('kubectl/missing')
    })

    test.each([
      ['no context', {}, REFUSED_CONNECTION, 'kubectl/no-context'],
      [
        'credentials that are not known',
        { 'config current-context': 'prod' },
        'error: You must be logged in to the server (Unauthorized)',
        'kubectl/failed',
      ],
      [
        'a cluster that is gone',
        { 'config current-context': 'prod' },
        'Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout',
        'kubectl/failed',
      ],
    ])('a service account in it is a mistake at once: %s', async (_, answers, refusal, code) => {
      const ended = await ask(answers, refusal)
      expect(ended).toMatchObject({ code: 1, stdout: '' })
      expect(ended.problem().code).toBe(code)
    })

    test('a context that does not exist is told by its name', async () => {
      const refusal = 'Error in configuration: context was not found for specified context: staging'
      const ended = await ask({ 'config current-context': 'staging' }, refusal)
      expect(ended.problem().why).toContain('staging')
    })
  })
})

const NAME = 'pod-identity-webhook'
const CONFIGURATION = {
  metadata: { name: NAME },
  webhooks: [
    {
      name: 'pod-identity-webhook.amazonaws.com',
      admissionReviewVersions: ['v1beta1'],
      failurePolicy: 'Ignore',
      clientConfig: { service: { namespace: NAME, name: NAME }, caBundle: '' },
    },
  ],
}
const LABELS = { app: NAME }
const BEHIND = {
  items: [
    { kind: 'Service', metadata: { name: NAME }, spec: { selector: LABELS } },
    {
      kind: 'EndpointSlice',
      metadata: { name: 'x', labels: { 'kubernetes.io/service-name': NAME } },
      endpoints: [{}],
    },
    {
      kind: 'Deployment',
      metadata: { name: NAME },
      spec: {
        template: {
          metadata: { labels: LABELS },
          spec: {
            containers: [
              {
                image: 'webhook:v0.6.17',
                args: ['--tls-cert=/certs/tls.crt'],
                volumeMounts: [{ name: 'certs', mountPath: '/certs' }],
              },
            ],
            volumes: [{ name: 'certs', secret: { secretName: 'webhook-cert' } }],
          },
        },
      },
    },
  ],
}
