import type { RunningCluster } from '../apiserver/running-facts.ts'
import type { Problem } from '../problems/problem.ts'
import type { RoleArn } from '../role-arn.ts'
import type { ServiceAccount } from '../service-account.ts'

/** What came of one anonymous GET of a document. */
export type DocumentAnswer =
  | {
      readonly kind: 'answered'
      readonly url: string
      readonly status: number
      readonly body: string
      readonly location?: string | undefined
      readonly contentType?: string | undefined
      readonly cacheControl?: string | undefined
      /** From the request to the last byte. */
      readonly milliseconds: number
      /** False where the certificate does not verify here, and was put up with in order to look. */
      readonly verified: boolean
    }
  | { readonly kind: 'silent'; readonly url: string; readonly problem: Problem }

/** The audience that tokens are to be for, and who says so. */
export interface AudienceSeen {
  readonly audience: string
  readonly by: 'flag' | 'annotation' | 'pods' | 'file' | 'token'
  /** The same for people, such as `the service account's annotation`. */
  readonly from: string
}

/** The provider of the account; undefined where there is none for this issuer, byte for byte. */
export interface ProviderSeen {
  readonly arn: string
  /** Twelve digits. */
  readonly account: string
  readonly provider:
    { readonly audiences: readonly string[]; readonly thumbprints: readonly string[] } | undefined
}

/** A role as somebody names it, whether that is an ARN or not. */
export interface NamedRole {
  readonly text: string
  readonly by: 'flag' | 'annotation' | 'pod' | 'file' | 'name'
  /** The same for people. */
  readonly from: string
}

/** The role that pods get, who says so, and what IAM has by its name. */
export interface RoleSeen {
  readonly role: RoleArn
  /** `none` where IAM has no role of this name, `unknown` with why where it could not be asked. */
  readonly found:
    | { readonly kind: 'there'; readonly arn: string; readonly trust: unknown }
    | { readonly kind: 'none' }
    | { readonly kind: 'unknown'; readonly why: string; readonly takes: string }
}

/** The cluster of kubectl's current context; undefined where kubectl runs inside of it. */
export interface ClusterSeen extends RunningCluster {
  readonly context: string | undefined
}

/** A pod as far as it has to do with tokens. */
export interface PodSeen {
  readonly name: string
  /** The name of its service account, in its own namespace. */
  readonly serviceAccount: string
  /** ISO 8601. */
  readonly created: string
  readonly phase: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** `namespace/kind/name` of what made it, where something did. */
  readonly owner: string | undefined
  /** Values of AWS_ROLE_ARN in its containers, each once. */
  readonly roleArns: readonly string[]
  /** Of the projected tokens among its volumes, but for those of the Kubernetes API. */
  readonly audiences: readonly string[]
}

/** The service account as the cluster has it, and the pods that run as it. */
export interface WorkloadSeen {
  readonly serviceAccount: ServiceAccount
  /** Undefined where the cluster has none of this name. */
  readonly annotations: Readonly<Record<string, string>> | undefined
  /** Those of the service account, or the one of `--pod`, whosever it is. None where they may not be read. */
  readonly pods: readonly PodSeen[]
  readonly podsUnread: boolean
}

/** A token to look at, and to exchange. Its text is never printed. */
export interface TokenSeen {
  readonly text: string
  readonly origin: 'given' | 'signed' | 'cluster'
  /** How it came about, one line, such as `a token of shop/checkout, as the cluster makes it`. */
  readonly from: string
}

/** What STS answered to the token. */
export interface ExchangeSeen {
  readonly answer:
    | { readonly kind: 'assumed'; readonly arn: string; readonly expires: string }
    | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  readonly role: RoleArn
  /** Of the STS that was asked. */
  readonly region: string
}
