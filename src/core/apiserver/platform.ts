import type { Fill } from '../yaml-page.ts'
import type { ApiServerSettings } from './flags.ts'
import type { Formats } from './formats.ts'
import type { PlatformName } from './names.ts'
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
  readonly lines: readonly { readonly text: string; readonly why?: string | undefined }[]
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

/** What a platform can hold at the same time; what it cannot is what makes a change cost something. */
export interface Abilities {
  /** Accept a further issuer beside the one that signs. */
  readonly severalIssuers: boolean
  /** Verify with a further key beside the one that signs. */
  readonly severalKeys: boolean
}

/** What a person does around the configuration itself. Whole sentences; two blanks indent. */
export interface Guide {
  /**
   * What a running cluster's configuration may hold that would stay beside this, because a person
   * merges it in: parts of a sentence. Empty where this takes the place of all that is there, or is
   * put there by commands that take the old values out.
   */
  readonly takeOut: readonly string[]
  /** How the key files get onto each control-plane node. Said only where there are files. */
  readonly copy: readonly string[]
  /** Which component restarts, by what, and in which order. */
  readonly restart: readonly string[]
  /** How to see it, beyond what the API server itself answers on every platform. */
  readonly check: readonly string[]
  /** What this platform cannot do, plainly. */
  readonly cannot: readonly string[]
}

/**
 * One way of running Kubernetes. To add one, write a file that exports one of these, its template,
 * and a line in `platforms.ts`.
 */
export interface Platform {
  readonly name: PlatformName
  /** As its makers write it, for sentences. */
  readonly title: string
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
  /**
   * Absent: it takes keys as files on the nodes. `inline`: in its configuration, at these places
   * of it. `its-own`: not at all.
   */
  readonly keys?:
    'its-own' | { readonly inline: { readonly private: string; readonly public: string } }
  /** It can publish the documents to a store of its own. */
  readonly takesDiscoveryStore?: true
  /** It publishes the documents by itself, so that nobody else has to. */
  readonly publishes?: true
  /** What needs the files, to go before their list; by default every control-plane node. */
  readonly filesFor?: string
  /** The private key may stand in its configuration, with `--include-private-key`. */
  readonly mayCarryPrivateKey?: true
  /** Whether its audiences are the issuers' names (kube-apiserver's default), not fixed ones. */
  readonly audiencesFollowIssuers: boolean
  /** It sets `service-account-jwks-uri` by itself, so that ours has to be said. */
  readonly setsJwksUri?: true
  /** Its API server turns anonymous requests away, so that serving the documents needs a flag more. */
  readonly refusesAnonymous?: true
  /** Why its API server cannot serve the documents to STS; absent where it can. */
  readonly cannotServe?: string
  /** Flags that it has no place for. */
  readonly lacks?: readonly string[]
  /** It goes on accepting the issuer from before a change by itself, for as long as it says. */
  readonly keepsPreviousIssuer?: true
  /** The formats it has had. Absent: one, whatever the version. */
  readonly formats?: Formats
  /** What is different here: a format that keeps its keys elsewhere, files that must not be named. */
  adapted?(situation: Situation): Situation
  /** Where it takes one key file only: the file that holds all keys, one below the other. */
  joinedKeyFile?(situation: Situation): string | undefined
  /** Absent: all of them. */
  abilities?(situation: Situation): Abilities
  /** What is true of this platform alone, and should worry whoever uses the output. */
  warnings?(situation: Situation, settings: ApiServerSettings): string[]
  guide(situation: Situation, settings: ApiServerSettings): Guide
  pages(situation: Situation, settings: ApiServerSettings): Page[]
}
