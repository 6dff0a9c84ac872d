import { fileURLToPath } from 'node:url'

import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'

import { templatesIn } from '../../src/adapters/templates.ts'
import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { PLATFORMS } from '../../src/core/apiserver/platforms.ts'
import { parseIssuer } from '../../src/core/issuer.ts'
import { renderApiServerConfiguration } from '../../src/workflows/apiserver-configuration.ts'

const NEW = 'https://oidc.acme.dev'
const OLD = 'https://kubernetes.default.svc.cluster.local'
const templates = templatesIn(fileURLToPath(new URL('../../templates', import.meta.url)))

const CREATE: ApiServerInput = {
  issuer: parseIssuer(NEW),
  keyFiles: [{ publicFrom: 'keys/sa-signer.pub', privateFrom: 'keys/sa-signer.key' }],
  previousIssuers: [],
  previousKeyFiles: [],
  apiAudiences: [],
}
const MOVE: ApiServerInput = {
  ...CREATE,
  previousIssuers: [OLD],
  previousKeyFiles: ['/etc/kubernetes/pki/sa.pub'],
}
const KEEP: ApiServerInput = {
  ...CREATE,
  keyFiles: [{ publicFrom: 'sa.pub' }],
  previousIssuers: [OLD],
}

const CASES: Record<string, ApiServerInput> = {
  new: CREATE,
  'own-key': KEEP,
  'previous-issuer': MOVE,
  accept: { ...MOVE, stage: 'accept' },
  sign: { ...MOVE, stage: 'sign' },
  finish: { ...MOVE, stage: 'finish' },
}
/** k3s and kops have their keys elsewhere, and know where. */
function of(platform: string, input: ApiServerInput): ApiServerInput {
  return ['flags', 'kubeadm'].includes(platform) ? input : { ...input, previousKeyFiles: [] }
}

const KUBEADM_CASES = [
  ['accept-1.30', { ...MOVE, stage: 'accept', kubernetesVersion: '1.30.1' }],
  ['sign-1.30', { ...MOVE, stage: 'sign', kubernetesVersion: '1.30.1', keyDir: '/opt/irsa' }],
  ['sign-1.31', { ...MOVE, stage: 'sign', kubernetesVersion: '1.31.0' }],
  ['sign-1.36', { ...MOVE, stage: 'sign', kubernetesVersion: '1.36.0', keyDir: '/opt/irsa' }],
] satisfies [string, ApiServerInput][]

const GOLDEN = [
  ...PLATFORMS.flatMap(({ name }) =>
    Object.entries(CASES).map(([label, input]) => [name, label, of(name, input)] as const),
  ),
  ...KUBEADM_CASES.map(([label, input]) => ['kubeadm', label, input] as const),
]

const render = (platform: string, input: Partial<ApiServerInput> = {}) =>
  renderApiServerConfiguration(platform, { ...CREATE, ...input }, templates)

interface Arg {
  name: string
  value: string
}

interface Component {
  extraArgs: Arg[] & Record<string, string>
  extraVolumes?: object[]
}

/** All that these tests look at, of every platform's format. */
interface Parsed {
  apiVersion: string
  kind: string
  apiServer: Component
  controllerManager: Component
  'kube-apiserver-arg': string[]
  spec: { kubeAPIServer: Record<string, unknown>; fileAssets: object[] }
}

const parse = (text: string): Parsed[] =>
  parseAllDocuments(text, { version: '1.1', uniqueKeys: true, strict: true }).map((document) => {
    expect([...document.errors, ...document.warnings]).toEqual([])
    return document.toJS() as Parsed
  })

describe('golden files', () => {
  test.each(GOLDEN)('%s, %s', async (platform, label, input) => {
    const { text } = render(platform, input)
    const suffix = platform === 'flags' ? 'txt' : 'yaml'
    await expect(text).toMatchFileSnapshot(`../golden/apiserver/${platform}-${label}.${suffix}`)
  })
})

