import { startProgram } from '../support/cli.ts'
import { parse, parseAllDocuments, stringify } from 'yaml'
import type { ControlPlaneNode } from './kubeadm.ts'
import { parts } from './parts.ts'

/** What a person, or the platform, makes of a printed text on a control-plane node. */
export type OnNode = (text: string) => Promise<ControlPlaneNode>

const ALPHA = 'kubeadm.k8s.io/v1beta'

/** The pages of a stream, each as it is printed. */
const pages = (text: string): string[] => text.split(/^---\n/m)

/** "Save it … as PATH", with a line break of the comment in between. */
const savedAs = (page: string): string => /\bas\s+#?\s*(\S+\.yaml)/.exec(page)?.[1] ?? ''

/** One file with what kubeadm reads, and the patch as a file of its own. */
export const ofKubeadm: OnNode = async (text) => ({
  configuration: pages(text)
    .filter((page) => page.includes(`apiVersion: ${ALPHA}`))
    .join('---\n'),
  files: Object.fromEntries(patchPages(text).map((page) => [savedAs(page), page])),
})

const patchPages = (text: string): string[] =>
  pages(text).filter((page) => Array.isArray(parse(page)))

interface Arguments {
  readonly extraArgs?: unknown
}

interface KubeadmConfigSpec {
  readonly clusterConfiguration: {
    readonly apiServer: Arguments
    readonly controllerManager?: Arguments
  }
  readonly files?: readonly { readonly path: string; readonly content?: string }[]
  readonly initConfiguration?: object
}

/** A map came with v1beta3, and a list of pairs with v1beta4. */
const versionFor = ({ extraArgs }: Arguments): string =>
  `${ALPHA}${Array.isArray(extraArgs) ? 4 : 3}`

const stream = (...documents: readonly object[]): string =>
  documents.map((document) => stringify(document)).join('---\n')

/** Cluster API hands the two configurations on, and writes the files (bootstrap/kubeadm). */
export const ofClusterApi: OnNode = async (text) => {
  const [controlPlane] = parseAllDocuments(text).map((document) => document.toJS())
  const spec: KubeadmConfigSpec = controlPlane.spec.kubeadmConfigSpec
  const apiVersion = versionFor(spec.clusterConfiguration.apiServer)
  const files = (spec.files ?? []).map(({ path, content = '' }) => [path, content])
  return {
    configuration: stream(
      { apiVersion, kind: 'ClusterConfiguration', ...spec.clusterConfiguration },
      { apiVersion, kind: 'InitConfiguration', ...spec.initConfiguration },
    ),
    files: Object.fromEntries(files),
  }
}

const pairs = (args: Readonly<Record<string, string>> = {}) =>
  Object.entries(args).map(([name, value]) => ({ name, value }))

/** kubespray's template kubeadm-config.v1beta4.yaml.j2, as far as these variables go. */
export const ofKubespray: OnNode = async (text) => {
  const variables = parse(pages(text)[0] ?? '')
  const directory = '/etc/kubernetes/patches'
  const patches: readonly { target: string; type: string; patch: unknown }[] =
    variables.kubeadm_patches ?? []
  const files = patches.map(({ target, type, patch }, index) => [
    `${directory}/${target}${index}+${type}.yaml`,
    stringify(patch),
  ])
  const apiVersion = `${ALPHA}4`
  const cluster = {
    apiVersion,
    kind: 'ClusterConfiguration',
    certificatesDir: '/etc/kubernetes/ssl',
    apiServer: {
      extraArgs: pairs(variables.kube_kubeadm_apiserver_extra_args),
      extraVolumes: variables.apiserver_extra_volumes ?? [],
    },
    controllerManager: {
      extraArgs: pairs(variables.kube_kubeadm_controller_extra_args),
      extraVolumes: variables.controller_manager_extra_volumes ?? [],
    },
  }
  const init = { apiVersion, kind: 'InitConfiguration' }
  return {
    configuration: stream(cluster, patches.length > 0 ? { ...init, patches: { directory } } : init),
    files: Object.fromEntries(files),
  }
}

/** kubectl patches nothing without a name; kind has this one, which kubeadm only warns of. */
const NAMED = { metadata: { name: 'config' } }

/** What kind writes itself, in both versions (kind pkg/cluster/internal/kubeadm/config.go). */
const KIND = {
  list: {
    apiServer: { extraArgs: [{ name: 'runtime-config', value: '' }] },
    controllerManager: { extraArgs: [{ name: 'enable-hostpath-provisioner', value: 'true' }] },
  },
  map: {
    apiServer: { extraArgs: { 'runtime-config': '' } },
    controllerManager: { extraArgs: { 'enable-hostpath-provisioner': 'true' } },
  },
}

/** kind patches its own configuration; kubectl knows both kinds of patches. */
export const ofKind: OnNode = async (text) => {
  const [page = '', ...others] = pages(text)
  const {
    nodes,
    kubeadmConfigPatches: merges = [],
    kubeadmConfigPatchesJSON6902: json = [],
  } = parse(page)
  const [node] = nodes
  const own = json.length > 0 ? KIND.list : KIND.map
  const apiVersion = versionFor(own.apiServer)
  const head = { apiVersion, kind: 'ClusterConfiguration', ...NAMED }
  let cluster = stringify({ ...head, ...own })
  for (const patch of merges) cluster = await patched(cluster, 'merge', patch)
  for (const { patch } of json) cluster = await patched(cluster, 'json', patch)
  const { metadata: _, ...configuration } = parse(cluster)
  const [init = '{}'] = node.kubeadmConfigPatches ?? []
  const files = others.filter((other) => Array.isArray(parse(other)))
  return {
    configuration: stream(configuration, { ...parse(init), apiVersion, kind: 'InitConfiguration' }),
    files: Object.fromEntries(files.map((file) => [mounted(node, savedAs(file)), file])),
  }
}

interface KindNode {
  readonly extraMounts?: readonly { readonly hostPath: string; readonly containerPath: string }[]
}

/** Where the node sees a file of the machine that kind runs on. */
function mounted({ extraMounts = [] }: KindNode, path: string): string {
  const mount = extraMounts.find(({ hostPath }) => path.startsWith(`${hostPath}/`))
  return `${mount?.containerPath}${path.slice(mount?.hostPath.length)}`
}

async function patched(document: string, type: 'json' | 'merge', patch: string): Promise<string> {
  const call = ['patch', '--local', '--filename=-', '--output=yaml', '--type', type, '--patch']
  const command = [parts.kubectl, ...call, patch]
  const { code, stdout, stderr } = await startProgram(command, { cwd: '/', input: document }).ended
  if (code !== 0) throw new Error(stderr)
  return stdout
}
