import {
  type ClusterFacts,
  type Detected,
  detectPlatform,
  type NodeFacts,
  TELLING_CONFIG_MAPS,
} from '../core/apiserver/detect.ts'
import type { World } from '../ports/world.ts'
import { absentIfRefused, type JsonReader, jsonReader } from './kubectl-json.ts'

/** What the cluster of kubectl's context is, and its Kubernetes version. @throws Problem */
export async function detectCluster(
  world: Pick<World, 'kubectl' | 'progress'>,
): Promise<Detected & { readonly kubernetesVersion: string }> {
  const asking = world.progress.begin('Asking the cluster what it is')
  try {
    const facts = await readFacts(world)
    const detected = detectPlatform(facts)
    asking.done(`${detected.platform}: ${detected.because}`)
    return { ...detected, kubernetesVersion: facts.gitVersion }
  } catch (error) {
    asking.failed()
    throw error
  }
}

async function readFacts({ kubectl }: Pick<World, 'kubectl'>): Promise<ClusterFacts> {
  const json = jsonReader(kubectl)
  const [version, groups, nodes, ...configMaps] = await Promise.all([
    json<{ gitVersion: string }>(['get', '--raw', '/version']),
    json<{ groups: { name: string }[] }>(['get', '--raw', '/apis']),
    json<{ items: KubeNode[] }>(['get', 'nodes', '-o', 'json']),
    ...TELLING_CONFIG_MAPS.map((name) => readConfigMap(json, name)),
  ])
  const present = TELLING_CONFIG_MAPS.flatMap((name, index) => {
    const data = configMaps[index]
    return data === undefined ? [] : [[name, data] as const]
  })
  return {
    gitVersion: version.gitVersion,
    apiGroups: groups.groups.map(({ name }) => name),
    nodes: nodes.items.map(nodeFacts),
    configMaps: Object.fromEntries(present),
  }
}

interface KubeNode {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: { readonly providerID?: string }
  readonly status?: { readonly nodeInfo?: { readonly osImage?: string } }
}

const nodeFacts = ({ metadata, spec, status }: KubeNode): NodeFacts => ({
  marks: [...Object.keys(metadata.labels ?? {}), ...Object.keys(metadata.annotations ?? {})],
  providerId: spec.providerID ?? '',
  osImage: status?.nodeInfo?.osImage ?? '',
})

/** Not everybody may read kube-system; then the other signs have to do. */
const readConfigMap = (
  json: JsonReader,
  name: string,
): Promise<Record<string, string> | undefined> =>
  json<{ data?: Record<string, string> }>([
    '-n',
    'kube-system',
    'get',
    'configmap',
    name,
    '-o',
    'json',
  ]).then(({ data }) => data ?? {}, absentIfRefused)
