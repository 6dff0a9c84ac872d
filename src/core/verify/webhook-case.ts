import { ROLE_ANNOTATION } from '../annotations.ts'
import { hasIdentity, isAlive } from './pod.ts'
import type { PodSeen, WorkloadSeen } from './sights.ts'
import type { WebhookConfiguration } from './webhook-configuration.ts'

/** What stands behind the Service that a configuration calls. */
export interface WebhookBackend {
  readonly service: { readonly namespace: string; readonly name: string }
  readonly exists: boolean
  readonly readyEndpoints: number
  readonly deployment:
    | {
        readonly name: string
        readonly image: string
        readonly args: readonly string[]
        readonly replicas: number
      }
    | undefined
  /** Where the pods have their certificate from; undefined where that is not to be seen. */
  readonly secret: string | undefined
  /** PEM; empty where the Secret is missing, undefined where it may not be read. */
  readonly certificate: string | undefined
}

/** What came of asking for a pod of the service account without making it. */
export type DryRun =
  | { readonly kind: 'made'; readonly pod: PodSeen }
  | { readonly kind: 'refused'; readonly said: string }

/** What came of asking a webhook that is called by its URL. */
export type Reach =
  | { readonly kind: 'answers' }
  | { readonly kind: 'fails'; readonly why: string; readonly tls: boolean }

/** The webhook, and what is known around it. */
export interface WebhookCase {
  readonly configuration: WebhookConfiguration
  /** Undefined where it may not be looked at, or is called by a URL. */
  readonly backend: WebhookBackend | undefined
  readonly reach: Reach | undefined
  readonly dryRun: DryRun | undefined
  readonly workload: WorkloadSeen | undefined
  /** Of the service account's namespace; undefined where they are not known. */
  readonly namespaceLabels: Readonly<Record<string, string>> | undefined
  readonly now: Date
  readonly commands: WebhookCommands
}

/** What mends it, with the names of this installation. */
export interface WebhookCommands {
  /** Everything again, as it is set up; undefined where another tool did that. */
  readonly install: string | undefined
  /** A new certificate, trusted beside the old one. */
  readonly renew: string | undefined
}

/** The dry run came back with what the AWS SDKs need, so all of it works. */
export const isProved = ({ dryRun }: Pick<WebhookCase, 'dryRun'>): boolean =>
  dryRun?.kind === 'made' && hasIdentity(dryRun.pod)

/** A pod was asked for, and came back as it was. */
export const isUnmoved = ({
  dryRun,
  workload,
}: Pick<WebhookCase, 'dryRun' | 'workload'>): boolean =>
  dryRun?.kind === 'made' &&
  !hasIdentity(dryRun.pod) &&
  workload?.annotations?.[ROLE_ANNOTATION] !== undefined

/** Who is told, and who is not. */
export const policyWords = ({ entries: [entry] }: WebhookConfiguration): string =>
  entry.failurePolicy === 'Ignore'
    ? ' By failurePolicy Ignore nobody is told: pods start, without credentials.'
    : ' By failurePolicy Fail no pod can be created until it answers.'

/** Every pod that runs has its role and token, whoever put them there. */
export function bringTheirOwn(workload: WorkloadSeen | undefined): boolean {
  const alive = workload?.pods.filter(isAlive) ?? []
  return alive.length > 0 && alive.every(hasIdentity)
}
