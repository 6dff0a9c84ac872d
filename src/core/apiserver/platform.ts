import type { Fill } from '../yaml-page.ts'
import type { ApiServerSettings } from './flags.ts'
import type { Situation } from './situation.ts'

/** A template of the folder `templates/apiserver`, what to put in it, and what to say on top. */
export interface YamlPage {
  readonly template: string
  readonly notes: readonly string[]
  readonly fills: readonly Fill[]
}

/** Plain lines, for platforms without a file format of their own. */
export interface LinePage {
  readonly notes: readonly string[]
  readonly lines: readonly { readonly text: string; readonly why: string }[]
}

export type Page = YamlPage | LinePage

/** The keys that a platform makes by itself. */
export interface OwnKeys {
  /** What it verifies with unless told otherwise; naming another key file drops it. */
  readonly keyFile?: string
  /** What it signs with unless told otherwise. Absent where saying so would do harm. */
  readonly signingKeyFile?: string
  /** It verifies with its own key whatever else is named. */
  readonly alwaysVerifies?: true
}

/**
 * One way of running Kubernetes. To add one, write a file that exports one of these, its template,
 * and a line in `platforms.ts`.
 */
export interface Platform {
  readonly name: string
  /** For `--help`: what the output is. */
  readonly description: string
  /** Folder on the nodes that gets the key files, unless `--key-dir` names another. */
  readonly keyDir: string
  /** The only folder whose files the API server sees, where that cannot be changed. */
  readonly mounted?: string
  readonly own: OwnKeys
  /**
   * Where a new cluster takes a key of ours as its own: then the platform brings it to every
   * control-plane node. Without `publicKey` it reads both halves from the one file.
   */
  readonly newCluster?: { readonly privateKey: string; readonly publicKey?: string }
  /** Whether its audiences are the issuers' names (kube-apiserver's default), not fixed ones. */
  readonly audiencesFollowIssuers: boolean
  /** What is true of this platform alone, and should worry whoever uses the output. */
  warnings?(situation: Situation, settings: ApiServerSettings): string[]
  pages(situation: Situation, settings: ApiServerSettings): Page[]
}
