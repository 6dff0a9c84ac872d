import { describe, expect, test } from 'vitest'
import { makeServingCertificate } from '../../src/adapters/certificates.ts'
import { type KubePod, podSeen } from '../../src/core/verify/pod.ts'
import type { WorkloadSeen } from '../../src/core/verify/sights.ts'
import type { DryRun, WebhookBackend, WebhookCase } from '../../src/core/verify/webhook-case.ts'
import {
  findPodIdentityWebhook,
  unmet,
  type WebhookConfiguration,
} from '../../src/core/verify/webhook-configuration.ts'
import { bringsItsOwn, missingWebhook, provedWords } from '../../src/core/verify/webhook-words.ts'
import { judgeWebhook } from '../../src/core/verify/webhook.ts'
import { type AccountCase, accountFindings } from '../../src/core/verify/workload-account.ts'
import { otherAudience } from '../../src/core/verify/workload-audience.ts'
import { podFindings } from '../../src/core/verify/workload-pods.ts'

const NOW = new Date('2026-11-22T12:00:00Z')
const DAY = 86_400_000
const ROLE = 'arn:aws:iam::111122223333:role/shop'
const HOST = 'pod-identity-webhook.pod-identity-webhook.svc'
const SERVICE = { namespace: 'pod-identity-webhook', name: 'pod-identity-webhook' }
const ANNOTATED = { 'eks.amazonaws.com/role-arn': ROLE }
const ACCOUNT = { namespace: 'shop', name: 'checkout' }

const made = (days: number, started = 0, names = [HOST]) =>
  makeServingCertificate({
    names,
    commonName: 'test',
    days,
    now: new Date(NOW.getTime() - started * DAY),
  })
const good = await made(90)
const ending = await made(30, 20)
const over = await made(30, 40)
const misnamed = await made(90, 0, ['pod-identity-webhook', `${HOST}.local`])

const base64 = (text: string): string => Buffer.from(text).toString('base64')

const installed = (webhook: object = {}, metadata: object = {}) => ({
  metadata: { name: 'pod-identity-webhook', ...metadata },
  webhooks: [
    {
      name: 'pod-identity-webhook.amazonaws.com',
      admissionReviewVersions: ['v1beta1'],
      failurePolicy: 'Ignore',
      clientConfig: { service: SERVICE, caBundle: base64(good.authority) },
      ...webhook,
    },
  ],
})

const found = (webhook: object = {}): WebhookConfiguration =>
  findPodIdentityWebhook([installed(webhook)])!

const BACKEND: WebhookBackend = {
  service: SERVICE,
  exists: true,
  readyEndpoints: 2,
  deployment: {
    name: 'pod-identity-webhook',
    image: 'public.ecr.aws/eks/amazon-eks-pod-identity-webhook:v0.6.17',
    args: [],
    replicas: 2,
  },
  secret: 'pod-identity-webhook-cert',
  certificate: good.certificate,
}

