import { delimiter, dirname, join } from 'node:path'
import { built, goToolchain, sourceOf } from './go-build.ts'
import { chosenKubernetes, hasKubectl, kubernetesPrograms, type Kubernetes } from './kubernetes.ts'

/** The files of the real programs. */
export interface Parts {
  readonly kubernetes: Kubernetes
  readonly apiServer: string
  readonly kubeadm: string
  readonly kubectl: string
  readonly etcd: string
  readonly webhook: string
  /** go/tlscheck/main.go */
  readonly tlscheck: string
  /** go/formats/main.go */
  readonly formats: string
  /** go/talos/main.go with each Talos that reads another format. */
  readonly talos: Readonly<Record<'1.12' | '1.13' | '1.14', string>>
  /** Definitions of custom resources, as their projects install them. */
  readonly definitions: Readonly<
    Record<'clusterApi' | 'openshift' | 'certificates' | 'issuers', string>
  >
  /** A PATH on which `kubectl` is that kubectl. */
  readonly path: string
}

const ETCD = { module: 'etcd', packages: { etcd: 'go.etcd.io/etcd/server/v3' } } as const

/**
 * It listens on every address of the machine and has no flag that would change that. Nothing that
 * the tests start is to be reached from elsewhere, so this is all that is changed about it.
 */
const WEBHOOK = {
  module: 'webhook',
  packages: { webhook: '.' },
  changed: {
    from: 'github.com/aws/amazon-eks-pod-identity-webhook',
    exchange: {
      'addr := fmt.Sprintf(":%d", *port)': 'addr := fmt.Sprintf("127.0.0.1:%d", *port)',
      'metricsAddr := fmt.Sprintf(":%d", *metricsPort)':
        'metricsAddr := fmt.Sprintf("127.0.0.1:%d", *metricsPort)',
    },
  },
} as const

const TLSCHECK = { module: 'tlscheck', packages: { tlscheck: '.' } } as const

const FORMATS = { module: 'formats', packages: { formats: '.' } } as const

const TALOS = { module: 'talos', packages: { talos: '.' } } as const

/**
 * Builds what is not in the user's cache yet; undefined where there is no Go to build it with. One
 * after the other: the compiler keeps all processors busy by itself.
 *
 * @throws when a Kubernetes is chosen that is not pinned, or when a build fails
 */
export async function installParts(): Promise<Parts | undefined> {
  const toolchain = await goToolchain()
  if (toolchain === undefined) return undefined
  const kubernetes = await chosenKubernetes()
  const { tlscheck } = await built(TLSCHECK, toolchain)
  const { etcd } = await built(ETCD, toolchain)
  const { webhook } = await built(WEBHOOK, toolchain)
  const { formats } = await built(FORMATS, toolchain)
  const talos = await talosPrograms(toolchain)
  const servers = kubernetesPrograms(kubernetes, ['kube-apiserver', 'kubeadm'])
  const { 'kube-apiserver': apiServer, kubeadm } = await built(servers, toolchain)
  const client = await kubectl(kubernetes, toolchain)
  const programs = { apiServer, kubeadm, etcd, webhook, tlscheck, formats, talos, ...client }
  return { kubernetes, ...programs, definitions: await definitions() }
}

async function definitions(): Promise<Parts['definitions']> {
  const clusterApi = join(
    await sourceOf('crds', 'sigs.k8s.io/cluster-api'),
    'controlplane/kubeadm/config/crd/bases',
    'controlplane.cluster.x-k8s.io_kubeadmcontrolplanes.yaml',
  )
  const openshift = join(
    await sourceOf('crds', 'github.com/openshift/api'),
    'config/v1/zz_generated.crd-manifests',
    '0000_10_config-operator_01_authentications-Default.crd.yaml',
  )
  const certManager = join(
    await sourceOf('crds', 'github.com/cert-manager/cert-manager'),
    'deploy/crds',
  )
  const certificates = join(certManager, 'cert-manager.io_certificates.yaml')
  const issuers = join(certManager, 'cert-manager.io_issuers.yaml')
  return { clusterApi, openshift, certificates, issuers }
}

async function talosPrograms(toolchain: string): Promise<Parts['talos']> {
  const before = (minor: string) => built({ ...TALOS, modfile: `talos-${minor}.mod` }, toolchain)
  return {
    '1.12': (await before('1.12')).talos,
    '1.13': (await before('1.13')).talos,
    '1.14': (await built(TALOS, toolchain)).talos,
  }
}

/** What the machine has, or one that is built like the rest. */
async function kubectl(kubernetes: Kubernetes, toolchain: string) {
  const path = process.env['PATH'] ?? ''
  if (await hasKubectl()) return { kubectl: 'kubectl', path }
  const { kubectl: place } = await built(kubernetesPrograms(kubernetes, ['kubectl']), toolchain)
  return { kubectl: place, path: [dirname(place), path].join(delimiter) }
}
