import { USUAL_KEY_PAIR } from '../core/key-file.ts'
import { relative, resolve } from 'node:path'
import { issuerOfBucket } from '../core/bucket-name.ts'
import {
  API_VERSION,
  DEFAULT_AUDIENCE,
  type Config,
  type HostEntry,
  type KeyEntry,
  type ProviderEntry,
} from '../core/config.ts'
import { configOtherAccount, configOtherIssuer } from '../core/problems/config.ts'
import { parseThumbprintChoice } from '../core/thumbprint.ts'
import type { Answers } from './init-answers.ts'
import type { InitFlags } from './init-flags.ts'

/** Where irsa.yaml will be, and where the paths of flags start. */
export interface DraftPlace {
  readonly cwd: string
  readonly folder: string
  readonly shown: string
}

/**
 * The irsa.yaml that the answers come to. What an existing one says stays unless a flag says
 * otherwise; what would make it another issuer is refused.
 */
export function draftConfig(
  answers: Answers,
  flags: InitFlags,
  before: Config | undefined,
  place: DraftPlace,
  clusterKeys: readonly string[],
): Config {
  const { name, connection } = answers
  const { region, caller } = connection
  const host = hostEntry(answers, flags, before, place)
  const config: Config = {
    apiVersion: API_VERSION,
    name,
    issuer: flags.issuer ?? before?.issuer ?? derivedIssuer(answers, host),
    region,
    host,
    audiences: audiencesOf(flags, before),
    keys: keyEntries(answers, before, place, clusterKeys),
    providers: [{ account: caller.account, thumbprint: thumbprintOf(flags, before) }],
    ...(before?.roles === undefined ? {} : { roles: before.roles }),
  }
  if (before !== undefined) refuseOtherIssuer(before, config, place.shown)
  return config
}

function hostEntry(
  { host }: Answers,
  { prefix, directory }: InitFlags,
  before: Config | undefined,
  place: DraftPlace,
): HostEntry {
  if (host.type === 'cluster') return { type: 'cluster' }
  if (host.type === 'directory') {
    // What irsa.yaml says is relative to its own folder already.
    if (directory === undefined && before?.host.type === 'directory') return before.host
    return { type: 'directory', directory: fromFolder(host.directory, place) }
  }
  const kept = before?.host.type === 's3' ? before.host.prefix : undefined
  const chosen = prefix ?? kept
  return { type: 's3', bucket: host.bucket, ...(chosen ? { prefix: chosen } : {}) }
}

function derivedIssuer({ connection: { aws, region }, host }: Answers, entry: HostEntry): string {
  if (host.type !== 's3') return host.issuer
  const prefix = entry.type === 's3' ? entry.prefix : undefined
  return issuerOfBucket({ bucket: host.bucket, region, prefix, endpoint: aws.customS3Endpoint })
}

/** Audiences are only ever added: one that is dropped would lock out the pods that ask for it. */
const audiencesOf = ({ audience }: InitFlags, before: Config | undefined): readonly string[] => [
  ...new Set([...(before?.audiences ?? []), ...(audience ?? (before ? [] : [DEFAULT_AUDIENCE]))]),
]

function thumbprintOf(
  { thumbprint }: InitFlags,
  before: Config | undefined,
): ProviderEntry['thumbprint'] {
  if (thumbprint === undefined) return before?.providers[0]?.thumbprint ?? 'auto'
  const choice = parseThumbprintChoice(thumbprint)
  return choice.kind === 'given' ? choice.thumbprints : choice.kind
}

/** Keys are only ever added, since the ones before may still sign. */
function keyEntries(
  { publicKeys }: Answers,
  before: Config | undefined,
  place: DraftPlace,
  clusterKeys: readonly string[],
): readonly KeyEntry[] {
  const given = [...publicKeys.map((file) => fromFolder(file, place)), ...clusterKeys]
  const kept = before?.keys ?? (given.length === 0 ? [USUAL_KEY_PAIR] : [])
  const added = given.filter((file) => !kept.some((entry) => entry.public === file))
  return [...kept, ...[...new Set(added)].map((file) => ({ public: file }))]
}

/** A path of the command line, as irsa.yaml names it: relative to its own folder. */
function fromFolder(path: string, { cwd, folder }: DraftPlace): string {
  return relative(folder, resolve(cwd, path)).replaceAll('\\', '/') || '.'
}

/** Fields by which the tokens of running pods know their issuer. */
function refuseOtherIssuer(before: Config, after: Config, file: string): void {
  for (const field of ['name', 'issuer', 'region'] as const) {
    if (before[field] !== after[field]) {
      throw configOtherIssuer(file, field, before[field], after[field])
    }
  }
  const [mine, theirs] = [before, after].map(({ providers }) => providers[0]?.account ?? '')
  if (mine !== theirs) throw configOtherAccount(file, mine ?? '', theirs ?? '')
  const [was, is] = [placeOf(before.host), placeOf(after.host)]
  if (was !== is) throw configOtherIssuer(file, 'host', was, is)
}

function placeOf(host: HostEntry): string {
  if (host.type === 'cluster') return 'the API server'
  return host.type === 's3' ? `s3://${host.bucket}/${host.prefix ?? ''}` : host.directory
}
