import { checkBucketName, defaultBucketName } from '../core/bucket-name.ts'
import { checkClusterIssuer } from '../core/cluster-host.ts'
import type { Config, HostEntry } from '../core/config.ts'
import { flagsConflict } from '../core/problems/usage.ts'
import type { Question } from '../ports/ask.ts'
import type { World } from '../ports/world.ts'
import { isUnattended, mustAnswer } from './answer.ts'
import { readIssuer, type Connection } from './connect.ts'
import type { InitFlags } from './init-flags.ts'

/** What will serve the documents, and whatever that needs. */
export type HostAnswer =
  | { readonly type: 's3'; readonly bucket: string }
  | { readonly type: 'directory'; readonly directory: string; readonly issuer: string }
  | { readonly type: 'cluster'; readonly issuer: string }

type HostType = HostEntry['type']
type HostWorld = Pick<World, 'ask' | 'options' | 'env'>

/**
 * Refuses what flags and irsa.yaml say of the host, as far as nobody has to be asked for that.
 *
 * @throws Problem `usage/flags-conflict`, `issuer/…`, `cluster/issuer-has-path`
 */
export function checkHost(world: HostWorld, flags: InitFlags, config: Config | undefined): void {
  refuseBothHosts(flags)
  const issuer = flags.issuer ?? config?.issuer
  const type = hostSaid(flags, config)
  if (issuer === undefined || type === undefined || type === 's3') return
  const read = readIssuer(world, issuer)
  if (type === 'cluster') checkClusterIssuer(read)
}

/** Undefined where a person has to say it. */
const hostSaid = (flags: InitFlags, config: Config | undefined): HostType | undefined =>
  flags.host ?? hostByFlags(flags) ?? config?.host.type

/** Asks what serves the documents, unless flags or irsa.yaml say so. */
export async function answerHost(
  world: HostWorld,
  flags: InitFlags,
  config: Config | undefined,
  known: { readonly name: string; readonly connection: Connection },
): Promise<HostAnswer> {
  const kept = config?.host
  const type = hostSaid(flags, config) ?? (await askHost(world))
  if (type === 's3') {
    const before = kept?.type === 's3' ? kept.bucket : undefined
    return { type, bucket: flags.bucket ?? before ?? (await askBucket(world, known)) }
  }
  const issuerBefore = flags.issuer ?? config?.issuer
  if (type === 'cluster') {
    return { type, issuer: issuerBefore ?? (await mustAnswer(world, apiServerQuestion(world))) }
  }
  const before = kept?.type === 'directory' ? kept.directory : undefined
  const directory = flags.directory ?? before ?? (await mustAnswer(world, DIRECTORY_QUESTION))
  return {
    type,
    directory,
    issuer: issuerBefore ?? (await mustAnswer(world, issuerQuestion(world))),
  }
}

const ONE_PLACE = 'The documents are kept in one place.'

/** The flags that belong to another host than the one that is named. */
const FOREIGN: Readonly<Record<HostType, readonly ('bucket' | 'directory' | 'prefix')[]>> = {
  s3: ['directory'],
  directory: ['bucket'],
  cluster: ['bucket', 'directory', 'prefix'],
}

function refuseBothHosts(flags: InitFlags): void {
  const { host, bucket, directory } = flags
  if (bucket !== undefined && directory !== undefined) {
    throw flagsConflict('--bucket', '--directory', ONE_PLACE)
  }
  const foreign = host && FOREIGN[host].find((flag) => flags[flag] !== undefined)
  if (foreign !== undefined) throw flagsConflict(`--host ${host}`, `--${foreign}`, ONE_PLACE)
}

const hostByFlags = ({ bucket, directory }: InitFlags): HostType | undefined =>
  bucket === undefined ? (directory === undefined ? undefined : 'directory') : 's3'

async function askHost({ ask, options }: HostWorld): Promise<HostType> {
  if (isUnattended({ ask, options })) return 's3'
  return ask.choose(
    { flag: '--host', message: 'Where should the two public documents be served?' },
    [
      { value: 's3', label: 'a public S3 bucket that irsa makes' },
      { value: 'directory', label: 'a folder that I serve myself, behind any https URL' },
      { value: 'cluster', label: 'the API server itself, which the internet can reach' },
    ],
  )
}

async function askBucket(
  { ask, options }: HostWorld,
  { name, connection }: { readonly name: string; readonly connection: Connection },
): Promise<string> {
  const { caller, region } = connection
  const initial = defaultBucketName({ name, account: caller.account, region })
  if (isUnattended({ ask, options })) return initial
  return ask.text({ flag: '--bucket', message: 'The bucket:', initial, check: checkBucketName })
}

const DIRECTORY_QUESTION: Question = {
  flag: '--directory',
  message: 'The folder for the documents:',
  initial: 'public',
}

const issuerQuestion = (world: HostWorld): Question => ({
  flag: '--issuer',
  message: 'The https URL under which that folder is served:',
  check: (answer) => void readIssuer(world, answer),
})

const apiServerQuestion = (world: HostWorld): Question => ({
  flag: '--issuer',
  message: 'The https URL of the API server, as the internet reaches it on port 443:',
  check: (answer) => void checkClusterIssuer(readIssuer(world, answer)),
})
