import { describe, expect, test } from 'vitest'

import type { ApiServerInput } from '../../src/core/apiserver/input.ts'
import { STAGES } from '../../src/core/apiserver/names.ts'
import { PLATFORMS } from '../../src/core/apiserver/platforms.ts'
import { CREATE, KEEP, MOVE, of, render } from './apiserver.ts'
import { comments } from './apiserver-golden.ts'

/** Nothing is left of what was there: the platform replaces it, or makes another cluster. */
const REPLACED = ['kind', 'minikube', 'openshift', 'talos']

/** How those say it that have words of their own for it. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  flags: 'Take away the flags of the same names',
  systemd: 'take away those that are there now for service-account-issuer',
  'static-pod': 'take the flags of the same names out',
  microk8s: 'take the lines of the same names out',
}

const TAKE_OUT = 'Take out first what an earlier stage, or somebody else, has put there: '

const taken = (platform: string, input: Partial<ApiServerInput>): string | undefined =>
  comments(render(platform, of(platform, { ...MOVE, ...input })).text)
    .split(TAKE_OUT)[1]
    ?.split('. What is to stay')[0]

const MERGED = PLATFORMS.map(({ name }) => name).filter(
  (name) => !REPLACED.includes(name) && OWN_WORDS[name] === undefined,
)

describe('what is there already', () => {
  test.each(MERGED.flatMap((name) => STAGES.map((stage) => [name, stage] as const)))(
    '%s, %s: goes before this is merged',
    (name, stage) => {
      expect(taken(name, { stage })).toMatch(/[iI]ssuer/)
    },
  )

  test.each(MERGED)('%s: of a new cluster there is nothing', (name) => {
    expect(comments(render(name, CREATE).text)).not.toContain(TAKE_OUT)
  })

  test.each(MERGED)('%s: goes as well where a running cluster keeps its key', (name) => {
    const { text } = render(name, of(name, { ...KEEP, previousIssuers: [] }))
    expect(comments(text)).toContain(TAKE_OUT)
  })

  test.each(Object.entries(OWN_WORDS))('%s: %s', (name, words) => {
    for (const stage of STAGES) {
      expect(comments(render(name, of(name, { ...MOVE, stage })).text)).toContain(words)
    }
  })

  test.each(REPLACED)('%s: needs no such words', (name) => {
    for (const stage of STAGES) expect(taken(name, { stage })).toBeUndefined()
  })
})

describe('every value of a flag that comes anew', () => {
  test.each([
    ['kubeadm', 'apiServer.extraArgs'],
    ['k3s', 'kube-apiserver-arg'],
    ['rke2', 'kube-apiserver-arg'],
    ['k0s', 'extraArgs and rawArgs of spec.api'],
    ['kubespray', 'kube_kubeadm_apiserver_extra_args'],
    ['cluster-api', 'apiServer.extraArgs'],
  ])('%s: goes from %s', (name, place) => {
    const { flags } = render(name, of(name, { ...MOVE, stage: 'sign' }))
    const names = [...new Set(flags.map((flag) => flag.name))].join(', ')
    expect(taken(name, { stage: 'sign' })).toContain(`every value of ${names} in ${place}`)
    expect(taken(name, { stage: 'sign' })).toContain('service-account-private-key-file in ')
    expect(taken(name, { stage: 'accept' })).not.toContain('service-account-private-key-file')
  })

  test('kops has fields for them, and key files that have other names from stage to stage', () => {
    const sign = taken('kops', { stage: 'sign' })
    expect(sign).toContain('serviceAccountIssuer, additionalServiceAccountIssuers, ')
    expect(sign).toContain('each of spec.fileAssets whose name begins with irsa-')
    expect(taken('kops', { ...KEEP, stage: 'finish' })).toBe(
      'serviceAccountIssuer, additionalServiceAccountIssuers in spec.kubeAPIServer',
    )
  })

  test('volumes of kubeadm go where they come again, since a name may be there once', () => {
    for (const name of ['kubeadm', 'kubespray', 'cluster-api']) {
      expect(taken(name, { stage: 'sign', keyDir: '/opt/irsa' })).toContain('the volumes irsa-keys')
      expect(taken(name, { stage: 'sign' })).not.toContain('volumes irsa-keys')
    }
  })
})

describe('a patch of an earlier stage', () => {
  const PATCH = '/etc/kubernetes/patches/kube-apiserver0+json.yaml'

  test.each([
    ['1.31.4', 'finish'],
    ['1.30', 'finish'],
    ['1.36', 'sign'],
    [undefined, 'sign'],
  ] as const)('kubeadm %s, %s: goes where nothing is patched', (kubernetesVersion, stage) => {
    const text = taken('kubeadm', { stage, kubernetesVersion, previousKeyFiles: [] })
    expect(text).toContain(`the patch ${PATCH} on every control-plane node`)
    expect(text).toContain('UpgradeConfiguration')
  })

  test('kubeadm: is replaced where there is another one', () => {
    const input = { stage: 'sign', kubernetesVersion: '1.31.4' } as const
    expect(taken('kubeadm', input)).not.toContain(PATCH)
    expect(comments(render('kubeadm', { ...MOVE, ...input }).text)).toContain(
      `Save it on each control-plane node as ${PATCH}, in the place of the one of an earlier stage.`,
    )
  })

  test('Cluster API: leaves the files, and what names its folder', () => {
    const finish = taken('cluster-api', { stage: 'finish' })
    expect(finish).toContain('each entry of files whose path is here, too')
    expect(finish).toContain(`the one of ${PATCH}`)
    expect(finish).toContain('patches of initConfiguration and joinConfiguration')
    expect(taken('cluster-api', { stage: 'sign' })).not.toContain(PATCH)
  })

  test.each(STAGES)('kubespray, %s: leaves the variable and the nodes', (stage) => {
    expect(taken('kubespray', { stage })).toContain('the entries of kubeadm_patches')
    const { text } = render('kubespray', of('kubespray', { ...MOVE, stage }))
    expect(text).toContain("-a 'rm -f /etc/kubernetes/patches/kube-apiserver*+json.yaml'")
  })
})
