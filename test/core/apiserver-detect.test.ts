import { describe, expect, test } from 'vitest'

import { type ClusterFacts, detectPlatform } from '../../src/core/apiserver/detect.ts'
import { PLATFORM_NAMES } from '../../src/core/apiserver/names.ts'
import { PLATFORMS } from '../../src/core/apiserver/platforms.ts'
import { problemOf } from './apiserver.ts'

const NODE = { marks: ['kubernetes.io/hostname'], providerId: '', osImage: 'Ubuntu 24.04' }
const NOBODY: ClusterFacts = {
  gitVersion: 'v1.36.1',
  nodes: [NODE],
  apiGroups: ['apps'],
  configMaps: {},
}
const KUBEADM = { 'kubeadm-config': { ClusterConfiguration: 'kind: ClusterConfiguration\n' } }
const node = (facts: Partial<typeof NODE>): Partial<ClusterFacts> => ({
  nodes: [NODE, { ...NODE, ...facts }],
  configMaps: KUBEADM,
})

test('every name of --for is a platform, and in the order of --help', () => {
  expect(PLATFORMS.map(({ name }) => name)).toEqual([...PLATFORM_NAMES])
})

describe('what a cluster is', () => {
  test.each<[string, Partial<ClusterFacts>]>([
    ['k3s', { gitVersion: 'v1.33.1+k3s1' }],
    ['rke2', { gitVersion: 'v1.33.1+rke2r1' }],
    ['k0s', { gitVersion: 'v1.34.1+k0s.0' }],
    ['talos', node({ osImage: 'Talos (v1.13.2)' })],
    ['openshift', { apiGroups: ['apps', 'config.openshift.io'] }],
    ['gardener', { configMaps: { 'shoot-info': {} } }],
    ['gardener', node({ marks: ['worker.gardener.cloud/pool'] })],
    ['kops', node({ marks: ['kops.k8s.io/instancegroup'] })],
    ['microk8s', node({ marks: ['microk8s.io/cluster'] })],
    ['minikube', node({ marks: ['minikube.k8s.io/name'] })],
    ['kind', node({ providerId: 'kind://docker/kind/kind-control-plane' })],
    ['cluster-api', node({ marks: ['cluster.x-k8s.io/cluster-name'] })],
    ['kubeadm', { configMaps: KUBEADM }],
    // EKS Distro, which EKS Anywhere runs with Cluster API.
    ['kubeadm', { configMaps: KUBEADM, gitVersion: 'v1.29.1-eks-1-29-7' }],
    [
      'kubespray',
      {
        configMaps: {
          'kubeadm-config': { ClusterConfiguration: 'certificatesDir: /etc/kubernetes/ssl\n' },
        },
      },
    ],
  ])('%s: %j', (platform, facts) => {
    expect(detectPlatform({ ...NOBODY, ...facts })).toMatchObject({ platform })
  })

  test('Talos tells its own version', () => {
    const facts = { ...NOBODY, ...node({ osImage: 'Talos (v1.13.2)' }) }
    expect(detectPlatform(facts).platformVersion).toBe('v1.13.2')
  })

  test.each<[string, Partial<ClusterFacts>]>([
    ['Amazon EKS', { gitVersion: 'v1.33.1-eks-113cf36' }],
    ['Google GKE', { gitVersion: 'v1.33.1-gke.1386000' }],
    ['Azure AKS', node({ marks: ['kubernetes.azure.com/cluster'] })],
  ])('%s is refused: nobody gives its API server flags', (name, facts) => {
    expect(problemOf(() => detectPlatform({ ...NOBODY, ...facts }))).toMatchObject({
      code: 'apiserver/managed-control-plane',
      what: expect.stringContaining(name),
    })
  })

  test('a cluster without a sign is asked about, not guessed', () => {
    expect(problemOf(() => detectPlatform(NOBODY))).toMatchObject({
      code: 'apiserver/platform-not-recognised',
      exit: 2,
    })
  })
})
