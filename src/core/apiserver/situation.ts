import { discoveryStoreUnused, keyDirNotMounted, unusableValue } from '../problems/apiserver.ts'
import { type ApiServerInput, checkInput, type KeyFile, isRunning } from './input.ts'
import { readVersions } from './formats.ts'
import type { Stage } from './names.ts'
import type { Abilities, Platform } from './platform.ts'
import { fileName } from './paths.ts'
import { checkProgress } from './progress.ts'
import type { Version } from './version.ts'

/** A key whose private half is ours, so that it can sign. */
export type Signer = KeyFile & { readonly privateFrom: string }

/** The input, checked and with every question answered that the platform answers. */
export interface Situation {
  readonly platform: Platform
  readonly input: ApiServerInput
  /** `new`: nothing is known to have been there before. */
  readonly phase: Stage | 'new'
  /** The key that is to sign; absent when the cluster goes on signing with a key it keeps. */
  readonly signer: Signer | undefined
  /** The cluster signs with that key already, from the place where ours belongs. */
  readonly signsAlready: boolean
  /** It does not sign yet, and is not to in this stage: its private half stays away. */
  readonly waits: boolean
  /** No final slash. */
  readonly keyDir: string
  /** Each once, in the order given. */
  readonly previousIssuers: readonly string[]
  readonly previousKeyFiles: readonly string[]
  /** Of Kubernetes, where it was given. */
  readonly version: Version | undefined
  /** Of the platform itself, where it has one of its own and it was given. */
  readonly platformVersion: Version | undefined
  /** The id of the format to write, where the platform has had several. */
  readonly format: string | undefined
  readonly abilities: Abilities
}

/** @throws Problem `apiserver/…` where the input makes no sense, or not on this platform. */
export function readSituation(input: ApiServerInput, platform: Platform): Situation {
  checkInput(input)
  checkStore(input, platform)
  const versions = readVersions(input, platform)
  const keyDir = keyDirOf(input, platform)
  if (platform.mounted !== undefined && !isBelow(keyDir, platform.mounted)) {
    throw keyDirNotMounted(keyDir, platform.mounted)
  }
  const signer = input.keyFiles.find((file): file is Signer => file.privateFrom !== undefined)
  const ours = signer === undefined ? [] : keyPaths({ ...input, keyFiles: [signer] }, platform)
  const { running, previousSigningKeyFile: signing = '' } = input
  const signsAlready =
    running === undefined
      ? ours.includes(signing)
      : signer !== undefined && running.signsWithOurs === true
  // Previous ones without a stage: what a cluster with a single API server does in one step.
  const phase = input.stage ?? (isRunning(input) ? 'sign' : 'new')
  const situation: Situation = {
    platform,
    input,
    phase,
    signer,
    signsAlready,
    waits: phase === 'accept' && !signsAlready,
    keyDir,
    previousIssuers: unique(input.previousIssuers),
    previousKeyFiles: unique(input.previousKeyFiles).filter(
      (path) => !signsAlready || !ours.includes(path),
    ),
    version: versions.kubernetes,
    platformVersion: versions.platform,
    format: versions.format?.id,
    abilities: EVERYTHING,
  }
  const adapted = platform.adapted?.(situation) ?? situation
  const abilities = adapted.platform.abilities?.(adapted) ?? EVERYTHING
  checkProgress({ ...adapted, abilities })
  return { ...adapted, abilities }
}

/** As kops writes a place in S3 (util/pkg/vfs/context.go). */
function checkStore({ discoveryStore }: ApiServerInput, platform: Platform): void {
  if (discoveryStore === undefined) return
  if (platform.takesDiscoveryStore !== true) throw discoveryStoreUnused(platform.title)
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]+(\/[\w.-]+)*\/?$/.test(discoveryStore)) {
    const rule = 'a place in S3 as kops writes it, such as s3://bucket/folder'
    throw unusableValue('--discovery-store', discoveryStore, rule)
  }
}

const EVERYTHING: Abilities = { severalIssuers: true, severalKeys: true }

/** No final slash. */
const keyDirOf = (input: ApiServerInput, platform: Platform): string =>
  (input.keyDir ?? platform.keyDir).replace(/\/+$/, '')

/** Where a local key file belongs on the nodes. */
export const keyPath = (keyDir: string, from: string): string => `${keyDir}/${fileName(from)}`

/** Where all files of the input belong on the nodes. */
export function keyPaths(input: ApiServerInput, platform: Platform): string[] {
  const names = input.keyFiles.flatMap(({ publicFrom, privateFrom }) => [publicFrom, privateFrom])
  return names.flatMap((from) =>
    from === undefined ? [] : [keyPath(keyDirOf(input, platform), from)],
  )
}

/** Whether a path on a node is the folder or lies in it; `..` counts as elsewhere. */
export const isBelow = (path: string, folder: string): boolean =>
  `${path}/`.startsWith(`${folder}/`) && !path.split('/').includes('..')

export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

/** Whether the API server is to serve the documents to STS, and can. */
export const serves = ({ input, platform }: Situation): boolean =>
  input.servesDocuments === true && platform.cannotServe === undefined