const pod = (name: string, more: Partial<KubePod['metadata']> = {}, injected = true) =>
  podSeen({
    metadata: { name, namespace: 'shop', ...more },
    spec: {
      serviceAccountName: 'checkout',
      containers: injected ? [{ env: [{ name: 'AWS_ROLE_ARN', value: ROLE }] }] : [{}],
      volumes: injected
        ? [{ projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com' } }] } }]
        : [],
    },
  })

const workload = (more: Partial<WorkloadSeen> = {}): WorkloadSeen => ({
  serviceAccount: ACCOUNT,
  annotations: ANNOTATED,
  pods: [],
  podsUnread: false,
  ...more,
})

const moved: DryRun = { kind: 'made', pod: pod('irsa-verify') }
const unmoved: DryRun = { kind: 'made', pod: pod('irsa-verify', {}, false) }
const refused = (said: string): DryRun => ({
  kind: 'refused',
  said: `It said: Error from server (InternalError): Internal error occurred: failed calling webhook "pod-identity-webhook.amazonaws.com": ${said}`,
})

const CASE: WebhookCase = {
  configuration: found(),
  backend: BACKEND,
  reach: undefined,
  dryRun: undefined,
  workload: undefined,
  namespaceLabels: undefined,
  now: NOW,
  commands: { install: 'install', renew: 'renew' },
}

const judge = (more: Partial<WebhookCase> = {}) =>
  judgeWebhook({ ...CASE, ...more }).map(({ id, severity, command }) => [
    id.replace('webhook/', ''),
    severity,
    command,
  ])

const behind = (more: Partial<WebhookBackend>) => ({ backend: { ...BACKEND, ...more } })

describe('the configuration', () => {
  test.each([
    ['of irsa or kops', installed()],
    ['of upstream', installed({}, { name: 'pod-identity-webhook' })],
    ['of a chart, by its webhook', installed({}, { name: 'aws-amazon-eks' })],
    [
      'by its Service',
      installed(
        {
          name: 'iam.example.com',
          clientConfig: { service: { ...SERVICE, name: 'x-pod-identity-webhook' } },
        },
        { name: 'x' },
      ),
    ],
  ])('%s is recognised among others', (_, configuration) => {
    const other = { metadata: { name: 'istio' }, webhooks: [{ name: 'istio.io' }] }
    const seen = findPodIdentityWebhook([other, { metadata: {} }, 7, configuration])
    expect(seen?.name).toBe(configuration.metadata.name)
  })

  test('of others is none', () => {
    const other = { metadata: { name: 'istio' }, webhooks: [{ name: 'istio.io' }] }
    expect(findPodIdentityWebhook([other, { metadata: { name: 'pod-identity-webhook' } }])).toBe(
      undefined,
    )
  })

  const TEAM = { team: 'a' }
  test.each([
    [{}, undefined],
    [{ matchLabels: TEAM }, undefined],
    [{ matchLabels: { team: 'b' } }, 'In'],
    [{ matchExpressions: [{ key: 'team', operator: 'In', values: ['a', 'b'] }] }, undefined],
    [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] }, 'NotIn'],
    [{ matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['a'] }] }, undefined],
    [{ matchExpressions: [{ key: 'none', operator: 'In', values: ['a'] }] }, 'In'],
    [{ matchExpressions: [{ key: 'team', operator: 'Exists' }] }, undefined],
    [{ matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, 'DoesNotExist'],
    [{ matchExpressions: [{ key: 'none', operator: 'DoesNotExist' }] }, undefined],
    [{ matchExpressions: [{ key: 'none', operator: 'Exists' }] }, 'Exists'],
    [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, 'Exists'],
  ])('the selector %j is met but for %s', (selector, operator) => {
    expect(unmet(selector, TEAM)?.operator).toBe(operator)
  })
})

describe('a healthy webhook is not complained about', () => {
  const NEWER = 'amazon-eks-pod-identity-webhook:v0.6.18'
  test.each<[string, Partial<WebhookCase>]>([
    ['as it should be', {}],
    ['whose backend may not be looked at', { backend: undefined }],
    ['whose Secret may not be read', behind({ certificate: undefined })],
    ['without a Deployment', behind({ deployment: undefined })],
    ['asked by URL', { backend: undefined, reach: { kind: 'answers' } }],
    ['that gives a pod what it needs', { dryRun: moved, workload: workload() }],
    [
      'that works, whatever can be seen of it',
      { dryRun: moved, workload: workload(), ...behind({ readyEndpoints: 0 }) },
    ],
    ['that has nothing to do', { dryRun: unmoved, workload: workload({ annotations: {} }) }],
    [
      'of an image that speaks v1',
      {
        configuration: found({ admissionReviewVersions: ['v1', 'v1beta1'] }),
        ...behind({ deployment: { ...BACKEND.deployment!, image: NEWER } }),
      },
    ],
    [
      'of an unknown image that answers in v1',
      {
        configuration: found({ admissionReviewVersions: ['v1'] }),
        backend: undefined,
        dryRun: moved,
      },
    ],
    [
      'with v1beta1 first',
      { configuration: found({ admissionReviewVersions: ['v1beta1', 'v1'] }) },
    ],
    [
      'whose certificate stands in the bundle itself',
      {
        configuration: found({
          clientConfig: { service: SERVICE, caBundle: base64(good.certificate) },
        }),
      },
    ],
    [
      'with the authority of before in the bundle, too',
      {
        configuration: found({
          clientConfig: { service: SERVICE, caBundle: base64(over.authority + good.authority) },
        }),
      },
    ],
    [
      'when another policy refuses the pod that was asked for',
      {
        dryRun: { kind: 'refused', said: 'admission webhook "kyverno" denied it' },
        workload: workload(),
      },
    ],
  ])('%s', (_, more) => {
    expect(judge(more)).toEqual([])
  })
})

