import { objectKey } from '../core/bucket-name.ts'
import { publicReadStatement } from '../core/bucket-policy.ts'
import { DISCOVERY_PATH, KEY_SET_PATH } from '../core/issuer.ts'
import { providerArn } from '../core/provider-arn.ts'
import { once } from '../core/once.ts'
import type { OwnHost, Setup, SignerFiles } from '../core/setup.ts'
import type { Aws } from '../ports/aws.ts'
import type { DocumentStore } from '../ports/documents.ts'
import type { Files, GenerateKeyPair } from '../ports/local.ts'
import type { Progress } from '../ports/progress.ts'
import { bucketPolicyResource } from './bucket-policy.ts'
import { bucketFate, bucketResource } from './bucket.ts'
import {
  discoveryResource,
  keySetResource,
  type DocumentContext,
  type DocumentResource,
  ownershipCheck,
} from './documents.ts'
import { keyPairResource, type KeyPairFiles } from './key-pair.ts'
import { providerResource } from './provider.ts'
import { publicAccessBlockResource } from './public-access-block.ts'
import type { Resource } from './resource.ts'
import { readSignerKeys } from './signer-keys.ts'

/** The outside world, as far as the resources of an issuer need it. */
export interface ResourceWorld {
  readonly aws: Aws
  readonly files: Files
  readonly generateKeyPair: GenerateKeyPair
  readonly progress: Pick<Progress, 'warn'>
  readonly directoryDocuments: (directory: string) => DocumentStore
  readonly readThumbprints: () => Promise<readonly string[]>
}

export interface ResourceOptions {
  /** Also a bucket whose name a stranger could claim then. */
  readonly deleteGlobalBucket?: boolean
  /** What has to be in line before everything else, such as irsa.yaml itself. */
  readonly after?: readonly Resource[]
}

/** What has to be in line for the documents to be public. */
export interface PublicDocuments {
  /** Bucket, public access block, policy; nothing for a folder. */
  readonly host: readonly Resource[]
  /** None where the API server makes its own. */
  readonly documents: readonly DocumentResource[]
}

/** Everything irsa looks after for one issuer, each part after the ones it stands on. */
export interface IssuerResources extends PublicDocuments {
  readonly provider: Resource
  /** The whole list, key pairs first, in the order in which it is brought in line. */
  readonly all: readonly Resource[]
}

/** Builds the whole list for a wish. Nothing is read or sent. */
export function issuerResources(
  setup: Setup,
  world: ResourceWorld,
  options: ResourceOptions = {},
): IssuerResources {
  const keyPairs = setup.signers.flatMap((signer) =>
    hasPrivateFile(signer) ? keyPairResource(world, signer, setup.keyBits, options.after) : [],
  )
  const { host, documents } = publicDocuments(setup, world, options, keyPairs)
  // An API server gets its keys from us, so they are there before it is asked for them.
  const first = documents.length > 0 ? documents : [...(options.after ?? []), ...keyPairs]
  const provider = issuerProvider(setup, world, first)
  return { host, documents, provider, all: [...keyPairs, ...host, ...documents, provider] }
}

const hasPrivateFile = (signer: SignerFiles): signer is KeyPairFiles =>
  signer.privatePath !== undefined

/**
 * The documents and their host alone, for those who make keys and provider elsewhere. Only the
 * documents wait for the key pairs, so that a bucket is made while keys are generated.
 */
export function publicDocuments(
  setup: Setup,
  world: Omit<ResourceWorld, 'readThumbprints'>,
  options: ResourceOptions = {},
  keyPairs: readonly Resource[] = [],
): PublicDocuments {
  if (setup.host.type === 'cluster') return { host: [], documents: [] }
  const { host, ...place } = documentPlace({ ...setup, host: setup.host }, world, options)
  const context: DocumentContext = {
    ...place,
    issuer: setup.issuer,
    after: [...(options.after ?? []), ...keyPairs, ...host],
    readKeys: () => readSignerKeys(world.files, setup.signers),
    prune: setup.prune,
  }
  return { host, documents: [discoveryResource(context), keySetResource(context)] }
}

/** The provider alone, for those who bring their own documents. */
export function issuerProvider(
  setup: Pick<Setup, 'name' | 'issuer' | 'account' | 'partition' | 'audiences' | 'thumbprint'>,
  { aws, readThumbprints }: Pick<ResourceWorld, 'aws' | 'readThumbprints'>,
  after: readonly Resource[] = [],
): Resource {
  const arn = providerArn(setup.issuer, setup.account, setup.partition)
  return providerResource(aws.provider(setup.issuer, arn), { setup, readThumbprints, after })
}

type Place = Pick<DocumentContext, 'store' | 'idOf' | 'within' | 'assertOurs'> & {
  readonly host: readonly Resource[]
}

function documentPlace(
  setup: Setup & { readonly host: OwnHost },
  world: Omit<ResourceWorld, 'readThumbprints'>,
  options: ResourceOptions,
): Place {
  const { host } = setup
  if (host.type === 's3') return bucketPlace({ ...setup, host }, world, options)
  const store = world.directoryDocuments(host.directory)
  const idOf = (path: string): string => `${host.shown}/${path}`
  return { store, idOf, assertOurs: ownershipCheck({ ...setup, store, idOf }), host: [] }
}

function bucketPlace(
  setup: Setup & { readonly host: { readonly type: 's3' } },
  world: Pick<ResourceWorld, 'aws'>,
  { deleteGlobalBucket: deleteGlobal = false, after = [] }: ResourceOptions,
): Place {
  const { host } = setup
  const bucket = world.aws.bucket(host.bucket, setup.account)
  const idOf = (path: string): string => objectKey(host.prefix, path)
  // Nothing is asked of AWS twice.
  const tags = once(() => bucket.tags())
  const accountBlock = once(() => world.aws.accountBlock())
  const documents = [DISCOVERY_PATH, KEY_SET_PATH].map(idOf)
  const fate = once(async () =>
    bucketFate(bucket, await tags(), setup, { documents, deleteGlobal }),
  )
  const bucketItself = bucketResource({ ...bucket, tags }, setup, { fate, after })
  const block = publicAccessBlockResource(bucket, {
    within: bucketItself,
    account: setup.account,
    tags,
    accountBlock,
    fate,
  })
  const statement = publicReadStatement({
    bucket: host.bucket,
    region: setup.region,
    prefix: host.prefix,
  })
  const store = bucket.documents(host.prefix)
  const assertOurs = ownershipCheck({ ...setup, store, idOf })
  const policy = bucketPolicyResource(bucket, statement, {
    within: bucketItself,
    after: block,
    account: setup.account,
    accountBlock,
    assertOurs,
  })
  return { store, idOf, assertOurs, within: bucketItself, host: [bucketItself, block, policy] }
}
