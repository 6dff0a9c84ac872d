import {
  type ClusterFacts,
  type Detected,
  detectPlatform,
  type NodeFacts,
  TELLING_CONFIG_MAPS,
} from '../core/apiserver/detect.ts'
import { type Fields, fieldsOf, objectsIn, textOf, textsByName } from '../core/kube-json.ts'
import type { World } from '../ports/world.ts'
import { absentIfRefused, type JsonReader, jsonReader, readList } from './kubectl-json.ts'

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

/** The same without a word about it. @throws Problem */
export const recogniseCluster = async (world: Pick<World, 'kubectl'>): Promise<Detected> =>
  detectPlatform(await readFacts(world))

async function readFacts({ kubectl }: Pick<World, 'kubectl'>): Promise<ClusterFacts> {
  const json = jsonReader(kubectl)
  const [{ gitVersion }, { groups }, nodes, ...configMaps] = await Promise.all([
    json(['get', '--raw', '/version']),
    json(['get', '--raw', '/apis']),
    readList(kubectl, ['get', 'nodes', '-o', 'json']),
    ...TELLING_CONFIG_MAPS.map((name) => readConfigMap(json, name)),
  ])
  const present = TELLING_CONFIG_MAPS.flatMap((name, index) => {
    const data = configMaps[index]
    return data === undefined ? [] : [[name, data] as const]
  })
  return {
    gitVersion: textOf(gitVersion) ?? 'of an unknown version',
    apiGroups: objectsIn(groups).flatMap(({ name }) => textOf(name) ?? []),
    nodes: nodes.map(nodeFacts),
    configMaps: Object.fromEntries(present),
  }
}

function nodeFacts({ metadata, spec, status }: Fields): NodeFacts {
  const { labels, annotations } = fieldsOf(metadata)
  return {
    marks: [...Object.keys(fieldsOf(labels)), ...Object.keys(fieldsOf(annotations))],
    providerId: textOf(fieldsOf(spec)['providerID']) ?? '',
    osImage: textOf(fieldsOf(fieldsOf(status)['nodeInfo'])['osImage']) ?? '',
  }
}

/** Not everybody may read kube-system; then the other signs have to do. */
const readConfigMap = (
  json: JsonReader,
  name: string,
): Promise<Readonly<Record<string, string>> | undefined> =>
  json(['-n', 'kube-system', 'get', 'configmap', name, '-o', 'json']).then(
    ({ data }) => textsByName(data),
    absentIfRefused,
  )