describe('a webhook', () => {
  const restart = 'kubectl -n pod-identity-webhook rollout restart deployment/pod-identity-webhook'
  const v1 = (image: string): Partial<WebhookCase> => ({
    configuration: found({ admissionReviewVersions: ['v1', 'v1beta1'] }),
    ...behind({ deployment: { ...BACKEND.deployment!, image } }),
  })
  test.each<[string, Partial<WebhookCase>, string, string, string | undefined]>([
    ['none of whose pods is ready', behind({ readyEndpoints: 0 }), 'down', 'high', restart],
    [
      'that is scaled to nothing',
      behind({ readyEndpoints: 0, deployment: { ...BACKEND.deployment!, replicas: 0 } }),
      'down',
      'high',
      'kubectl -n pod-identity-webhook scale deployment/pod-identity-webhook --replicas=2',
    ],
    [
      'without Deployment',
      behind({ readyEndpoints: 0, deployment: undefined }),
      'down',
      'high',
      'install',
    ],
    ['without Service', behind({ exists: false }), 'down', 'high', 'install'],
    [
      'whose certificate has expired',
      behind({ certificate: over.certificate }),
      'certificate-expired',
      'high',
      'renew',
    ],
    [
      'whose certificate ends soon',
      {
        ...behind({ certificate: ending.certificate }),
        configuration: found({
          clientConfig: { service: SERVICE, caBundle: base64(ending.authority) },
        }),
      },
      'certificate-expiring-soon',
      'medium',
      'renew',
    ],
    [
      'for another name',
      behind({ certificate: misnamed.certificate }),
      'certificate-name',
      'high',
      'renew',
    ],
    [
      'of another authority',
      behind({ certificate: ending.certificate }),
      'bundle-mismatch',
      'high',
      'renew',
    ],
    ['without a certificate', behind({ certificate: '' }), 'certificate-missing', 'high', 'renew'],
    [
      'asked in v1, of v0.6.17',
      v1('x:v0.6.17'),
      'silently-skips',
      'high',
      expect.stringContaining('--type=json'),
    ],
    [
      'asked in v1, of v0.5.7',
      v1('x:v0.5.7@sha256:00'),
      'silently-skips',
      'high',
      expect.anything(),
    ],
    [
      'asked in v1, of an unknown image',
      v1('x:latest'),
      'silently-skips',
      'medium',
      expect.anything(),
    ],
    [
      'asked by URL in vain',
      { backend: undefined, reach: { kind: 'fails', why: '', tls: false } },
      'down',
      'low',
      undefined,
    ],
    [
      'asked by URL in vain, as a pod shows',
      {
        backend: undefined,
        reach: { kind: 'fails', why: '', tls: false },
        dryRun: unmoved,
        workload: workload(),
      },
      'down',
      'high',
      undefined,
    ],
    [
      'whose URL has another certificate',
      { backend: undefined, reach: { kind: 'fails', why: '', tls: true } },
      'certificate-refused',
      'high',
      'renew',
    ],
    [
      'that does nothing, nobody knows why',
      { dryRun: unmoved, workload: workload() },
      'not-injecting',
      'high',
      restart,
    ],
    [
      'that the API server cannot reach',
      { dryRun: refused('dial tcp: connection refused') },
      'down',
      'high',
      'install',
    ],
    [
      'whose certificate the API server refuses',
      { dryRun: refused('x509: certificate signed by unknown authority') },
      'certificate-refused',
      'high',
      'renew',
    ],
    [
      'that leaves the namespace out',
      {
        configuration: found({ namespaceSelector: { matchLabels: { irsa: 'on' } } }),
        namespaceLabels: {},
        workload: workload(),
      },
      'namespace-excluded',
      'high',
      'kubectl label namespace shop --overwrite irsa=on',
    ],
    [
      'that leaves kube-system out',
      {
        configuration: found({
          namespaceSelector: {
            matchExpressions: [
              { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['shop'] },
            ],
          },
        }),
        namespaceLabels: { 'kubernetes.io/metadata.name': 'shop' },
        workload: workload(),
      },
      'namespace-excluded',
      'high',
      'kubectl edit mutatingwebhookconfiguration pod-identity-webhook',
    ],
  ])('%s', (_, more, id, severity, command) => {
    expect(judge(more)).toEqual([[id, severity, command]])
  })

  test('says who is told when it is away', () => {
    const why = (failurePolicy: string) =>
      judgeWebhook({
        ...CASE,
        configuration: found({ failurePolicy }),
        ...behind({ exists: false }),
      })[0]?.why
    expect(why('Ignore')).toContain('nobody is told')
    expect(why('Fail')).toContain('no pod can be created')
  })

  test.each([
    ['x509: certificate has expired', 'Renew its certificate'],
    ['connection refused', 'Install it again'],
  ])('that fails with %s has a whole sentence where there is no command', (reason, mending) => {
    const said = `failed calling webhook "pod-identity-webhook.amazonaws.com": ${reason}`
    const dryRun: DryRun = { kind: 'refused', said }
    const fixOf = (commands: WebhookCase['commands']) =>
      judgeWebhook({ ...CASE, dryRun, commands })[0]?.fix
    expect(fixOf(CASE.commands)).toBe(mending)
    expect(fixOf({ install: undefined, renew: undefined })).toMatch(/^[A-Z].+\.$/)
  })

  const SKIP = { 'eks.amazonaws.com/skip-pod-identity-webhook': 'true' }
  test.each([
    ['of nobody', {}, 'kubectl label --local'],
    [
      'of a DaemonSet',
      { ownerReferences: [{ kind: 'DaemonSet', name: 'a', controller: true }] },
      'kubectl -n shop patch daemonset/a',
    ],
    [
      'of something else',
      { ownerReferences: [{ kind: 'Run', name: 'a', controller: true }] },
      undefined,
    ],
  ])('left out by the label of a pod %s', (_, metadata, command) => {
    const selector = { matchExpressions: [{ key: Object.keys(SKIP)[0], operator: 'DoesNotExist' }] }
    const pods = [pod('a', { labels: SKIP, ...metadata }, false), pod('own', { labels: SKIP })]
    const [only, ...more] = judge({
      configuration: found({ objectSelector: selector }),
      workload: workload({ pods }),
    })
    expect(more).toEqual([])
    expect(only?.slice(0, 2)).toEqual(['pod-excluded', 'high'])
    expect(String(only?.[2])).toContain(String(command))
  })
})

