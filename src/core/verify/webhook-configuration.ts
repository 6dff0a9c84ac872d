import { isObject } from '../jwk.ts'
import { type Fields, fieldsOf, objectsIn, textOf, textsByName, textsIn } from '../kube-json.ts'
import { isNamespace, isObjectName } from '../service-account.ts'
import { SECRET_ANNOTATION } from '../webhook/configuration.ts'
import { bundleText } from '../webhook/authorities.ts'
import { DEFAULT_NAME } from '../webhook/settings.ts'

/** A selector of labels, as far as kubernetes apimachinery pkg/apis/meta/v1 types.go has it. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly {
    readonly key: string
    readonly operator: string
    readonly values?: readonly string[]
  }[]
}

/** One webhook of a configuration that puts tokens into pods. */
export interface WebhookEntry {
  /** Counts from 0 among all of the configuration. */
  readonly index: number
  readonly name: string
  readonly versions: readonly string[]
  readonly failurePolicy: string
  readonly namespaceSelector: LabelSelector
  readonly objectSelector: LabelSelector
  readonly service: { readonly namespace: string; readonly name: string } | undefined
  readonly url: string | undefined
  /** PEM text; undefined where none is given. */
  readonly bundle: string | undefined
}

/** The MutatingWebhookConfiguration of the pod identity webhook. */
export interface WebhookConfiguration {
  readonly name: string
  readonly annotations: Readonly<Record<string, string>>
  readonly entries: readonly [WebhookEntry, ...WebhookEntry[]]
}

/** What upstream and all that install it call the webhook; irsa has a second one before it. */
const WEBHOOK_NAME = 'pod-identity-webhook.amazonaws.com'

/** The configuration of the pod identity webhook among all of a cluster. */
export function findPodIdentityWebhook(
  configurations: readonly unknown[],
): WebhookConfiguration | undefined {
  const found = configurations.filter(isObject).flatMap(readConfiguration)
  return found.find(({ entries }) => entries[0].name.endsWith(WEBHOOK_NAME)) ?? found[0]
}

function readConfiguration({ metadata, webhooks }: Fields): WebhookConfiguration[] {
  const { name, annotations } = fieldsOf(metadata)
  const [first, ...more] = objectsIn(webhooks)
    .map(readEntry)
    .filter((entry) => name === DEFAULT_NAME || isPodIdentity(entry))
  if (first === undefined || typeof name !== 'string' || !isObjectName(name)) return []
  return [{ name, annotations: withoutFalseSecret(annotations), entries: [first, ...more] }]
}

/** The secret's name goes into commands, and anything may stand in an annotation. */
function withoutFalseSecret(annotations: unknown): WebhookConfiguration['annotations'] {
  const { [SECRET_ANNOTATION]: secret, ...others } = textsByName(annotations)
  if (secret === undefined || !isObjectName(secret)) return others
  return { ...others, [SECRET_ANNOTATION]: secret }
}

const isPodIdentity = ({ name, service }: WebhookEntry): boolean =>
  name.endsWith(WEBHOOK_NAME) || service?.name.includes(DEFAULT_NAME) === true

/** Defaults are those of admissionregistration.k8s.io/v1 (its defaults.go). */
function readEntry(webhook: Fields, index: number): WebhookEntry {
  const { service, url, caBundle } = fieldsOf(webhook['clientConfig'])
  return {
    index,
    name: String(webhook['name']),
    versions: [webhook['admissionReviewVersions'] ?? []].flat().map(String),
    failurePolicy: String(webhook['failurePolicy'] ?? 'Fail'),
    namespaceSelector: selectorOf(webhook['namespaceSelector']),
    objectSelector: selectorOf(webhook['objectSelector']),
    service: serviceOf(fieldsOf(service)),
    url: typeof url === 'string' ? url : undefined,
    bundle: typeof caBundle === 'string' ? bundleText(caBundle) : undefined,
  }
}

/** The API server takes any text for these two (its validateWebhookService); none but names is of use. */
function serviceOf({ namespace, name }: Fields): WebhookEntry['service'] {
  if (typeof namespace !== 'string' || typeof name !== 'string') return undefined
  return isNamespace(namespace) && isObjectName(name) ? { namespace, name } : undefined
}

function selectorOf(selector: unknown): LabelSelector {
  const { matchLabels, matchExpressions } = fieldsOf(selector)
  return {
    matchLabels: textsByName(matchLabels),
    matchExpressions: objectsIn(matchExpressions).map(({ key, operator, values }) => ({
      key: textOf(key) ?? '',
      operator: textOf(operator) ?? '',
      values: textsIn(values),
    })),
  }
}

type Labels = Readonly<Record<string, string>>

/** The first part of a selector that these labels do not meet; undefined where all are met. */
export function unmet(selector: LabelSelector, labels: Labels): Unmet | undefined {
  const { matchLabels = {}, matchExpressions = [] } = selector
  const equal = Object.entries(matchLabels).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }))
  return [...equal, ...matchExpressions].find((expression) => !meets(expression, labels))
}

export type Unmet = NonNullable<LabelSelector['matchExpressions']>[number]

/** As kubernetes apimachinery pkg/labels does: NotIn also takes what has no such label. */
function meets({ key, operator, values = [] }: Unmet, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  if (operator === 'Exists') return value !== undefined
  if (operator === 'DoesNotExist') return value === undefined
  const among = value !== undefined && values.includes(value)
  return operator === 'NotIn' ? !among : among
}

/** As one reads it: `team NotIn (a, b)`. */
export const shownUnmet = ({ key, operator, values }: Unmet): string =>
  values === undefined || values.length === 0
    ? `${key} ${operator}`
    : `${key} ${operator} (${values.join(', ')})`
