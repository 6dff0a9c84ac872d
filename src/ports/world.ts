import type { Audit, AuditedRole } from '../core/audit/audit.ts'
import type { Change } from '../core/change.ts'
import type { LinkChange } from '../core/verify/changes.ts'
import type { Link, Verification } from '../core/verify/link.ts'
import type { TokenWords } from '../core/verify/token-words.ts'
import type { Ask } from './ask.ts'
import type { Aws } from './aws.ts'
import type { AnonymousFetch, DocumentStore, ReadChain, TakesTls12 } from './documents.ts'
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
  /**
   * One of several results, on stdout as it comes: with `-o json` a document in one line, with
   * `-o yaml` one of a stream.
   */
  entry(document: Readonly<Record<string, unknown>>, text: string): Promise<void>
  /** False once whoever read stdout has stopped. */
  isRead(): boolean
  /** A plan as text, for `result`. */
  planText(changes: readonly Change[]): string
  /** The chain from a pod to its credentials as text, for `result`. */
  chain(links: readonly (Pick<Link, 'status' | 'summary'> & { readonly id: string })[]): string
  /** The same with what is wrong, how to mend it and the verdict, for `result`. */
  verification(found: Verification): string
  /** What became of links since they were last looked at, a line each, for `entry`. */
  changes(at: Date, changes: readonly LinkChange[]): string
  /** A token in words, for `result`. */
  token(words: TokenWords): string
  /** Roles and what is wrong with their trust, for `result`. */
  audit(audit: Audit): string
  /**
   * What would become of trust policies, on stderr. Where a question follows, or nothing else would
   * show it, it `has` to be seen, whatever the options say.
   */
  fixes(roles: readonly Pick<AuditedRole, 'arn' | 'diff'>[], has?: boolean): void
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
  /** Standard input for a path of `-`: all of it, or no more bytes than `most`. */
  readonly readInput: (most?: number) => Promise<Buffer>
  readonly generateKeyPair: GenerateKeyPair
  readonly makeServingCertificate: MakeServingCertificate
  readonly kubectl: Kubectl
  readonly inTemporaryFolder: InTemporaryFolder
  readonly runProgram: RunProgram
  /** Resolves when the run is interrupted. */
  readonly untilInterrupted: () => Promise<void>
  readonly fetch: AnonymousFetch
  /** The same, whatever the certificate: to look at what is served behind a chain that fails. */
  readonly peek: AnonymousFetch
  readonly readChain: ReadChain
  readonly takesTls12: TakesTls12
  /**
   * Fetching and reading, for a host with a CA of its own: its certificates, as PEM text, are trusted as well.
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
