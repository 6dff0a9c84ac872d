import type { Stage } from '../apiserver/names.ts'
import type { ClusterSeen } from './sights.ts'

/** What the API server is held against. */
export interface ApiServerCase {
  readonly issuer: string
  readonly running: ClusterSeen
  /** The kids of the published key set; undefined where it could not be read. */
  readonly published: readonly string[] | undefined
  /** The kids of the keys that irsa.yaml names. */
  readonly ours: readonly string[]
  /** The audiences that the provider takes; undefined where it could not be asked. */
  readonly audiences: readonly string[] | undefined
  /** The API server serves the documents itself, to everybody. */
  readonly servesItself: boolean
  readonly commands: ApiServerCommands
}

/** What mends it, with the options of this run filled in. */
export interface ApiServerCommands {
  /** Prints the API server's configuration for a stage of a change without downtime. */
  readonly flags: (stage: Stage, more?: readonly string[]) => string
  /** Publishes the keys that irsa.yaml names, and those of the cluster; undefined without an irsa.yaml. */
  readonly publish: string | undefined
  readonly publishFromCluster: string | undefined
}