describe('every output', () => {
  test.each(GOLDEN)(
    '%s, %s: says why the STS audience is missing, and has none',
    (name, _, input) => {
      const { text, flags } = render(name, input)
      const comments = text.split('\n').filter((line) => line.trim().startsWith('#'))
      const rest = text.split('\n').filter((line) => !line.trim().startsWith('#'))
      expect(comments.join('\n')).toContain('sts.amazonaws.com')
      expect(rest.join('\n')).not.toContain('amazonaws.com')
      expect(JSON.stringify(flags)).not.toContain('amazonaws.com')
    },
  )

  test.each(GOLDEN)(
    '%s, %s: ends in one line break, has no blanks at line ends',
    (name, _, input) => {
      const { text } = render(name, input)
      expect(text).toMatch(/[^\n]\n$/)
      expect(text).not.toMatch(/[ \t]$/m)
      expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
    },
  )

  test.each(GOLDEN)('%s, %s: holds every flag that the JSON names', (name, _, input) => {
    const { text, flags } = render(name, input)
    for (const { value } of flags) expect(text).toContain(value)
  })

  test('the JSON has nothing but what the contract says', () => {
    const { flags, files } = render('kubeadm', CASES['sign'])
    expect(Object.keys(flags[0] ?? {})).toEqual(['name', 'value'])
    expect(Object.keys(files[0] ?? {})).toEqual(['path', 'from'])
  })
})

