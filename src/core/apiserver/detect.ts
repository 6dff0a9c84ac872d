import { managedControlPlane, platformNotRecognised } from '../problems/running-cluster.ts'

/** What a node says of itself, as far as it tells how its cluster is run. */
export interface NodeFacts {
  /** Names of labels and annotations. */
  readonly marks: readonly string[]
  readonly providerId: string
  readonly osImage: string
}

/** What a cluster says of itself through kubectl. */
export interface ClusterFacts {
  /** `serverVersion.gitVersion`, such as `v1.33.1+k3s1`. */
  readonly gitVersion: string
  readonly nodes: readonly NodeFacts[]
  readonly apiGroups: readonly string[]
  /** Those ConfigMaps of kube-system that were looked for and are there, by name, with their data. */
  readonly configMaps: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface Detected {
  readonly platform: string
  /** What gave it away, for the person who reads on. */
  readonly because: string
  readonly platformVersion?: string | undefined
}

/** The ConfigMaps of kube-system that tell something. */
export const TELLING_CONFIG_MAPS = ['kubeadm-config', 'shoot-info'] as const

type Sign = (facts: ClusterFacts) => Detected | undefined

const byVersion =
  (platform: string, mark: string): Sign =>
  ({ gitVersion }) =>
    gitVersion.includes(mark) ? { platform, because: `its version is ${gitVersion}` } : undefined

const byMark =
  (platform: string, prefix: string): Sign =>
  ({ nodes }) => {
    const mark = nodes.flatMap(({ marks }) => marks).find((name) => name.startsWith(prefix))
    return mark === undefined ? undefined : { platform, because: `its nodes carry ${mark}` }
  }

/** The first sign that shows decides, so those that others may show as well come last. */
const SIGNS: readonly Sign[] = [
  byVersion('k3s', '+k3s'),
  byVersion('rke2', '+rke2'),
  byVersion('k0s', '+k0s'),
  talos,
  ({ apiGroups }) =>
    apiGroups.includes('config.openshift.io')
      ? { platform: 'openshift', because: 'it serves the API group config.openshift.io' }
      : undefined,
  ({ configMaps }) =>
    configMaps['shoot-info'] === undefined
      ? undefined
      : { platform: 'gardener', because: 'it has the ConfigMap kube-system/shoot-info' },
  byMark('gardener', 'worker.gardener.cloud/'),
  byMark('kops', 'kops.k8s.io/'),
  byMark('microk8s', 'microk8s.io/'),
  byMark('minikube', 'minikube.k8s.io/'),
  ({ nodes }) =>
    nodes.some(({ providerId }) => providerId.startsWith('kind://'))
      ? { platform: 'kind', because: 'its nodes have a provider id of kind' }
      : undefined,
  byMark('cluster-api', 'cluster.x-k8s.io/'),
  kubeadm,
]

/** siderolabs/talos writes `Talos (v1.13.2)` into the node's osImage. */
function talos({ nodes }: ClusterFacts): Detected | undefined {
  const image = nodes.map(({ osImage }) => osImage).find((name) => name.startsWith('Talos ('))
  if (image === undefined) return undefined
  const platformVersion = /\((v[^)]+)\)/.exec(image)?.[1]
  return { platform: 'talos', because: `its nodes run ${image}`, platformVersion }
}

/** kubespray runs kubeadm, with the certificates in a folder of its own (kube_cert_dir). */
function kubeadm({ configMaps }: ClusterFacts): Detected | undefined {
  const configuration = configMaps['kubeadm-config']?.['ClusterConfiguration']
  if (configuration === undefined) return undefined
  return /^certificatesDir: *["']?\/etc\/kubernetes\/ssl\b/m.test(configuration)
    ? { platform: 'kubespray', because: 'kubeadm keeps its certificates in /etc/kubernetes/ssl' }
    : { platform: 'kubeadm', because: 'it has the ConfigMap kube-system/kubeadm-config' }
}

/** Whose control plane takes no flags from anybody else. */
const MANAGED: readonly (readonly [name: string, sign: (facts: ClusterFacts) => boolean])[] = [
  // EKS Distro, which others run, has its own release number there: v1.29.1-eks-1-29-7.
  ['Amazon EKS', ({ gitVersion }) => /-eks-(?!\d+-\d+-\d+)/.test(gitVersion)],
  ['Google GKE', ({ gitVersion }) => gitVersion.includes('-gke.')],
  ['Azure AKS', (facts) => byMark('', 'kubernetes.azure.com/cluster')(facts) !== undefined],
]

/**
 * Which of irsa's platforms a cluster is.
 *
 * @throws Problem `apiserver/managed-control-plane`, `apiserver/platform-not-recognised`
 */
export function detectPlatform(facts: ClusterFacts): Detected {
  const managed = MANAGED.find(([, sign]) => sign(facts))
  if (managed !== undefined) throw managedControlPlane(managed[0])
  for (const sign of SIGNS) {
    const detected = sign(facts)
    if (detected !== undefined) return detected
  }
  throw platformNotRecognised(facts.gitVersion)
}
