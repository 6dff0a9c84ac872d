import { keyDirNotMounted } from '../problems/apiserver.ts'
import {
  type ApiServerInput,
  checkInput,
  type KeyFile,
  namesPrevious,
  type Stage,
} from './input.ts'
import type { Platform } from './platform.ts'
import { type KubernetesVersion, parseKubernetesVersion } from './version.ts'

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
  readonly version: KubernetesVersion | undefined
}

/** @throws Problem `apiserver/…` where the input makes no sense, or not on this platform. */
export function readSituation(input: ApiServerInput, platform: Platform): Situation {
  checkInput(input)
  const keyDir = (input.keyDir ?? platform.keyDir).replace(/\/+$/, '')
  if (platform.mounted !== undefined && !isBelow(keyDir, platform.mounted)) {
    throw keyDirNotMounted(keyDir, platform.mounted)
  }
  return {
    platform,
    input,
    // Previous ones without a stage: what a cluster with a single API server does in one step.
    phase: input.stage ?? (namesPrevious(input) ? 'sign' : 'new'),
    signer: input.keyFiles.find((file): file is Signer => file.privateFrom !== undefined),
    keyDir,
    previousIssuers: unique(input.previousIssuers),
    previousKeyFiles: unique(input.previousKeyFiles),
    version:
      input.kubernetesVersion === undefined
        ? undefined
        : parseKubernetesVersion(input.kubernetesVersion),
  }
}

/** Whether a path on a node is the folder or lies in it; `..` counts as elsewhere. */
export const isBelow = (path: string, folder: string): boolean =>
  `${path}/`.startsWith(`${folder}/`) && !path.split('/').includes('..')

export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]
