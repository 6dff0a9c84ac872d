import { resolve } from 'node:path'
import { checkBucketName, checkPrefix, issuerOfBucket } from '../core/bucket-name.ts'
import { clusterPublishesItself } from '../core/problems/cluster-host.ts'
import { configOtherIssuer } from '../core/problems/config.ts'
import { flagMissing, flagsConflict } from '../core/problems/usage.ts'
import type { OwnHost, Setup } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { publicDocuments } from '../resources/issuer-resources.ts'
import { describeOutcome, type Applied } from './applied.ts'
import { connect, readIssuer, type Connection } from './connect.ts'
import { type Approve, converge } from './converge.ts'
import { loadConfig, type ConfigFile } from './load-config.ts'
import { DEFAULT_KEY_BITS, setupFromConfig, signerFiles } from './setup.ts'

/** The flags of `publish-jwks`. */
export interface PublishFlags {
  readonly bucket?: string
  readonly prefix?: string
  readonly issuer?: string
  readonly publicKey?: readonly string[]
  readonly directory?: string
  readonly prune?: true
}

/**
 * `irsa publish-jwks`: the host and the two documents, keys merged into what is published. Works
 * from irsa.yaml, or from flags alone; makes no key, and leaves IAM alone.
 */
export async function publishKeys(
  world: World,
  flags: PublishFlags,
  approve: Approve,
): Promise<Applied> {
  const file = await loadConfig(world)
  const alone = flags.bucket !== undefined || flags.directory !== undefined
  if (!alone && file === undefined) throw flagMissing('--bucket', WHERE)
  if (!alone && file?.config.host.type === 'cluster') throw clusterPublishesItself(file.shown)
  const connection = await connect(world, file?.config.region)
  const setup =
    alone || file === undefined
      ? setupFromFlags(world, flags, connection, file)
      : setupWithFlags(world, file, flags, connection)
  const signers = setup.signers.map(({ publicPath, shown }) => ({
    publicPath,
    shown: { public: shown.public },
  }))
  const published = { ...setup, signers }
  const { host, documents } = publicDocuments(published, { ...world, aws: connection.aws })
  const walk = { resources: [...host, ...documents], documents, setup, aws: connection.aws }
  const outcome = await converge(world, walk, approve)
  return describeOutcome(world, outcome, { setup: published })
}

const WHERE =
  'There is no irsa.yaml here that says where the documents are kept, so --bucket or --directory has to.'
const WHICH = 'The documents are made from public keys, and there is no irsa.yaml that names them.'
const DIRECTORY_URL = 'The files of a folder are served by you, so only you know the URL.'

/** irsa.yaml, with what the flags say otherwise. */
function setupWithFlags(
  world: World,
  file: ConfigFile,
  { publicKey, prune, issuer, prefix }: PublishFlags,
  connection: Connection,
): Setup {
  const { config, shown } = file
  if (issuer !== undefined && issuer !== config.issuer) {
    throw configOtherIssuer(shown, 'issuer', config.issuer, issuer)
  }
  const kept = config.host.type === 's3' ? (config.host.prefix ?? '') : ''
  if (prefix !== undefined && prefix !== kept) {
    throw configOtherIssuer(shown, 'prefix', kept, prefix)
  }
  const setup = setupFromConfig(world, file, connection, { prune: prune === true })
  if (publicKey === undefined) return setup
  return { ...setup, signers: publicKey.map((key) => signerFiles({ public: key }, world.cwd)) }
}

/** The place is that of the flags; what they leave open is that of irsa.yaml. */
function setupFromFlags(
  world: World,
  flags: PublishFlags,
  connection: Connection,
  file: ConfigFile | undefined,
): Setup {
  const { caller, region } = connection
  const given = flags.publicKey?.map((key) => signerFiles({ public: key }, world.cwd))
  const signers = given ?? file?.config.keys.map((entry) => signerFiles(entry, file.folder))
  if (signers === undefined) throw flagMissing('--public-key', WHICH)
  const host = hostFromFlags(world, flags)
  return {
    issuer: readIssuer(world, flags.issuer ?? issuerFromHost(host, connection)),
    region,
    account: caller.account,
    partition: caller.partition,
    host,
    audiences: [],
    thumbprint: { kind: 'none' },
    signers,
    keyBits: DEFAULT_KEY_BITS,
    prune: flags.prune === true,
  }
}

function hostFromFlags({ cwd }: World, { bucket, directory, prefix = '' }: PublishFlags): OwnHost {
  if (bucket === undefined) {
    const shown = directory ?? ''
    return { type: 'directory', directory: resolve(cwd, shown), shown }
  }
  if (directory !== undefined) {
    throw flagsConflict('--bucket', '--directory', 'The documents are kept in one place.')
  }
  checkBucketName(bucket)
  checkPrefix(prefix)
  return { type: 's3', bucket, prefix }
}

function issuerFromHost(host: OwnHost, { aws, region }: Connection): string {
  if (host.type === 'directory') throw flagMissing('--issuer', DIRECTORY_URL)
  const { bucket, prefix } = host
  return issuerOfBucket({ bucket, region, prefix, endpoint: aws.customS3Endpoint })
}
