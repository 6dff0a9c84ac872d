import { describe, expect, test } from 'vitest'

import { appended, CASES, MOVE, NEW, OLD, parse as parseAs, PKI, render } from './apiserver.ts'

interface Arg {
  name: string
  value: string
}

interface Component {
  extraArgs: Arg[] & Record<string, string>
  extraVolumes?: object[]
}

interface Parsed {
  apiVersion: string
  kind: string
  apiServer: Component
  controllerManager: Component
  patches: object
}

const parse = (text: string) => parseAs<Parsed>(text)

const VOLUME = {
  name: 'irsa-keys',
  hostPath: '/opt/irsa',
  mountPath: '/opt/irsa',
  readOnly: true,
  pathType: 'Directory',
}

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

  test('an affected kubeadm gets one issuer, and the others from a patch that it is told of', () => {
    const input = { ...MOVE, stage: 'sign', kubernetesVersion: '1.31.0' } as const
    const [config, init, patch, ...more] = parse(render('kubeadm', input).text)
    expect(more).toEqual([])
    const issuers = config?.apiServer.extraArgs.filter((arg: Arg) => arg.name.endsWith('issuer'))
    expect(issuers).toEqual([{ name: 'service-account-issuer', value: NEW }])
    expect(init).toEqual({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'InitConfiguration',
      patches: { directory: '/etc/kubernetes/patches' },
    })
    expect(patch).toEqual([appended(`--service-account-issuer=${OLD}`)])
  })

  test.each([
    ['1.34', 1, 3, '1.34.4 and later need none'],
    ['1.34.3', 1, 3, 'which every upgrade needs again'],
    ['1.34.4', 2, 1, ''],
    ['1.31', 1, 3, 'which every upgrade needs again'],
    ['1.36', 2, 1, ''],
    [undefined, 2, 1, 'Pass --kubernetes-version'],
  ] as const)(
    '%s: %i issuers in the list, %i documents',
    (kubernetesVersion, inList, documents, warning) => {
      const { text, warnings } = render('kubeadm', { ...MOVE, stage: 'sign', kubernetesVersion })
      const [config, ...more] = parse(text)
      expect(more).toHaveLength(documents - 1)
      const issuers = config?.apiServer.extraArgs.filter((arg: Arg) => arg.name.endsWith('issuer'))
      expect(issuers).toHaveLength(inList)
      const sorting = warnings.filter((one) => one.includes('sorts repeated flags'))
      expect(sorting).toHaveLength(warning === '' ? 0 : 1)
      expect(sorting.join()).toContain(warning)
    },
  )

  test('a folder that the pods do not mount gets volumes in both of them', () => {
    const [config] = parse(render('kubeadm', { ...MOVE, keyDir: '/opt/irsa' }).text)
    expect(config?.apiServer.extraVolumes).toEqual([VOLUME])
    expect(config?.controllerManager).toEqual({
      extraArgs: [{ name: 'service-account-private-key-file', value: '/opt/irsa/sa-signer.key' }],
      extraVolumes: [VOLUME],
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

describe('kubeadm v1beta3, whose extraArgs is a map', () => {
  test.each([
    ['accept', OLD, NEW],
    ['sign', NEW, OLD],
  ] as const)('stage %s: %s in the map, the rest appended', (stage, first, second) => {
    const { text } = render('kubeadm', { ...MOVE, stage, kubernetesVersion: '1.30' })
    const [config, init, patch, ...more] = parse(text)
    expect(more).toEqual([])
    expect(config?.apiVersion).toBe('kubeadm.k8s.io/v1beta3')
    expect(init).toMatchObject({
      apiVersion: 'kubeadm.k8s.io/v1beta3',
      patches: { directory: '/etc/kubernetes/patches' },
    })
    const args: Record<string, string> = config?.apiServer.extraArgs ?? {}
    expect(Object.values(args).every((value) => typeof value === 'string')).toBe(true)
    expect(args['service-account-issuer']).toBe(first)
    expect(args['api-audiences']).toBe(OLD)
    const [ours, theirs] = [`${PKI}/irsa/sa-signer.pub`, `${PKI}/sa.pub`]
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

describe('the commands of kubeadm', () => {
  test('are for a running cluster only, and take --config without --patches', () => {
    expect(render('kubeadm').text).not.toContain('init phase')
    const { text } = render('kubeadm', { ...MOVE, stage: 'sign', kubernetesVersion: '1.30' })
    expect(text).toContain('init phase control-plane apiserver --config FILE\n')
    expect(text).toContain('init phase control-plane controller-manager --config FILE\n')
    expect(text).not.toMatch(/--config FILE.*--patches/)
  })

  test('leave kube-controller-manager alone where its flag does not change', () => {
    const { text } = render('kubeadm', { ...MOVE, stage: 'accept' })
    expect(text).toContain('init phase control-plane apiserver')
    expect(text).not.toContain('init phase control-plane controller-manager')
  })
})
