import type { ApiServerInput, KeyFile } from './input.ts'
import type { Platform } from './platform.ts'
import { factsOf, flagsOf, type RunningCluster } from './running-facts.ts'
import { keyPaths } from './situation.ts'

/** The input, with what the cluster uses now in the place of flags that were not given. */
export function withRunning(
  input: ApiServerInput,
  running: RunningCluster,
  platform: Platform,
): ApiServerInput {
  const flags = flagsOf(running)
  const pathsOf = (keyFiles: readonly KeyFile[]): string[] =>
    keyPaths({ ...input, keyFiles }, platform)
  const facts = factsOf(input, running, flags, platform, pathsOf)
  const asked = facts.signsWithPlatformsOwn ? publicHalves(input) : input
  const hasSigner = asked.keyFiles.some(({ privateFrom }) => privateFrom !== undefined)
  // What comes again as a file of ours; another key under that name stays, and is found out.
  const comingAgain = hasSigner
    ? pathsOf(asked.keyFiles.filter((file) => verifies(file, running) !== false))
    : []
  const known = flags.issuers.length > 0 ? flags.issuers : running.issuers
  return {
    ...asked,
    previousIssuers: known.filter((issuer) => issuer !== input.issuer),
    previousKeyFiles: flags.keyFiles.filter((path) => !comingAgain.includes(path)),
    previousSigningKeyFile: flags.signing.find((path) => !comingAgain.includes(path)),
    previousPublicPems: running.publicPems,
    effectiveAudiences: running.audiences ?? flags.audiences,
    running: facts,
  }
}

/** Whether a key of ours verifies now; undefined where it is not here, or the key set is not shown. */
function verifies({ publicPem }: KeyFile, { publicPems }: RunningCluster): boolean | undefined {
  if (publicPem === undefined || publicPems === undefined) return undefined
  return publicPems.some((pem) => publicPem.includes(pem.trim()))
}

/**
 * A key of ours that the platform has under a name of its own, as a new cluster takes it, is the
 * cluster's key: it stays where it is, and no file of it is brought there a second time.
 */
const publicHalves = (input: ApiServerInput): ApiServerInput => ({
  ...input,
  keyFiles: input.keyFiles.map(({ publicFrom, publicPem }) => ({ publicFrom, publicPem })),
})