describe('flags', () => {
  test.each(Object.entries(CASES))('%s: every line is a comment or one flag', (_, input) => {
    const { text, flags } = render('flags', input)
    const lines = text
      .trimEnd()
      .split('\n')
      .filter((line) => !/^#( |$)/.test(line))
    expect(lines).toEqual(flags.map(({ name, value }) => `--${name}=${value}`))
  })

  test('values that a shell would read differently are quoted', () => {
    const { text } = render('flags', { previousIssuers: ["it's$HOME"] })
    expect(text).toContain(`--service-account-issuer='it'\\''s$HOME'\n`)
  })
})

describe('kubeadm v1beta4', () => {
  test.each(Object.entries(CASES))(
    '%s: lists of name and value, in the order of flags',
    (_, input) => {
      const { text, flags } = render('kubeadm', { ...input, kubernetesVersion: '1.36.0' })
      const [config, ...more] = parse(text)
      expect(more).toEqual([])
      expect(config?.apiVersion).toBe('kubeadm.k8s.io/v1beta4')
      expect(config?.kind).toBe('ClusterConfiguration')
      expect(config?.apiServer).toEqual({ extraArgs: flags })
    },
  )

  test('an affected kubeadm gets one issuer, and the others from a patch', () => {
    const [config, patch] = parse(render('kubeadm', KUBEADM_CASES[2]?.[1]).text)
    const issuers = config?.apiServer.extraArgs.filter((arg: Arg) => arg.name.endsWith('issuer'))
    expect(issuers).toEqual([{ name: 'service-account-issuer', value: NEW }])
    expect(patch).toEqual([appended(`--service-account-issuer=${OLD}`)])
  })

  test('a folder that the pods do not mount gets volumes in both of them', () => {
    const [config] = parse(render('kubeadm', KUBEADM_CASES[3]?.[1]).text)
    const volume = {
      name: 'irsa-keys',
      hostPath: '/opt/irsa',
      mountPath: '/opt/irsa',
      readOnly: true,
      pathType: 'Directory',
    }
    expect(config?.apiServer.extraVolumes).toEqual([volume])
    expect(config?.controllerManager).toEqual({
      extraArgs: [{ name: 'service-account-private-key-file', value: '/opt/irsa/sa-signer.key' }],
      extraVolumes: [volume],
    })
  })

  test('two such folders get two volumes of different names', () => {
    const input = { ...MOVE, keyDir: '/opt/irsa', previousKeyFiles: ['/srv/old/sa.pub'] }
    const [config] = parse(render('kubeadm', input).text)
    expect(config?.apiServer.extraVolumes).toMatchObject([
      { name: 'irsa-keys', hostPath: '/opt/irsa' },
      { name: 'irsa-keys-2', hostPath: '/srv/old' },
    ])
  })
})

const appended = (value: string) => ({ op: 'add', path: '/spec/containers/0/command/-', value })

describe('kubeadm v1beta3, whose extraArgs is a map', () => {
  test.each([
    ['accept', OLD, NEW],
    ['sign', NEW, OLD],
  ] as const)('stage %s: %s in the map, the rest appended', (stage, first, second) => {
    const { text } = render('kubeadm', { ...MOVE, stage, kubernetesVersion: '1.30' })
    const [config, patch, ...more] = parse(text)
    expect(more).toEqual([])
    expect(config?.apiVersion).toBe('kubeadm.k8s.io/v1beta3')
    const args: Record<string, string> = config?.apiServer.extraArgs ?? {}
    expect(Object.values(args).every((value) => typeof value === 'string')).toBe(true)
    expect(args['service-account-issuer']).toBe(first)
    expect(args['api-audiences']).toBe(OLD)
    const [ours, theirs] = ['/etc/kubernetes/pki/irsa/sa-signer.pub', '/etc/kubernetes/pki/sa.pub']
    expect(args['service-account-key-file']).toBe(stage === 'accept' ? theirs : ours)
    expect(patch).toEqual([
      appended(`--service-account-issuer=${second}`),
      appended(`--service-account-key-file=${stage === 'accept' ? ours : theirs}`),
    ])
  })

  test('a new cluster needs no patch', () => {
    expect(parse(render('kubeadm', { kubernetesVersion: '1.22' }).text)).toHaveLength(1)
  })
})

describe('k3s', () => {
  test.each(Object.entries(CASES))('%s: one list of flag=value, in order', (label, input) => {
    const { text, flags } = render('k3s', { ...input, previousKeyFiles: [] })
    const [config, ...more] = parse(text)
    expect(more).toEqual([])
    expect(config?.['kube-apiserver-arg']).toEqual(
      flags.map(({ name, value }) => `${name}=${value}`),
    )
    const switched = ['previous-issuer', 'sign', 'finish'].includes(label)
    expect('kube-controller-manager-arg' in (config ?? {})).toBe(switched)
  })
})

describe('kops', () => {
  test('has a field for the first issuer and one for the others', () => {
    const [config] = parse(render('kops', { ...MOVE, previousIssuers: [OLD, 'older'] }).text)
    expect(config?.spec.kubeAPIServer).toEqual({
      serviceAccountIssuer: NEW,
      additionalServiceAccountIssuers: [OLD, 'older'],
      serviceAccountKeyFile: [
        '/srv/kubernetes/kube-apiserver/irsa/sa-signer.pub',
        '/etc/kubernetes/pki/sa.pub',
      ],
      serviceAccountSigningKeyFile: '/srv/kubernetes/kube-apiserver/irsa/sa-signer.key',
    })
  })

  test('a key that kops keeps needs the issuers and no files', () => {
    const [config] = parse(render('kops', KEEP).text)
    expect(config?.spec).toEqual({
      kubeAPIServer: { serviceAccountIssuer: NEW, additionalServiceAccountIssuers: [OLD] },
    })
  })

  test('carries the public key where it is known, and never the private one', () => {
    const publicPem = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'
    const keyFiles = [{ publicFrom: 'a.pub', privateFrom: 'a.key', publicPem }]
    const [config] = parse(render('kops', { keyFiles, kubernetesVersion: '1.25.1' }).text)
    expect(config?.spec.fileAssets).toEqual([
      {
        name: 'irsa-1-private',
        path: '/srv/kubernetes/kube-apiserver/irsa/a.key',
        roles: ['Master'],
        mode: '0400',
        content: 'REPLACE-THIS-LINE with the content of a.key\n',
      },
      {
        name: 'irsa-2-public',
        path: '/srv/kubernetes/kube-apiserver/irsa/a.pub',
        roles: ['Master'],
        mode: '0444',
        content: publicPem,
      },
    ])
  })

  test('splits audiences into a list', () => {
    const [config] = parse(render('kops', { apiAudiences: ['a', 'b'] }).text)
    expect(config?.spec.kubeAPIServer.apiAudiences).toEqual(['a', 'b'])
  })
})

test.each(['on', 'yes', '0440', '1e3', 'null', '#no', '{{a}}', '*a', "'"])(
  'the audience %s stays a text for YAML 1.1 and 1.2',
  (audience) => {
    const { text } = render('kops', { apiAudiences: [audience] })
    for (const version of ['1.1', '1.2'] as const) {
      const [parsed] = parseAllDocuments(text, { version }).map((one) => one.toJS() as Parsed)
      expect(parsed?.spec.kubeAPIServer.apiAudiences).toEqual([audience])
    }
  },
)
