import { keyDirNotMounted } from '../problems/apiserver.ts'
import {
  type ApiServerInput,
  checkInput,
  type KeyFile,
  namesPrevious,
  type Stage,
} from './input.ts'
import { readVersions } from './formats.ts'
import type { Abilities, Platform } from './platform.ts'
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
  const versions = readVersions(input, platform)
  const keyDir = (input.keyDir ?? platform.keyDir).replace(/\/+$/, '')
  if (platform.mounted !== undefined && !isBelow(keyDir, platform.mounted)) {
    throw keyDirNotMounted(keyDir, platform.mounted)
  }
  const situation: Situation = {
    platform,
    input,
    // Previous ones without a stage: what a cluster with a single API server does in one step.
    phase: input.stage ?? (namesPrevious(input) ? 'sign' : 'new'),
    signer: input.keyFiles.find((file): file is Signer => file.privateFrom !== undefined),
    keyDir,
    previousIssuers: unique(input.previousIssuers),
    previousKeyFiles: unique(input.previousKeyFiles),
    version: versions.kubernetes,
    platformVersion: versions.platform,
    format: versions.format?.id,
    abilities: EVERYTHING,
  }
  return { ...situation, abilities: platform.abilities?.(situation) ?? EVERYTHING }
}

const EVERYTHING: Abilities = { severalIssuers: true, severalKeys: true }

/** Whether a path on a node is the folder or lies in it; `..` counts as elsewhere. */
export const isBelow = (path: string, folder: string): boolean =>
  `${path}/`.startsWith(`${folder}/`) && !path.split('/').includes('..')

export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]