describe('without a webhook', () => {
  test.each([
    ['and without a service account in question', undefined, 'medium'],
    ['pods lack their role', workload(), 'high'],
    ['pods that have it may be the last ones', workload({ pods: [pod('a')] }), 'medium'],
  ])('%s', (_, of, severity) => {
    expect(missingWebhook(of, CASE.commands)).toMatchObject({ severity, command: 'install' })
  })

  test('pods that bring everything themselves need none', () => {
    const own = workload({ annotations: {}, pods: [pod('a')] })
    expect(bringsItsOwn(own)).toBe(true)
    expect(provedWords({ workload: own })).toContain('bring role and token themselves')
    expect(bringsItsOwn(workload({ pods: [pod('a')] }))).toBe(false)
    expect(bringsItsOwn(workload({ annotations: {} }))).toBe(false)
  })
})

describe('the service account', () => {
  const judged = (annotations: WorkloadSeen['annotations'], more: Partial<AccountCase> = {}) =>
    accountFindings({
      workload: workload({ annotations }),
      namespaceThere: true,
      roleArn: ROLE,
      mapped: false,
      commands: { printAccount: (arn) => `print ${arn}`, createRole: 'create' },
      ...more,
    }).map(({ id, severity, command }) => [id.replace('webhook/', ''), severity, command])
  const annotate = 'kubectl -n shop annotate serviceaccount checkout'
  const arn = `eks.amazonaws.com/role-arn=${ROLE}`

  test.each([
    ['annotated', ANNOTATED, {}, []],
    [
      'in another partition',
      { 'eks.amazonaws.com/role-arn': 'arn:aws-cn:iam::111122223333:role/a/b' },
      {},
      [],
    ],
    ['that a ConfigMap names', {}, { mapped: true }, []],
    ['not annotated', {}, {}, [['role-not-annotated', 'high', `${annotate} ${arn}`]]],
    [
      'not annotated, and no role known',
      {},
      { roleArn: undefined },
      [['role-not-annotated', 'high', 'create']],
    ],
    ['missing', undefined, {}, [['service-account-missing', 'high', `print ${ROLE}`]]],
    [
      'missing with its namespace',
      undefined,
      { namespaceThere: false },
      [['namespace-missing', 'high', 'kubectl create namespace shop']],
    ],
    [
      'missing in what may be a namespace',
      undefined,
      { namespaceThere: undefined },
      [['service-account-missing', 'high', `print ${ROLE}`]],
    ],
    [
      'annotated with a name',
      { 'eks.amazonaws.com/role-arn': 'shop' },
      {},
      [['role-arn-malformed', 'high', `${annotate} --overwrite ${arn}`]],
    ],
    [
      'with short tokens',
      { ...ANNOTATED, 'eks.amazonaws.com/token-expiration': '60' },
      {},
      [['token-expiration', 'info', undefined]],
    ],
    [
      'with a lifetime in words',
      { ...ANNOTATED, 'eks.amazonaws.com/token-expiration': '1h' },
      {},
      [['token-expiration', 'low', undefined]],
    ],
    [
      'with tokens of an hour',
      { ...ANNOTATED, 'eks.amazonaws.com/token-expiration': '3600' },
      {},
      [],
    ],
  ])('%s', (_, annotations, more, expected) => {
    expect(judged(annotations, more)).toEqual(expected)
  })

  test('whose pods would get a token that IAM refuses', () => {
    const ids = (audiences: readonly string[] | undefined) =>
      otherAudience(ACCOUNT, moved, audiences).map(({ command }) => command)
    expect(ids(['sts.amazonaws.com', 'x'])).toEqual([])
    expect(ids(undefined)).toEqual([])
    expect(ids(['amazonaws.com'])).toEqual([
      `${annotate} --overwrite eks.amazonaws.com/audience=amazonaws.com`,
    ])
    expect(otherAudience(ACCOUNT, unmoved, ['x'])).toEqual([])
  })
})

