import type { Change } from '../core/change.ts'
import type { Ask } from './ask.ts'
import type { Aws } from './aws.ts'
import type { AnonymousFetch, DocumentStore, ReadChain } from './documents.ts'
import type {
  Clock,
  Files,
  GenerateKeyPair,
  InTemporaryFolder,
  Kubectl,
  MakeServingCertificate,
  RunProgram,
} from './local.ts'
import type { Progress } from './progress.ts'

/** The options every command knows, after flags and IRSA_* variables were read. */
export interface CommonOptions {
  readonly config: string
  readonly profile?: string
  readonly region?: string
  readonly endpointUrl?: string
  readonly output: 'human' | 'json' | 'yaml'
  readonly yes?: true
  readonly dryRun?: true
  /** False with `--no-input`. */
  readonly input: boolean
  readonly quiet?: true
  /** False with `--no-color`. */
  readonly color: boolean
  readonly debug?: true
}

/** A command to type next, and what for. */
export interface NextCommand {
  readonly command: string
  readonly why: string
}

/** The one door to stdout, and the one to stderr that is not progress. */
export interface Report {
  /**
   * The result of the command, once, on stdout. `document` is what `-o json` and `-o yaml` print,
   * with apiVersion put in front; `text` what people and pipes get otherwise.
   */
  result(document: Readonly<Record<string, unknown>>, text: string): Promise<void>
  /** A plan as text, for `result`. */
  planText(changes: readonly Change[]): string
  /** The chain from a pod to its credentials as text, for `result`. */
  chain(
    links: readonly { readonly id: string; readonly ok: boolean; readonly detail: string }[],
  ): string
  /**
   * For the person in front of it, on stderr: what is about to happen. Where a question follows it
   * is shown whatever the options say.
   */
  plan(title: string, changes: readonly Change[], asked?: boolean): void
  /** For the person in front of it, on stderr. */
  note(text: string): void
  /** What to type next, on stderr; at most three. */
  next(commands: readonly NextCommand[]): void
}

/** The world outside of the program. */
export interface Outside {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  /** A number from 0 to 1. */
  readonly random: () => number
  readonly files: Files
  /** All of standard input, for a path of `-`. */
  readonly readInput: () => Promise<Buffer>
  readonly generateKeyPair: GenerateKeyPair
  readonly makeServingCertificate: MakeServingCertificate
  readonly kubectl: Kubectl
  readonly inTemporaryFolder: InTemporaryFolder
  readonly runProgram: RunProgram
  /** Resolves when the run is interrupted. */
  readonly untilInterrupted: () => Promise<void>
  readonly fetch: AnonymousFetch
  readonly readChain: ReadChain
  /**
   * Both, for a host with a CA of its own: its certificates, as PEM text, are trusted as well.
   * @throws Problem `cluster/ca-unreadable`
   */
  readonly trusting: (ca: string) => Promise<Pick<Outside, 'fetch' | 'readChain'>>
  /** The addresses of a host name as this machine resolves it; none where it does not. */
  readonly addressesOf: (host: string) => Promise<readonly string[]>
  readonly directoryDocuments: (directory: string) => DocumentStore
  /** The text of a file of templates/, by its path below it. */
  readonly template: (path: string) => string
  /** The region of the AWS configuration: AWS_REGION, AWS_DEFAULT_REGION, then the profile. */
  readonly configuredRegion: (profile: string | undefined) => Promise<string | undefined>
  readonly aws: (settings: {
    readonly region: string
    readonly profile?: string | undefined
    readonly endpointUrl?: string | undefined
  }) => Promise<Aws>
}

/** Everything a command can reach. Built once, at the edge. */
export interface World extends Outside {
  readonly options: CommonOptions
  /** Whether standard output is a terminal, where a result is seen and kept in a scroll-back. */
  readonly onScreen: boolean
  readonly ask: Ask
  readonly progress: Progress
  readonly report: Report
}
