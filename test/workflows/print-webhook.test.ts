import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { makeCertificateAuthority } from '../../src/adapters/certificates.ts'
import { caBundle, readAuthorities } from '../../src/core/webhook/authorities.ts'
import { readConfiguration } from '../../src/core/webhook/configuration.ts'
import { readSettings, type WebhookInput } from '../../src/core/webhook/settings.ts'
import { manifestStream } from '../../src/workflows/manifests.ts'
import { allDocuments } from '../../src/workflows/webhook/documents.ts'
import type { ManifestFile } from '../../src/workflows/webhook/manifest-files.ts'
import { renewalDocuments } from '../../src/workflows/webhook/renewal.ts'
import type { Serving } from '../../src/workflows/webhook/serving.ts'

const template = (path: string): string =>
  readFileSync(new URL(`../../templates/${path}`, import.meta.url), 'utf8')

const filler = (input: WebhookInput = {}) => ({ settings: readSettings(input), template })

/** Texts in the place of the only things that are never the same twice. */
const made = {
  certificate: 'CERTIFICATE\n',
  key: 'PRIVATE KEY\n',
  authority: 'NEW AUTHORITY\n',
  notAfter: new Date('2031-11-21T09:26:39Z'),
}
const trusted = [{ pem: 'OLD AUTHORITY\n', subject: 'CN=old', notAfter: new Date(0) }]

const selfSigned = { kind: 'self-signed', made, trusted: [] } as const
const certManager = { kind: 'cert-manager' } as const
const existing = { kind: 'existing', trusted } as const

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

const SHAPES: Readonly<Record<string, readonly [WebhookInput, Serving]>> = {
  'self-signed': [{}, selfSigned],
  'self-signed-fail': [{ failurePolicy: 'Fail', region: 'eu-west-3' }, selfSigned],
  'cert-manager': [{ failurePolicy: 'Fail', watchConfigMap: true }, certManager],
  existing: [{ secretName: 'hook-tls', namespace: 'kube-system' }, existing],
  everything: [
    {
      name: 'hook',
      namespace: 'infra',
      image: 'registry.example.com/hook',
      imageDigest: DIGEST,
      replicas: 3,
      audience: 'pods.example.com',
      region: 'cn-north-1',
      failurePolicy: 'Fail',
      watchConfigMap: true,
    },
    { kind: 'self-signed', made, trusted },
  ],
}

const textOf = (documents: readonly ManifestFile[]): string =>
  manifestStream(documents.map(({ text }) => text)).text

const stream = (shape: string): string => {
  const [input, serving] = SHAPES[shape]!
  return textOf(allDocuments(filler(input), serving))
}

/** Each object, from a reader that takes no mistake, in the YAML of Go's readers and in today's. */
function objects(text: string) {
  return (['1.1', '1.2'] as const)
    .map((version) =>
      parseAllDocuments(text, { version, strict: true, uniqueKeys: true, stringKeys: true }).map(
        (document) => {
          expect([...document.errors, ...document.warnings]).toEqual([])
          return document.toJS()
        },
      ),
    )
    .reduce((one, other) => {
      expect(other).toEqual(one)
      return one
    })
}

const find = (text: string, kind: string) =>
  objects(text).find((object) => object['kind'] === kind)!

