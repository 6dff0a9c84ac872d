import { checkBucketName, defaultBucketName } from '../core/bucket-name.ts'
import type { Config } from '../core/config.ts'
import { checkRegion } from '../core/partition.ts'
import { answerMissing, flagsConflict } from '../core/problems/usage.ts'
import type { Question } from '../ports/ask.ts'
import type { World } from '../ports/world.ts'
import { connectTo, findRegion, readIssuer, type Connection } from './connect.ts'
import type { InitFlags } from './init-flags.ts'
import { checkName } from './setup.ts'

/** Everything that `init` needs to know and cannot find out. */
export interface Answers {
  readonly name: string
  readonly connection: Connection
  readonly host:
    | { readonly type: 's3'; readonly bucket: string }
    | { readonly type: 'directory'; readonly directory: string; readonly issuer: string }
  /** Empty when irsa makes the signer. */
  readonly publicKeys: readonly string[]
  readonly fromCluster: boolean
}

type AnswerWorld = Pick<World, 'ask' | 'options' | 'env' | 'configuredRegion' | 'aws' | 'progress'>

/**
 * Takes each answer from the flags, then from irsa.yaml, then from the person; with `--yes`, and
 * where there is no person, the defaults stand. A name has no default.
 */
export async function askInit(
  world: AnswerWorld,
  flags: InitFlags,
  config: Config | undefined,
): Promise<Answers> {
  const name = flags.name ?? config?.name ?? (await mustAnswer(world, NAME_QUESTION))
  checkName(name)
  const connection = await askRegion(world, config)
  const host = await answerHost(world, flags, config, { name, connection })
  return { name, connection, host, ...(await answerKeys(world, flags, config)) }
}

const isUnattended = ({ ask, options }: Pick<World, 'ask' | 'options'>): boolean =>
  options.yes === true || !ask.interactive

/** For what has no default. */
async function mustAnswer(
  { ask, options }: Pick<World, 'ask' | 'options'>,
  question: Question,
): Promise<string> {
  if (isUnattended({ ask, options })) throw answerMissing(question.flag, question.message)
  return ask.text(question)
}

const NAME_QUESTION: Question = {
  flag: '--name',
  message: 'A short name for this cluster and its issuer:',
  check: checkName,
}

async function askRegion(world: AnswerWorld, config: Config | undefined): Promise<Connection> {
  const found = await findRegion(world, config?.region)
  const explicit = world.options.region ?? config?.region
  const region = explicit ?? (isUnattended(world) && found ? found : await askForIt())
  const connecting = world.progress.begin('Asking AWS who is calling')
  try {
    const connection = await connectTo(world, region)
    connecting.done(`account ${connection.caller.account}`)
    return connection
  } catch (error) {
    connecting.failed()
    throw error
  }

  function askForIt(): Promise<string> {
    const message = 'The AWS region for the bucket:'
    return mustAnswer(world, { flag: '--region', message, initial: found, check: checkRegion })
  }
}

async function answerHost(
  world: AnswerWorld,
  flags: InitFlags,
  config: Config | undefined,
  { name, connection }: Pick<Answers, 'name' | 'connection'>,
): Promise<Answers['host']> {
  refuseBothHosts(flags)
  const type = flags.host ?? hostByFlags(flags) ?? config?.host.type ?? (await askHost(world))
  if (type === 's3') {
    const kept = config?.host.type === 's3' ? config.host.bucket : undefined
    const bucket = flags.bucket ?? kept ?? (await askBucket(world, { name, connection }))
    return { type, bucket }
  }
  const kept = config?.host.type === 'directory' ? config.host.directory : undefined
  const directory = flags.directory ?? kept ?? (await mustAnswer(world, DIRECTORY_QUESTION))
  const issuer = flags.issuer ?? config?.issuer ?? (await mustAnswer(world, issuerQuestion(world)))
  return { type, directory, issuer }
}

const ONE_PLACE = 'The documents are kept in one place.'

function refuseBothHosts({ host, bucket, directory }: InitFlags): void {
  if (bucket !== undefined && directory !== undefined) {
    throw flagsConflict('--bucket', '--directory', ONE_PLACE)
  }
  if (host === 'directory' && bucket !== undefined) {
    throw flagsConflict('--host directory', '--bucket', ONE_PLACE)
  }
  if (host === 's3' && directory !== undefined) {
    throw flagsConflict('--host s3', '--directory', ONE_PLACE)
  }
}

const hostByFlags = ({ bucket, directory }: InitFlags): 's3' | 'directory' | undefined =>
  bucket === undefined ? (directory === undefined ? undefined : 'directory') : 's3'

async function askHost({ ask, options }: AnswerWorld): Promise<'s3' | 'directory'> {
  if (isUnattended({ ask, options })) return 's3'
  return ask.choose(
    { flag: '--host', message: 'Where should the two public documents be served?' },
    [
      { value: 's3', label: 'a public S3 bucket that irsa makes' },
      { value: 'directory', label: 'a folder that I serve myself, behind any https URL' },
    ],
  )
}

async function askBucket(
  { ask, options }: AnswerWorld,
  { name, connection }: Pick<Answers, 'name' | 'connection'>,
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

const issuerQuestion = (world: AnswerWorld): Question => ({
  flag: '--issuer',
  message: 'The https URL under which that folder is served:',
  check: (answer) => void readIssuer(world, answer),
})

async function answerKeys(
  { ask, options }: AnswerWorld,
  flags: InitFlags,
  config: Config | undefined,
): Promise<Pick<Answers, 'publicKeys' | 'fromCluster'>> {
  const publicKeys = flags.publicKey ?? []
  const fromCluster = flags.jwksFromCluster === true
  const known = publicKeys.length > 0 || fromCluster || config !== undefined
  // Asking for a size is asking for a pair.
  if (known || isUnattended({ ask, options }) || flags.keyBits !== undefined)
    return { publicKeys, fromCluster }
  const cluster = await ask.choose(
    { flag: '--public-key', message: 'Does the cluster exist already?' },
    [
      { value: 'new', label: 'no: make a new signer key pair for it' },
      { value: 'file', label: 'yes, and I have its public key as a file' },
      { value: 'kubectl', label: 'yes: read its public keys with kubectl' },
    ],
  )
  if (cluster !== 'file') return { publicKeys: [], fromCluster: cluster === 'kubectl' }
  const message = 'The public key of its signer, such as sa.pub:'
  return { publicKeys: [await ask.text({ flag: '--public-key', message })], fromCluster: false }
}
