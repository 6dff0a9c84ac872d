import { describe, expect, test } from 'vitest'
import { kubeadmObjections, staticPod } from './kubeadm.ts'
import { objectionsTo, talosWith, type Format } from './parsers.ts'
import { parts, withoutParts } from './parts.ts'

const GOOD: readonly (readonly [Format, string])[] = [
  ['cluster-api-v1beta1', 'spec: { kubeadmConfigSpec: { files: [{ path: /a }] } }'],
  ['cluster-api-v1beta2', 'spec: { kubeadmConfigSpec: { files: [{ path: /a }] } }'],
  ['gardener', 'spec: { kubernetes: { kubeAPIServer: { serviceAccountConfig: { issuer: a } } } }'],
  ['kind', 'nodes: [{ role: control-plane, extraMounts: [{ hostPath: /a }] }]'],
  ['kops', 'spec: { kubeAPIServer: { serviceAccountIssuer: a } }'],
  ['openshift', 'spec: { serviceAccountIssuer: a }'],
  ['secret', 'stringData: { a: b }'],
]

const kubeadmWith = (extraArgs: string) => `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
apiServer:
  extraArgs: ${extraArgs}
`

const talosIssuers = (issuers: string) =>
  `cluster: { apiServer: { extraArgs: { service-account-issuer: ${issuers} } } }`

describe.skipIf(withoutParts)('the parsers', () => {
  test.each(GOOD)('%s reads what it knows and objects to the rest', async (format, text) => {
    expect(await objectionsTo(text, format)).toBe('')
    expect(await objectionsTo(`${text}\nspecs: {}`, format)).toContain('specs')
    expect(await objectionsTo(`${text}\nkind: Pod`, format)).toContain('kind Pod')
  })

  test('Talos takes several issuers since 1.13, and in a document of its own since 1.14', async () => {
    const several = talosIssuers('[a, b]')
    expect((await talosWith([talosIssuers('a')], '1.12')).configuration).toContain('-issuer: a\n')
    expect((await talosWith([several], '1.12')).objections).toContain('into string')
    expect(await talosWith([several], '1.13')).toMatchObject({ objections: '' })
    expect((await talosWith([several], '1.14')).objections).toContain('already set')
    expect(await talosWith([several], '1.14', 'v1.13')).toMatchObject({ objections: '' })
  })

  test('kubeadm validates strictly', async () => {
    expect(await kubeadmObjections(kubeadmWith('[{ name: a, value: b }]'))).toBe('')
    expect(await kubeadmObjections(kubeadmWith('[{ name: a, val: b }]'))).toContain('val')
  })

  test('kubeadm writes the static pod, with the flags in order where it keeps it', async () => {
    const issuers = ['https://z.example', 'https://a.example']
    const args = issuers.map((value) => ({ name: 'service-account-issuer', value }))
    const patch = '[{ op: add, path: /spec/containers/0/command/-, value: --last }]'
    const init = 'apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n'
    const { command } = await staticPod('apiserver', {
      configuration: `${kubeadmWith(JSON.stringify(args))}---\n${init}patches:\n  directory: /patches\n`,
      files: { '/patches/kube-apiserver0+json.yaml': patch },
    })
    const flags = issuers.map((issuer) => `--service-account-issuer=${issuer}`)
    // Sorted by value before 1.36: kubernetes/kubeadm issue 3261.
    const sorts = parts.kubernetes.minor === '1.31'
    expect(command.filter((flag) => flags.includes(flag))).toEqual(
      sorts ? flags.toReversed() : flags,
    )
    expect(command.at(0)).toBe('kube-apiserver')
    expect(command.at(-1)).toBe('--last')
  })
})
