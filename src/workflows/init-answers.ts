import type { Config } from '../core/config.ts'
import { checkRegion } from '../core/partition.ts'
import type { Question } from '../ports/ask.ts'
import type { World } from '../ports/world.ts'
import { isUnattended, mustAnswer } from './answer.ts'
import { connectTo, findRegion, type Connection } from './connect.ts'
import { answerHost, checkHost, type HostAnswer } from './host-answers.ts'
import type { InitFlags } from './init-flags.ts'
import { checkName } from './setup.ts'

/** Everything that `init` needs to know and cannot find out. */
export interface Answers {
  readonly name: string
  readonly connection: Connection
  readonly host: HostAnswer
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
  checkHost(world, flags, config)
  const connection = await askRegion(world, config)
  const host = await answerHost(world, flags, config, { name, connection })
  return { name, connection, host, ...(await answerKeys(world, flags, config)) }
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
