import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'

import { NEW, CASES, GOLDEN, KEEP, MOVE, OLD, parse as parseAs, render } from './apiserver.ts'

/** All that these tests look at, of every platform's format. */
interface Parsed {
  'kube-apiserver-arg': string[]
  spec: { kubeAPIServer: Record<string, unknown>; fileAssets: object[] }
}

const parse = (text: string) => parseAs<Parsed>(text)

const SUFFIXES: Readonly<Record<string, string>> = {
  flags: 'txt',
  systemd: 'txt',
  microk8s: 'txt',
  minikube: 'sh',
}

describe('golden files', () => {
  test.each(GOLDEN)('%s, %s', async (platform, label, input) => {
    const { text } = render(platform, input)
    const suffix = SUFFIXES[platform] ?? 'yaml'
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
      // A single word is as long as it is.
      const long = text.split('\n').filter((line) => line.length > 100 && / /.test(line.trim()))
      expect(long).toEqual([])
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
    const [config] = parse(render('kops', { keyFiles, platformVersion: '1.25.1' }).text)
    expect(config?.spec.fileAssets).toEqual([
      {
        name: 'irsa-a-key',
        path: '/srv/kubernetes/kube-apiserver/irsa/a.key',
        roles: ['Master'],
        mode: '0400',
        content: 'REPLACE-THIS-LINE with the content of a.key\n',
      },
      {
        name: 'irsa-a-pub',
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
