import {
  type Fields,
  fieldsOf,
  objectsIn,
  textOf,
  textsByName,
  textsIn,
} from '../../core/kube-json.ts'
import { isObjectName } from '../../core/service-account.ts'
import type { WebhookBackend } from '../../core/verify/webhook-case.ts'
import type { WebhookConfiguration } from '../../core/verify/webhook-configuration.ts'
import { SECRET_ANNOTATION } from '../../core/webhook/configuration.ts'
import type { World } from '../../ports/world.ts'
import { absentIfRefused, readList } from '../kubectl-json.ts'

/** All that is read of a namespace, in one question; undefined where it may not be read. @throws Problem `kubectl/…` */
export const readNamespace = (
  { kubectl }: Pick<World, 'kubectl'>,
  namespace: string,
): Promise<readonly Fields[] | undefined> =>
  readList(kubectl, [
    '-n',
    namespace,
    'get',
    'services,endpointslices,deployments',
    '-o',
    'json',
  ]).catch(absentIfRefused)

/**
 * The certificate of a Secret, and never its key. Empty where there is none, undefined where it may not
 * be read.
 */
export const readCertificate = (
  { kubectl }: Pick<World, 'kubectl'>,
  namespace: string,
  secret: string,
): Promise<string | undefined> =>
  kubectl([
    '-n',
    namespace,
    'get',
    `secret/${secret}`,
    '--ignore-not-found',
    '-o',
    String.raw`jsonpath={.data.tls\.crt}`,
  ]).then((text) => Buffer.from(text, 'base64').toString('latin1'), absentIfRefused)

type Behind = Omit<WebhookBackend, 'certificate'>

/** What stands behind a Service, of the objects of its namespace. */
export function behind(
  { annotations }: Pick<WebhookConfiguration, 'annotations'>,
  service: WebhookBackend['service'],
  objects: readonly Fields[],
): Behind {
  const named = objects.find(
    (object) => object['kind'] === 'Service' && nameOf(object) === service.name,
  )
  const slices = objects.filter(
    (object) => object['kind'] === 'EndpointSlice' && labelsOf(object)[SERVICE] === service.name,
  )
  const selector = textsByName(fieldsOf(named?.['spec'])['selector'])
  const deployment = deploymentFor(selector, objects)
  const secret = annotations[SECRET_ANNOTATION] ?? (deployment && secretOf(deployment))
  return {
    service,
    exists: named !== undefined,
    // Ready where nothing is said (discovery.k8s.io/v1, EndpointConditions).
    readyEndpoints: slices
      .flatMap(({ endpoints }) => objectsIn(endpoints))
      .filter(({ conditions }) => fieldsOf(conditions)['ready'] !== false).length,
    deployment: deployment && deploymentSeen(deployment),
    // Whoever may change a Deployment writes there what they like (core/v1, validateSecretVolumeSource).
    secret: secret !== undefined && isObjectName(secret) ? secret : undefined,
  }
}

/** By which an EndpointSlice says whose it is (discovery.k8s.io/v1, LabelServiceName). */
const SERVICE = 'kubernetes.io/service-name'

const nameOf = ({ metadata }: Fields): string => textOf(fieldsOf(metadata)['name']) ?? ''

const labelsOf = ({ metadata }: Fields) => textsByName(fieldsOf(metadata)['labels'])

function deploymentFor(
  selector: Readonly<Record<string, string>>,
  objects: readonly Fields[],
): Fields | undefined {
  const wanted = Object.entries(selector)
  if (wanted.length === 0) return undefined
  const deployments = objects.filter(
    (object) => object['kind'] === 'Deployment' && isObjectName(nameOf(object)),
  )
  return deployments.find((deployment) => {
    const labels = labelsOf(templateOf(deployment))
    return wanted.every(([key, value]) => labels[key] === value)
  })
}

const templateOf = ({ spec }: Fields): Fields => fieldsOf(fieldsOf(spec)['template'])

const podSpecOf = (deployment: Fields): Fields => fieldsOf(templateOf(deployment)['spec'])

function deploymentSeen(deployment: Fields): Behind['deployment'] {
  const { image, command, args } = mainContainer(deployment)
  const { replicas } = fieldsOf(deployment['spec'])
  return {
    name: nameOf(deployment),
    image: textOf(image) ?? '',
    args: [...textsIn(command), ...textsIn(args)],
    replicas: typeof replicas === 'number' ? replicas : 1,
  }
}

/** The one with the certificate, or the only one. */
function mainContainer(deployment: Fields): Fields {
  const containers = objectsIn(podSpecOf(deployment)['containers'])
  const served = containers.find(({ args }) =>
    textsIn(args).some((word) => word.startsWith('--tls-cert')),
  )
  return served ?? containers[0] ?? {}
}

/** The folder of the webhook's `--tls-cert` by default (its main.go). */
const FOLDER = '/etc/webhook/certs'

function secretOf(deployment: Fields): string | undefined {
  const { args, volumeMounts } = mainContainer(deployment)
  const flag = textsIn(args)
    .find((word) => word.startsWith('--tls-cert='))
    ?.slice('--tls-cert='.length)
  const folder = flag?.replace(/\/[^/]*$/, '') ?? FOLDER
  const mount = objectsIn(volumeMounts).find(
    ({ mountPath }) => textOf(mountPath)?.replace(/\/$/, '') === folder,
  )
  const volumes = objectsIn(podSpecOf(deployment)['volumes'])
  const volume = mount && volumes.find(({ name }) => name === mount['name'])
  return textOf(fieldsOf(volume?.['secret'])['secretName'])
}