describe.each(Object.keys(SHAPES))('the stream %s', (shape) => {
  test('is as the golden file has it', async () => {
    await expect(stream(shape)).toMatchFileSnapshot(`../golden/webhook/${shape}.yaml`)
  })

  test('is the same every time', () => {
    expect(stream(shape)).toBe(stream(shape))
  })

  test('holds no private key outside of the Secret', () => {
    const key = Buffer.from(made.key).toString('base64')
    for (const object of objects(stream(shape))) {
      const holds = JSON.stringify(object).includes(key)
      expect(holds).toBe(object['kind'] === 'Secret')
    }
  })

  test('has the API server trust a certificate before it is there', () => {
    const order = objects(stream(shape)).map(({ kind }) => kind)
    const rest = order.slice(order.indexOf('MutatingWebhookConfiguration') + 1)
    expect(rest).toEqual(SHAPES[shape]![1].kind === 'self-signed' ? ['Secret'] : [])
  })

  test('says which Secret a renewal has to write', () => {
    const { annotations } = find(stream(shape), 'MutatingWebhookConfiguration')['metadata']
    const { name, namespace, secretName } = readSettings(SHAPES[shape]![0])
    expect(annotations).toEqual(
      shape === 'cert-manager'
        ? { 'cert-manager.io/inject-ca-from': `${namespace}/${name}` }
        : { 'irsa/secret': secretName },
    )
  })

  test('names what it makes consistently', () => {
    const text = stream(shape)
    const { name, namespace, secretName } = readSettings(SHAPES[shape]![0])
    const { spec, metadata } = find(text, 'Deployment')
    expect(metadata).toMatchObject({ name, namespace })
    const pod = spec.template
    expect(pod.spec.serviceAccountName).toBe(find(text, 'ServiceAccount')['metadata'].name)
    expect(pod.spec.volumes[0].secret.secretName).toBe(secretName)
    for (const selector of [
      spec.selector.matchLabels,
      find(text, 'Service')['spec'].selector,
      find(text, 'PodDisruptionBudget')['spec'].selector.matchLabels,
      pod.spec.topologySpreadConstraints[0].labelSelector.matchLabels,
      pod.spec.topologySpreadConstraints[1].labelSelector.matchLabels,
    ]) {
      expect(pod.metadata.labels).toMatchObject(selector)
      expect(selector).toMatchObject({ 'app.kubernetes.io/instance': name })
    }
    for (const binding of objects(text).filter((one) => one['kind'].endsWith('Binding'))) {
      expect(binding['subjects']).toEqual([{ kind: 'ServiceAccount', name, namespace }])
      const role = find(text, binding['roleRef'].kind)
      expect(role['metadata'].name).toBe(binding['roleRef'].name)
    }
    for (const { clientConfig } of find(text, 'MutatingWebhookConfiguration')['webhooks']) {
      expect(clientConfig.service).toEqual({ name, namespace, path: '/mutate', port: 443 })
    }
  })

  test('every webhook answers in v1beta1, never blocks its own pods, and has no side effects', () => {
    const text = stream(shape)
    const { webhooks } = find(text, 'MutatingWebhookConfiguration')
    const { labels } = find(text, 'Deployment')['spec'].template.metadata
    for (const webhook of webhooks) {
      expect(webhook).toMatchObject({ admissionReviewVersions: ['v1beta1'], sideEffects: 'None' })
      const [skip] = webhook.objectSelector.matchExpressions
      expect(skip.operator).toBe('DoesNotExist')
      expect(labels).toHaveProperty([skip.key])
    }
  })
})

test('RBAC is for reading service accounts, and ConfigMaps where they are watched', () => {
  const rules = (shape: string) => objects(stream(shape)).flatMap(({ rules: found = [] }) => found)
  const verbs = ['get', 'list', 'watch']
  const serviceAccounts = { apiGroups: [''], resources: ['serviceaccounts'], verbs }
  expect(rules('self-signed')).toEqual([serviceAccounts])
  expect(rules('cert-manager')).toEqual([
    serviceAccounts,
    { apiGroups: [''], resources: ['configmaps'], verbs },
  ])
})

describe('with failure policy Fail', () => {
  const [strict, lenient] = find(stream('self-signed-fail'), 'MutatingWebhookConfiguration')[
    'webhooks'
  ]
  const [{ operator, values }] = strict.namespaceSelector.matchExpressions

  test('no pod of kube-system, of the network or of the webhook waits', () => {
    expect(strict.failurePolicy).toBe('Fail')
    expect(operator).toBe('NotIn')
    expect(values).toEqual(
      expect.arrayContaining(['kube-system', 'pod-identity-webhook', 'kube-flannel']),
    )
  })

  test('those pods get credentials all the same, and each pod is asked about once', () => {
    expect(lenient.failurePolicy).toBe('Ignore')
    expect(lenient.namespaceSelector.matchExpressions).toEqual([
      { key: 'kubernetes.io/metadata.name', operator: 'In', values },
    ])
    const { name: _one, failurePolicy: _a, namespaceSelector: _b, ...rest } = strict
    const { name: _two, failurePolicy: _c, namespaceSelector: _d, ...other } = lenient
    expect(rest).toEqual(other)
  })

  test('cert-manager does not wait for a webhook that waits for cert-manager', () => {
    const [webhook] = find(stream('cert-manager'), 'MutatingWebhookConfiguration')['webhooks']
    expect(webhook.namespaceSelector.matchExpressions[0].values).toContain('cert-manager')
  })
})

