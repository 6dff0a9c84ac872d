import type { ApiServerInput, KeyFile } from './input.ts'
import type { Platform } from './platform.ts'

/** What a running cluster uses now, as far as it could be asked. */
export interface RunningCluster {
  /** The command lines of its API servers; none where they are no pods, or may not be read. */
  readonly commands: readonly (readonly string[])[]
  /** They are there for all that is known, and may not be read. */
  readonly unread: boolean
  /** As the discovery document and a token name it: two where API servers differ. */
  readonly issuers: readonly string[]
  /** PKIX PEM of every key that verifies; undefined where no key set is served. */
  readonly publicPems: readonly string[] | undefined
  /** Keys of the set that are of a kind irsa cannot read. */
  readonly unreadableKeys: number
  /** The same keys by their kid. */
  readonly publicKids?: readonly string[] | undefined
  /** PKIX PEM of the key that signs; undefined where no token was to be had. */
  readonly signingPem: string | undefined
  /** By the token's header, whether or not that key is among those that verify. */
  readonly signingKid?: string | undefined
  /** Of tokens for the Kubernetes API; undefined where no token was to be had. */
  readonly audiences: readonly string[] | undefined
}

/** What a cluster said of itself, where the configuration depends on it. */
export interface RunningFacts {
  /** Issuers and key files are those of the command lines, so that there are no others. */
  readonly flagsRead: boolean
  readonly unread: boolean
  /** The issuer that each API server signs for. */
  readonly firstIssuers: readonly string[]
  /** Our issuer is accepted; undefined where that cannot be seen. */
  readonly acceptsOurs: boolean | undefined
  /** Our signer verifies; undefined where that cannot be seen. */
  readonly verifiesOurs: boolean | undefined
  /** Our signer signs already, everywhere; undefined where that cannot be seen. */
  readonly signsWithOurs: boolean | undefined
  /** It does so as the platform's own key, from another place than ours. */
  readonly signsWithPlatformsOwn: boolean
  /** How many keys verify that are none of ours; undefined where that cannot be seen. */
  readonly foreignKeys: number | undefined
  /** A signer elsewhere, of which kube-apiserver has no files (KEP-740). */
  readonly externalSigner: boolean
  /** API servers whose flags differ, so that a change is under way. */
  readonly differing: boolean
}

/**
 * Values of one flag in a container's command line, in order. kube-apiserver takes `--flag=value`
 * and `--flag value` (spf13/pflag).
 */
export function flagValues(command: readonly string[], name: string): string[] {
  return command.flatMap((word, index) => {
    if (word.startsWith(`--${name}=`)) return [word.slice(name.length + 3)]
    const next = command[index + 1]
    return word === `--${name}` && next !== undefined ? [next] : []
  })
}

/** What the command lines of all API servers name, each once, in order. */
export interface RunningFlags {
  readonly issuers: readonly string[]
  readonly firstIssuers: readonly string[]
  readonly keyFiles: readonly string[]
  readonly signing: readonly string[]
  /** The default is all issuers; undefined where no command line is shown. */
  readonly audiences: readonly string[] | undefined
}

export function flagsOf({ commands }: RunningCluster): RunningFlags {
  const every = (name: string): string[] => [
    ...new Set(commands.flatMap((command) => flagValues(command, name))),
  ]
  const first = (command: readonly string[]) =>
    flagValues(command, 'service-account-issuer').slice(0, 1)
  const issuers = every('service-account-issuer')
  const audiences = [...new Set(every('api-audiences').flatMap((value) => value.split(',')))]
  const effective = audiences.length > 0 ? audiences : issuers
  return {
    issuers,
    firstIssuers: [...new Set(commands.flatMap(first))],
    keyFiles: every('service-account-key-file'),
    signing: every('service-account-signing-key-file'),
    audiences: effective.length > 0 ? effective : undefined,
  }
}

/** What all of that comes to, for the keys and the issuer at hand. */
export function factsOf(
  { issuer, keyFiles }: ApiServerInput,
  running: RunningCluster,
  flags: RunningFlags,
  { keys }: Platform,
  pathsOf: (keyFiles: readonly KeyFile[]) => readonly string[],
): RunningFacts {
  const { commands, unread, publicPems, signingPem } = running
  const signer = keyFiles.find(({ privateFrom }) => privateFrom !== undefined)
  const places = signer === undefined ? [] : pathsOf([signer])
  const isSigner = (pem: string): boolean => signer?.publicPem?.includes(pem.trim()) === true
  const isOurs = (pem: string): boolean =>
    keyFiles.some(({ publicPem }) => publicPem?.includes(pem.trim()) === true)
  const foreign = publicPems?.filter((pem) => !isOurs(pem)).length
  const bySight = signingPem === undefined ? undefined : isSigner(signingPem)
  const fromOurs = flags.signing.filter((path) => places.includes(path)).length
  const shown = keys === undefined && flags.signing.length > 0
  const elsewhere = shown && fromOurs === 0
  const seen = signer?.publicPem === undefined ? undefined : publicPems?.some(isSigner)
  return {
    flagsRead: flags.issuers.length > 0,
    unread,
    firstIssuers: flags.firstIssuers.length > 0 ? flags.firstIssuers : running.issuers,
    acceptsOurs: flags.issuers.length > 0 ? flags.issuers.includes(issuer) : undefined,
    verifiesOurs: seen,
    signsWithOurs: shown
      ? fromOurs === flags.signing.length && seen !== false
      : (bySight ?? (seen === true && foreign === 0 ? true : undefined)),
    signsWithPlatformsOwn: elsewhere && flags.signing.length === 1 && bySight === true,
    foreignKeys: foreign === undefined ? undefined : foreign + running.unreadableKeys,
    externalSigner: commands.some((words) => flagValues(words, SIGNING_ENDPOINT).length > 0),
    differing: new Set(commands.map(serviceAccountFlags)).size > 1,
  }
}

const SIGNING_ENDPOINT = 'service-account-signing-endpoint'

const COMPARED = [
  'service-account-issuer',
  'service-account-key-file',
  'service-account-signing-key-file',
  'api-audiences',
]

const serviceAccountFlags = (command: readonly string[]): string =>
  JSON.stringify(COMPARED.map((name) => flagValues(command, name)))
