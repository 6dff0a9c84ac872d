import { describe, expect, test } from 'vitest'
import {
  makeCertificateAuthority,
  issueServerCertificate,
} from '../../src/adapters/certificates.ts'
import { Problem } from '../../src/core/problems/problem.ts'
import {
  AUTHORITY_NAME,
  bundleText,
  caBundle,
  checkNotExpired,
  isMadeHere,
  readAuthorities,
} from '../../src/core/webhook/authorities.ts'
import {
  findConfiguration,
  injectedFrom,
  readConfiguration,
  withBundle,
} from '../../src/core/webhook/configuration.ts'
import { webhookFlags } from '../../src/core/webhook/flags.ts'
import { DEFAULT_IMAGE, readImage } from '../../src/core/webhook/image.ts'
import { firstNamespaces } from '../../src/core/webhook/namespaces.ts'
import { readSettings, renewalCommand, servingName } from '../../src/core/webhook/settings.ts'

const codeOf = (act: () => unknown): string | undefined => {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
  return undefined
}

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`

describe('the image', () => {
  test.each([
    ['AWS’s own', DEFAULT_IMAGE, undefined, DEFAULT_IMAGE, true],
    ['a digest by flag', DEFAULT_IMAGE, DIGEST, `${DEFAULT_IMAGE}@${DIGEST}`, true],
    ['a digest in the name', `hook@${DIGEST}`, undefined, `hook@${DIGEST}`, true],
    ['a registry with a port', 'localhost:5000/a/b-c:1', undefined, 'localhost:5000/a/b-c:1', true],
    ['a registry in IPv6', '[::1]:5000/hook:1', undefined, '[::1]:5000/hook:1', true],
    ['no tag', 'registry.example.com/hook', undefined, 'registry.example.com/hook', false],
    ['latest', 'hook:latest', undefined, 'hook:latest', false],
    ['latest with a digest', 'hook:latest', DIGEST, `hook:latest@${DIGEST}`, true],
  ])('is taken: %s', (_name, image, digest, reference, pinned) => {
    expect(readImage(image, digest)).toEqual({ reference, pinned })
  })

  test.each([
    ['', undefined, 'webhook/image-invalid'],
    ['https://registry.example.com/hook', undefined, 'webhook/image-invalid'],
    ['Hook:v1', undefined, 'webhook/image-invalid'],
    ['hook:v1 ', undefined, 'webhook/image-invalid'],
    ['hook@sha256:abc', undefined, 'webhook/image-invalid'],
    ['hook:v1\n--privileged', undefined, 'webhook/image-invalid'],
    ['hook:v1', 'abc', 'webhook/image-digest-invalid'],
    ['hook:v1', DIGEST.toUpperCase(), 'webhook/image-digest-invalid'],
    [`hook@${DIGEST}`, DIGEST, 'usage/flags-conflict'],
  ])('%j with the digest %j is refused', (image, digest, code) => {
    expect(codeOf(() => readImage(image, digest))).toBe(code)
  })
})

describe('the settings', () => {
  test('have defaults for everything', () => {
    expect(readSettings({})).toEqual({
      name: 'pod-identity-webhook',
      namespace: 'pod-identity-webhook',
      secretName: 'pod-identity-webhook-cert',
      image: { reference: DEFAULT_IMAGE, pinned: true },
      replicas: 2,
      audience: 'sts.amazonaws.com',
      region: undefined,
      failurePolicy: 'Ignore',
      watchConfigMap: false,
    })
  })

  test('names follow from the name', () => {
    const settings = readSettings({ name: 'hook', namespace: 'infra' })
    expect(settings.secretName).toBe('hook-cert')
    expect(servingName(settings)).toBe('hook.infra.svc')
  })

  test.each([
    [{ name: '' }, 'webhook/name-invalid'],
    [{ name: 'a'.repeat(64) }, 'webhook/name-invalid'],
    [{ name: '1hook' }, 'webhook/name-invalid'],
    [{ name: 'a.b' }, 'webhook/name-invalid'],
    [{ name: 'hook-' }, 'webhook/name-invalid'],
    [{ namespace: 'Infra' }, 'webhook/namespace-invalid'],
    [{ namespace: 'a'.repeat(64) }, 'webhook/namespace-invalid'],
    [{ secretName: 'a_b' }, 'webhook/secret-name-invalid'],
    [{ audience: '' }, 'provider/audience-invalid'],
    [{ audience: 'a'.repeat(256) }, 'provider/audience-invalid'],
    [{ region: 'Paris' }, 'usage/region-invalid'],
  ])('%j is refused', (input, code) => {
    expect(codeOf(() => readSettings(input))).toBe(code)
  })

  test('an audience is what IAM takes for one, blanks included', () => {
    for (const audience of ['two words', 'a'.repeat(255)]) {
      expect(readSettings({ audience }).audience).toBe(audience)
    }
  })

  test('lead to the command that renews them, with the names that are not the usual ones', () => {
    expect(renewalCommand(readSettings({}))).toBe('irsa print-webhook --renew | kubectl apply -f -')
    const settings = readSettings({ name: 'hook', namespace: 'infra', secretName: 'tls' })
    const named = '--namespace infra --secret-name tls | kubectl apply -f -'
    expect(renewalCommand(settings)).toBe(`irsa print-webhook --renew --name hook ${named}`)
    expect(renewalCommand(settings, 'a.b')).toBe(`irsa print-webhook --renew --name a.b ${named}`)
  })

  test('63 characters are a name', () => {
    expect(codeOf(() => readSettings({ name: 'a'.repeat(63) }))).toBeUndefined()
  })
})

describe('the flags of the webhook', () => {
  const flags = (input: Parameters<typeof readSettings>[0]) =>
    webhookFlags(readSettings(input)).map(({ value }) => value)

  test('name a region only where one is given, and then STS is asked there', () => {
    expect(flags({}).join()).not.toMatch(/region/)
    expect(flags({ region: 'cn-north-1' })).toEqual(
      expect.arrayContaining(['--aws-default-region=cn-north-1', '--sts-regional-endpoint=true']),
    )
  })

  test('turn the old way to a certificate off, and wait for service accounts', () => {
    expect(flags({})).toEqual(
      expect.arrayContaining(['--in-cluster=false', '--service-account-lookup-grace-period=1s']),
    )
  })
})

test('namespaces that never wait are the control plane’s, the network’s and the webhook’s', () => {
  expect(firstNamespaces({ namespace: 'infra' }, false)).toEqual([
    'calico-system',
    'infra',
    'kube-flannel',
    'kube-system',
    'tigera-operator',
  ])
  expect(firstNamespaces({ namespace: 'kube-system' }, true)).toEqual([
    'calico-system',
    'cert-manager',
    'kube-flannel',
    'kube-system',
    'tigera-operator',
  ])
})

describe('authorities', async () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const authority = await makeCertificateAuthority({ commonName: 'one', days: 10, now })
  const other = await makeCertificateAuthority({ commonName: 'two', days: 1, now })
  const leaf = await issueServerCertificate(authority, { names: ['a.b.svc'], days: 10, now })
  const { certificate: pem } = authority

  test('are read once each, whatever stands between them', () => {
    const text = `# from kubectl\r\n${pem.replaceAll('\n', '\r\n')}\n\n${other.certificate}${pem}`
    const read = readAuthorities(text, 'ca.pem')
    expect(read.map(({ subject }) => subject)).toEqual(['CN=one', 'CN=two'])
    expect(read.map((one) => one.pem)).toEqual([pem, other.certificate])
    expect(read[0]?.notAfter).toEqual(new Date('2026-01-11T00:00:00Z'))
  })

  test('and a caBundle of them is the base64 of their PEM text', () => {
    const bundle = caBundle([other.certificate, pem])
    expect(bundleText(bundle)).toBe(other.certificate + pem)
    expect(bundleText(`${bundle}\n`)).toBe(other.certificate + pem)
    expect(bundleText(`caBundle: ${bundle}`)).toBeUndefined()
    expect(bundleText('bm8gY2VydGlmaWNhdGU=')).toBeUndefined()
  })

  test.each([
    ['nothing', '', 'webhook/bundle-empty'],
    ['no certificate', 'hello\n', 'webhook/bundle-empty'],
    ['a serving certificate', leaf.certificate, 'webhook/bundle-not-an-authority'],
    ['a private key', authority.key, 'webhook/bundle-not-a-certificate'],
    ['a key beside it', pem + authority.key, 'webhook/bundle-not-a-certificate'],
    ['half a certificate', pem.slice(0, 400), 'webhook/bundle-damaged'],
    ['an indented one', pem.replaceAll(/^/gm, '  '), 'webhook/bundle-damaged'],
    [
      'a certificate of zeros',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'webhook/bundle-damaged',
    ],
  ])('are not %s', (_name, text, code) => {
    expect(codeOf(() => readAuthorities(text, 'ca.pem'))).toBe(code)
  })

  test('of irsa are known by their name', async () => {
    const ours = await makeCertificateAuthority({ commonName: AUTHORITY_NAME, days: 1, now })
    const read = readAuthorities(ours.certificate + pem, 'ca.pem')
    expect(read.map(isMadeHere)).toEqual([true, false])
  })

  test('a self-signed serving certificate is one, as Go takes it', async () => {
    const self = await makeCertificateAuthority({ commonName: 'self', days: 1, now })
    expect(readAuthorities(self.certificate, 'ca.pem')).toHaveLength(1)
  })

  test('an expired one is refused by name and date', () => {
    const read = readAuthorities(pem + other.certificate, 'ca.pem')
    expect(codeOf(() => checkNotExpired(read, 'ca.pem', now))).toBeUndefined()
    const later = new Date('2026-01-05T00:00:00Z')
    expect(() => checkNotExpired(read, 'ca.pem', later)).toThrow(
      'The certificate "CN=two" in ca.pem expired on 2026-01-02.',
    )
  })

  const configuration = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      name: 'hook',
      uid: '1',
      resourceVersion: '7',
      managedFields: [],
      labels: { a: 'b' },
      annotations: {
        mine: 'yes',
        'kubectl.kubernetes.io/last-applied-configuration': '{}',
      },
    },
    webhooks: [
      {
        name: 'a.b.c',
        timeoutSeconds: 3,
        clientConfig: {
          caBundle: caBundle([pem]),
          service: { namespace: 'infra', name: 'hook', path: '/mutate', port: 443 },
        },
      },
      { name: 'd.e.f', clientConfig: { url: 'https://hook.example.com', caBundle: 'eA==' } },
    ],
  }

  test('stand in a webhook configuration, of which a renewal changes nothing else', () => {
    const read = readConfiguration(configuration, 'x')
    expect(read.service).toEqual({ namespace: 'infra', name: 'hook' })
    expect(readAuthorities(read.bundle, 'x').map((one) => one.pem)).toEqual([pem])
    const [first, second] = configuration.webhooks
    expect(withBundle(read, 'new')).toEqual({
      metadata: { name: 'hook', labels: { a: 'b' }, annotations: { mine: 'yes' } },
      webhooks: [{ ...first, clientConfig: { ...first?.clientConfig, caBundle: 'new' } }, second],
    })
  })

  const annotated = (annotations: Record<string, string>) =>
    readConfiguration({ ...configuration, metadata: { name: 'hook', annotations } }, 'x')

  test.each([
    ['cert-manager.io/inject-ca-from', 'infra/hook'],
    ['cert-manager.io/inject-ca-from-secret', 'infra/hook-ca'],
    ['cert-manager.io/inject-apiserver-ca', 'true'],
  ])('that cert-manager fills in are seen to be: %s', (name, value) => {
    expect(injectedFrom(annotated({ mine: 'yes', [name]: value }))).toBe(`${name}: ${value}`)
  })

  test('that nobody fills in are seen to be as well', () => {
    const off = annotated({ 'cert-manager.io/inject-apiserver-ca': 'false' })
    expect(injectedFrom(off)).toBeUndefined()
    expect(injectedFrom(readConfiguration(configuration, 'x'))).toBeUndefined()
  })

  test('stand beside the name of the Secret, where it is one', () => {
    expect(annotated({ 'irsa/secret': 'hook-tls' }).secret).toBe('hook-tls')
    expect(annotated({ 'irsa/secret': 'a_b' }).secret).toBeUndefined()
    expect(readConfiguration(configuration, 'x').secret).toBeUndefined()
  })

  test('are found among other objects, and among several by name', () => {
    const other = { ...configuration, metadata: { name: 'other' } }
    const find = (...objects: unknown[]) => findConfiguration(objects, 'hook', 'x')
    expect(find(other)).toBe(other)
    expect(find('text', { kind: 'Secret' }, other)).toBe(other)
    expect(find(other, configuration)).toBe(configuration)
    for (const objects of [
      [],
      [{ kind: 'Secret' }, null],
      [other, other],
      [configuration, configuration],
    ]) {
      expect(codeOf(() => find(...objects))).toBe('webhook/not-a-configuration')
    }
  })

  test.each([
    ['a text', 'hello'],
    ['nothing', null],
    ['a list', { ...configuration, kind: 'List' }],
    ['a validating one', { ...configuration, kind: 'ValidatingWebhookConfiguration' }],
    ['an old one', { ...configuration, apiVersion: 'admissionregistration.k8s.io/v1beta1' }],
    ['one without webhooks', { ...configuration, webhooks: undefined }],
    ['one that calls a URL', { ...configuration, webhooks: configuration.webhooks.slice(1) }],
    [
      'one that calls two Services',
      {
        ...configuration,
        webhooks: [
          ...configuration.webhooks,
          { clientConfig: { service: { namespace: 'infra', name: 'other' } } },
        ],
      },
    ],
  ])('are not looked for in %s', (_name, value) => {
    expect(codeOf(() => readConfiguration(value, 'x'))).toBe('webhook/not-a-configuration')
  })
})
