import type { RunningCluster } from '../core/apiserver/running-facts.ts'
import { CLUSTER_KEY_SET_PATH } from '../core/cluster-host.ts'
import { DISCOVERY_PATH } from '../core/issuer.ts'
import { type Fields, fieldsOf, objectsIn, textOf, textsIn } from '../core/kube-json.ts'
import { parseKeySet } from '../core/key-set.ts'
import { clusterTellsNothing } from '../core/problems/kubectl.ts'
import { publicKeyFromJwk, type PublicKey } from '../core/public-key.ts'
import { readClaims } from '../core/token-claims.ts'
import type { World } from '../ports/world.ts'
import { absentIfFailed, absentIfRefused, jsonReader, readList } from './kubectl-json.ts'

/** How kubeadm and its relatives, and how kops and Talos, label the API server's pod. */
const API_SERVER_LABELS = ['component=kube-apiserver', 'k8s-app=kube-apiserver']

const JWKS_PATH = `/${CLUSTER_KEY_SET_PATH}`

/**
 * What the cluster uses now: flags where the API server runs as a pod, else what it says of itself.
 * One token for the Kubernetes API is made and thrown away, since only a token shows its audiences
 * and the key that signs.
 *
 * @throws Problem `kubectl/…`
 */
export async function readRunningCluster(
  world: Pick<World, 'kubectl' | 'progress'>,
): Promise<RunningCluster> {
  const asking = world.progress.begin('Asking the cluster what it uses now')
  try {
    const running = await lookAtRunningCluster(world)
    asking.done(running.issuers.join(', '))
    return running
  } catch (error) {
    asking.failed()
    throw error
  }
}

/** The same without a word about it. @throws Problem `kubectl/…` */
export async function lookAtRunningCluster({
  kubectl,
}: Pick<World, 'kubectl'>): Promise<RunningCluster> {
  const [discovery, keys, token, ...pods] = await Promise.all([
    // Neither is served where the issuer is no https URL (pkg/serviceaccount/openidmetadata.go).
    jsonReader(kubectl)(['get', '--raw', `/${DISCOVERY_PATH}`]).catch(absentIfRefused),
    readKeys(kubectl),
    // kubectl before 1.24 has no such command; whatever else is wrong, the others say as well.
    kubectl(['-n', 'default', 'create', 'token', 'default']).catch(absentIfFailed),
    ...API_SERVER_LABELS.map((label) => readApiServers(kubectl, label)),
  ])
  const claims = token === undefined ? undefined : readClaims(token.trim())
  const commands = pods.flatMap((found) => found ?? [])
  const issuers = new Set(
    [textOf(discovery?.['issuer']), claims?.issuer].filter((issuer) => issuer !== undefined),
  )
  if (issuers.size === 0 && commands.length === 0) throw clusterTellsNothing()
  return {
    commands,
    unread: pods.every((found) => found === undefined),
    issuers: [...issuers],
    publicPems: keys?.read.map(({ pem }) => pem),
    publicKids: keys?.read.map(({ kid }) => kid),
    unreadableKeys: keys?.unreadable ?? 0,
    signingPem: keys?.read.find(({ kid }) => kid === claims?.kid)?.pem,
    signingKid: claims?.kid,
    audiences: claims?.audiences,
  }
}

interface ServedKeys {
  readonly read: readonly PublicKey[]
  /** How many there are of kinds that irsa does not know. */
  readonly unreadable: number
}

async function readKeys(kubectl: World['kubectl']): Promise<ServedKeys | undefined> {
  const text = await kubectl(['get', '--raw', JWKS_PATH]).catch(absentIfRefused)
  if (text === undefined) return undefined
  const { keys } = parseKeySet(text, JWKS_PATH)
  const outcomes = await Promise.allSettled(keys.map((key) => publicKeyFromJwk(key, JWKS_PATH)))
  const read = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  )
  return { read, unreadable: outcomes.length - read.length }
}

/** The command lines of API servers that run as pods with this label; undefined where refused. */
const readApiServers = (
  kubectl: World['kubectl'],
  label: string,
): Promise<readonly (readonly string[])[] | undefined> =>
  readList(kubectl, ['-n', 'kube-system', 'get', 'pods', '-l', label, '-o', 'json']).then(
    (pods) => pods.map(({ spec }) => commandOf(objectsIn(fieldsOf(spec)['containers']))),
    absentIfRefused,
  )

/** That of the container with the flags: others check its health, or serve it. */
function commandOf(containers: readonly Fields[]): readonly string[] {
  const commands = containers.map(({ command, args }) => [...textsIn(command), ...textsIn(args)])
  const isServer = (words: readonly string[]): boolean =>
    words.some((word) => word.startsWith('--service-account-issuer'))
  return commands.find(isServer) ?? []
}
