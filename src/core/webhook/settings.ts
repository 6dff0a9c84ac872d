import { checkAudience } from '../audience.ts'
import { DEFAULT_AUDIENCE } from '../config.ts'
import { checkRegion } from '../partition.ts'
import {
  secretNameInvalid,
  webhookNameInvalid,
  webhookNamespaceInvalid,
} from '../problems/webhook.ts'
import { isNamespace, isObjectName } from '../service-account.ts'
import { shellWord } from '../shell.ts'
import { DEFAULT_IMAGE, type Image, readImage } from './image.ts'

/** What to do with a pod while the webhook does not answer. */
export type FailurePolicy = 'Ignore' | 'Fail'

/** Also the namespace: one of its own, which nothing else of the cluster depends on. */
export const DEFAULT_NAME = 'pod-identity-webhook'

/** An installation of the pod identity webhook. */
export interface WebhookSettings {
  /** Of the Service, the Deployment, and everything else that has no name of its own. */
  readonly name: string
  readonly namespace: string
  readonly secretName: string
  readonly image: Image
  readonly replicas: number
  /** Of the tokens, where the service account names no other. */
  readonly audience: string
  /** What pods are told, if anything. */
  readonly region: string | undefined
  readonly failurePolicy: FailurePolicy
  readonly watchConfigMap: boolean
}

/** The same as it was given: what is missing gets its default. */
export type WebhookInput = {
  readonly [Name in keyof Omit<WebhookSettings, 'image'>]?: WebhookSettings[Name] | undefined
} & { readonly image?: string | undefined; readonly imageDigest?: string | undefined }

/** @throws Problem `webhook/…`, `usage/region-invalid`, `provider/audience-invalid` */
export function readSettings(input: WebhookInput): WebhookSettings {
  const { name = DEFAULT_NAME, namespace = DEFAULT_NAME, audience = DEFAULT_AUDIENCE } = input
  const { secretName = usualSecret(name), region } = input
  if (!isServiceName(name)) throw webhookNameInvalid(name)
  if (!isNamespace(namespace)) throw webhookNamespaceInvalid(namespace)
  if (!isObjectName(secretName)) throw secretNameInvalid(secretName)
  checkAudience(audience)
  if (region !== undefined) checkRegion(region)
  return {
    name,
    namespace,
    secretName,
    image: readImage(input.image ?? DEFAULT_IMAGE, input.imageDigest),
    replicas: input.replicas ?? 2,
    audience,
    region,
    failurePolicy: input.failurePolicy ?? 'Ignore',
    watchConfigMap: input.watchConfigMap ?? false,
  }
}

/** RFC 1035 label, which is stricter than other names (apimachinery pkg/util/validation). */
const isServiceName = (text: string): boolean => /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)

/**
 * The name that the API server expects in the certificate (apiserver pkg/util/webhook/client.go); it
 * takes no other, and ignores the common name.
 */
export const servingName = ({
  name,
  namespace,
}: Pick<WebhookSettings, 'name' | 'namespace'>): string => `${name}.${namespace}.svc`

/** Of the certificate, where nobody chose another name. */
export const usualSecret = (name: string): string => `${name}-cert`

/**
 * The whole command that renews the certificate of an installation, with the names that are not the
 * usual ones.
 *
 * @param configuration the name of its webhook configuration
 */
export function renewalCommand(
  { name, namespace, secretName }: Pick<WebhookSettings, 'name' | 'namespace' | 'secretName'>,
  configuration = name,
): string {
  const named = [
    ...(configuration === DEFAULT_NAME ? [] : ['--name', configuration]),
    ...(namespace === DEFAULT_NAME ? [] : ['--namespace', namespace]),
    ...(secretName === usualSecret(name) ? [] : ['--secret-name', secretName]),
  ]
  const words = ['irsa', 'print-webhook', '--renew', ...named]
  return `${words.map(shellWord).join(' ')} | kubectl apply -f -`
}