test('a namespace that is there anyway is not claimed, and a foreign one keeps its labels', () => {
  const namespaces = (namespace: string) =>
    objects(textOf(allDocuments(filler({ namespace }), selfSigned)))
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata }) => metadata)
  expect(namespaces('kube-system')).toEqual([])
  expect(namespaces('default')).toEqual([])
  expect(namespaces('infra')).toEqual([{ name: 'infra' }])
  expect(namespaces('pod-identity-webhook')[0].labels).toMatchObject({
    'pod-security.kubernetes.io/enforce': 'restricted',
  })
})

test('an image that may be another one tomorrow is pulled each time', () => {
  const { spec } = find(textOf(allDocuments(filler({ image: 'hook' }), selfSigned)), 'Deployment')
  expect(spec.template.spec.containers[0]).toMatchObject({
    image: 'hook',
    imagePullPolicy: 'Always',
  })
})

test('a certificate that replaces none says what to print where there is one', () => {
  const renew = 'irsa print-webhook --renew --name hook --namespace infra | kubectl apply -f -'
  const head = (serving: Serving, input: WebhookInput = {}) =>
    allDocuments(filler({ name: 'hook', namespace: 'infra', ...input }), serving)
      .find(({ file }) => file.startsWith('40-'))!
      .text.split('\napiVersion')[0]!
      .replaceAll(/\n# ?/g, ' ')
  expect(head(selfSigned)).toContain(`first installation`)
  expect(head(selfSigned)).toContain(renew)
  expect(head(selfSigned)).toContain('pods start without credentials. What keeps')
  expect(head(selfSigned, { failurePolicy: 'Fail' })).toContain(
    'no pods can be created. What keeps',
  )
  const replacing = head({ kind: 'self-signed', made, trusted })
  expect(replacing).toContain('first the API server trusts both')
  for (const text of [replacing, head(certManager), head(existing)]) {
    expect(text).not.toContain('first installation')
  }
})

describe('a renewal', () => {
  const serving = { kind: 'self-signed', made, trusted } as const
  const kinds = (text: string) => objects(text).map(({ kind }) => kind)
  const bundle = caBundle(['NEW AUTHORITY\n', 'OLD AUTHORITY\n'])

  test('is the webhook configuration with both authorities, and then the Secret', async () => {
    const text = textOf(renewalDocuments(filler(), serving, undefined))
    expect(kinds(text)).toEqual(['MutatingWebhookConfiguration', 'Secret'])
    const { webhooks } = find(text, 'MutatingWebhookConfiguration')
    expect(webhooks[0].clientConfig.caBundle).toBe(bundle)
    expect(text).toContain('#   irsa print-webhook --renew | kubectl apply -f -\n')
    await expect(text).toMatchFileSnapshot('../golden/webhook/renewal.yaml')
  })

  test('of a configuration that is known leaves the rest of it alone', async () => {
    const now = new Date()
    const old = await makeCertificateAuthority({ commonName: 'old', days: 1, now })
    const before = find(
      stream('everything').replaceAll(/caBundle: .*/g, `caBundle: ${caBundle([old.certificate])}`),
      'MutatingWebhookConfiguration',
    )
    before['webhooks'][0].timeoutSeconds = 3
    const installed = readConfiguration(before, 'the cluster')
    expect(readAuthorities(installed.bundle, 'the cluster')).toHaveLength(1)
    const text = textOf(renewalDocuments(filler({ replicas: 9 }), serving, installed))
    expect(kinds(text)).toEqual(['MutatingWebhookConfiguration', 'Secret'])
    // The Secret's settings are made from the configuration; its name is the one to ask for.
    expect(text).toContain('#   irsa print-webhook --renew --name hook | kubectl apply -f -\n')
    const after = find(text, 'MutatingWebhookConfiguration')
    for (const { clientConfig } of after['webhooks']) expect(clientConfig.caBundle).toBe(bundle)
    for (const { clientConfig } of [...after['webhooks'], ...before['webhooks']]) {
      delete clientConfig.caBundle
    }
    expect(after).toEqual(before)
  })
})