describe('its pods', () => {
  const judged = (
    pods: WorkloadSeen['pods'],
    more: Partial<WorkloadSeen> & { pod?: string; audiences?: readonly string[] } = {},
  ) =>
    podFindings({
      workload: workload({ ...more, pods }),
      pod: more.pod,
      audiences: more.audiences,
      isExcluded: () => false,
    }).map(({ id, severity }) => [id.replace('webhook/', ''), severity])

  const done = { ...pod('done', {}, false), phase: 'Succeeded' }
  const other = { ...pod('other'), serviceAccount: 'refund' }
  const skipped = {
    ...pod('skipped', { annotations: { 'eks.amazonaws.com/skip-containers': 'app' } }),
    roleArns: [],
  }
  const older = { ...pod('older'), roleArns: ['arn:aws:iam::111122223333:role/old'] }
  test.each<[string, WorkloadSeen['pods'], Parameters<typeof judged>[1], string[][]]>([
    ['there are none', [], {}, []],
    ['one has it all', [pod('a')], { audiences: ['sts.amazonaws.com'] }, []],
    ['one lacks it', [pod('a'), pod('b', {}, false)], {}, [['pod-not-injected', 'high']]],
    ['one has finished without', [done], {}, []],
    ['one lacks it and nothing asks for it', [pod('b', {}, false)], { annotations: {} }, []],
    ['one is not there', [], { pod: 'gone' }, [['pod-missing', 'high']]],
    ['one may not be looked at', [], { pod: 'gone', podsUnread: true }, [['pods-unread', 'info']]],
    ["one is somebody else's", [other], { pod: 'other' }, [['pod-other-service-account', 'high']]],
    ['one has the role of before', [older], {}, [['pod-other-role', 'medium']]],
    ['one has no container that uses it', [skipped], {}, [['containers-skipped', 'low']]],
    [
      'one has a token for somebody else',
      [pod('a')],
      { audiences: ['amazonaws.com'] },
      [['pod-other-audience', 'high']],
    ],
  ])('%s', (_, pods, more, expected) => {
    expect(judged(pods, more)).toEqual(expected)
  })

  test('those of one Deployment are mended together', () => {
    const created = '2026-11-21T08:00:00Z'
    const metadata = {
      creationTimestamp: created,
      labels: { 'pod-template-hash': 'x' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web-x', controller: true }],
    }
    const pods = ['a', 'b', 'c'].map((name) => pod(name, metadata, false))
    const findings = podFindings({
      workload: workload({ pods: [...pods, pod('alone', { creationTimestamp: created }, false)] }),
      pod: undefined,
      audiences: undefined,
      isExcluded: () => false,
    })
    expect(findings.map(({ command }) => command)).toEqual([
      'kubectl -n shop rollout restart deployment/web',
      'kubectl -n shop get pod alone -o yaml | kubectl replace --force -f -',
    ])
    expect(findings.map(({ summary, fix }) => [summary, fix])).toEqual([
      [
        `3 pods (a, …), the first of them created ${created}, have neither role nor token`,
        'Create them again',
      ],
      [`The pod alone, created ${created}, has neither role nor token`, 'Create it again'],
    ])
  })
})
