import { unseen } from '../../core/verify/link.ts'
import { assertExpected } from '../../core/problems/problem.ts'
import type { Reach, WebhookBackend } from '../../core/verify/webhook-case.ts'
import {
  findPodIdentityWebhook,
  type WebhookConfiguration,
  type WebhookEntry,
} from '../../core/verify/webhook-configuration.ts'
import type { Unseen } from '../../core/verify/link.ts'
import { DEFAULT_NAME, usualSecret } from '../../core/webhook/settings.ts'
import type { World } from '../../ports/world.ts'
import { absentIfRefused, readList } from '../kubectl-json.ts'
import type { Fields } from '../../core/kube-json.ts'
import { behind, readCertificate, readNamespace } from './webhook-backend.ts'

/** The webhook of the cluster, and what stands behind it. */
export interface WebhookSeen {
  /** Undefined where there is none. */
  readonly configuration: WebhookConfiguration | undefined
  readonly backend: WebhookBackend | undefined
  readonly reach: Reach | undefined
}

type Asking = Pick<World, 'kubectl' | 'trusting'>

/** Looks at the usual places at once, and at others when it is known which. @throws Problem `kubectl/…` */
export async function seeWebhook(world: Asking): Promise<WebhookSeen | Unseen> {
  const usual = looking(world)
  const args = ['get', 'mutatingwebhookconfigurations', '-o', 'json']
  const list = await readList(world.kubectl, args).catch(absentIfRefused)
  if (list === undefined) return MAY_NOT
  const configuration = findPodIdentityWebhook(list)
  if (configuration === undefined) {
    return { configuration, backend: undefined, reach: undefined }
  }
  const [entry] = configuration.entries
  const [backend, reach] = await Promise.all([
    entry.service && backendOf(usual, configuration, entry.service),
    entry.url === undefined ? undefined : reachOf(world, entry, entry.url),
  ])
  return { configuration, backend, reach }
}

const MAY_NOT = unseen(
  'these credentials may not list mutatingwebhookconfigurations',
  'Permit get and list of mutatingwebhookconfigurations.admissionregistration.k8s.io.',
)

interface Looking {
  readonly namespace: (name: string) => Promise<readonly Fields[] | undefined>
  readonly certificate: (namespace: string, secret: string) => Promise<string | undefined>
}

/** Asks for the usual names before anybody wants to know. */
function looking(world: Asking): Looking {
  const secret = usualSecret(DEFAULT_NAME)
  const objects = readNamespace(world, DEFAULT_NAME)
  const certificate = readCertificate(world, DEFAULT_NAME, secret)
  // Whoever waits for them hears of a failure.
  for (const asked of [objects, certificate]) asked.catch(() => undefined)
  return {
    namespace: (name) => (name === DEFAULT_NAME ? objects : readNamespace(world, name)),
    certificate: (namespace, name) =>
      namespace === DEFAULT_NAME && name === secret
        ? certificate
        : readCertificate(world, namespace, name),
  }
}

/** Undefined where it may not be looked at. */
async function backendOf(
  looked: Looking,
  configuration: WebhookConfiguration,
  service: WebhookBackend['service'],
): Promise<WebhookBackend | undefined> {
  const objects = await looked.namespace(service.namespace)
  if (objects === undefined) return undefined
  const found = behind(configuration, service, objects)
  const { secret } = found
  const certificate =
    secret === undefined ? undefined : await looked.certificate(service.namespace, secret)
  return { ...found, certificate }
}

/** The path that the webhook itself offers for such questions (its main.go). */
const HEALTH = '/healthz'

async function reachOf(world: Asking, { bundle }: WebhookEntry, url: string): Promise<Reach> {
  try {
    const { fetch } = await world.trusting(bundle ?? '')
    await fetch(new URL(HEALTH, url).href)
    return { kind: 'answers' }
  } catch (error) {
    assertExpected(error)
    const tls = ['network/tls', 'cluster/ca-unreadable'].includes(error.code)
    return { kind: 'fails', why: `${error.what} ${error.why}`, tls }
  }
}
