import { overwritesPreviousKey, sameFileName } from '../problems/apiserver.ts'
import type { KeyFile } from './input.ts'
import { keyPath, type Situation, unique } from './situation.ts'

/** One file that has to be on every control-plane node. */
export interface NodeFile {
  readonly path: string
  /** The local file it is a copy of. */
  readonly from: string
  readonly private: boolean
  /** Its content, where that is public and known. */
  readonly pem?: string | undefined
}

/** Which keys the API server verifies and signs with; `undefined` leaves it as the platform has it. */
export interface Keys {
  readonly verify: readonly string[]
  readonly sign: string | undefined
  /** For kube-controller-manager, which signs the older tokens kept in secrets. */
  readonly controllerManager: string | undefined
  readonly files: readonly NodeFile[]
  /** What the one file of `verify` is put together from, where the platform takes only one. */
  readonly joined?: readonly string[] | undefined
}

/**
 * kube-apiserver never checks that the signing key's public half is among its key files, and then
 * refuses its own tokens; so wherever `sign` is ours, the public half is in `verify`.
 */
export function keysOf(situation: Situation): Keys {
  const keys = chosenKeys(situation)
  const joined = keys.verify.length > 1 ? situation.platform.joinedKeyFile?.(situation) : undefined
  return joined === undefined ? keys : { ...keys, verify: [joined], joined: keys.verify }
}

function chosenKeys(situation: Situation): Keys {
  if (situation.platform.keys !== undefined) return withoutFiles(situation, situation.platform.keys)
  if (situation.signer === undefined) return clustersOwn(situation)
  if (becomesPlatformsOwn(situation)) return platformsOwn(situation)
  const { input, platform } = situation
  const files = nodeFiles(situation)
  const ours = files.filter((file) => !file.private).map((file) => file.path)
  const previous = previousKeys(situation)
  if (situation.waits) {
    // The new private key stays away from the nodes for as long as it signs nothing.
    const sign = input.previousSigningKeyFile ?? platform.own.signingKeyFile
    const copied = files.filter((file) => !file.private)
    return {
      verify: unique([...previous, ...ours]),
      sign,
      controllerManager: undefined,
      files: copied,
    }
  }
  const sign = files.find((file) => file.private)?.path
  return { verify: unique([...ours, ...previous]), sign, controllerManager: sign, files }
}

/** Keys that stand in the platform's own configuration, or that it does not take. */
function withoutFiles(
  { input, signer, waits, abilities }: Situation,
  keys: NonNullable<Situation['platform']['keys']>,
): Keys {
  const none = { verify: [], sign: undefined, controllerManager: undefined }
  if (keys === 'its-own' || signer === undefined) return { ...none, files: [] }
  const { private: privatePlace, public: publicPlace } = keys.inline
  const publics = input.keyFiles.map(({ publicFrom, publicPem }) => ({
    path: publicPlace,
    from: publicFrom,
    private: false,
    pem: publicPem,
  }))
  const secret = { path: privatePlace, from: signer.privateFrom, private: true }
  const others = publics.filter(({ from }) => from !== signer.publicFrom)
  if (waits) return { ...none, files: abilities.severalKeys ? publics : [] }
  return { ...none, files: [secret, ...(abilities.severalKeys ? others : [])] }
}

/** The cluster keeps its key: only what was named, or read off its flags, is set. */
function clustersOwn({ input, platform, previousKeyFiles }: Situation): Keys {
  const unnamed = input.running?.flagsRead === true ? [] : defined(platform.own.keyFile)
  const verify = previousKeyFiles.length > 0 ? unique([...unnamed, ...previousKeyFiles]) : []
  return { verify, sign: input.previousSigningKeyFile, controllerManager: undefined, files: [] }
}

/** Whether a new cluster takes our key under the name of its own. */
export const becomesPlatformsOwn = ({ phase, input, platform, signer }: Situation): boolean =>
  phase === 'new' &&
  signer !== undefined &&
  input.keyDir === undefined &&
  platform.newCluster !== undefined

function platformsOwn(situation: Situation): Keys {
  const files = nodeFiles(situation)
  const { privateKey, publicKey } = situation.platform.newCluster ?? {}
  const others = files.filter((file) => !file.private).map((file) => file.path)
  if (publicKey !== undefined) {
    return { verify: others, sign: privateKey, controllerManager: undefined, files }
  }
  // Read by itself from the one file, unless there are more keys: naming one drops the default.
  const verify = others.length > 0 ? [...defined(privateKey), ...others] : []
  return { verify, sign: undefined, controllerManager: undefined, files }
}

/**
 * The key files to go on verifying with. Those read off the flags are all there are. Else, unless a
 * person named the key that signs now, there is the platform's own one, and it stays until `finish`;
 * beyond that, where the cluster showed keys that are none of ours.
 */
function previousKeys({ phase, input, platform, previousKeyFiles }: Situation): readonly string[] {
  const { running } = input
  if (phase === 'new' || running?.flagsRead === true) return previousKeyFiles
  const withOwn = unique([...previousKeyFiles, ...defined(platform.own.keyFile)])
  if (running !== undefined) return running.foreignKeys === 0 ? previousKeyFiles : withOwn
  if (phase === 'finish') return previousKeyFiles
  const named = input.previousSigningKeyFile !== undefined && previousKeyFiles.length > 0
  return named ? previousKeyFiles : withOwn
}

/** Signer first, then the other public keys. @throws Problem where one would replace another. */
function nodeFiles(situation: Situation): NodeFile[] {
  const { input, signer } = situation
  const others = input.keyFiles.filter((file) => file !== signer)
  const own = becomesPlatformsOwn(situation) ? situation.platform.newCluster : undefined
  const files =
    signer === undefined ? [] : [privateFile(situation, signer.privateFrom, own?.privateKey)]
  if (signer !== undefined && (own === undefined || own.publicKey !== undefined)) {
    files.push(publicFile(situation, signer, own?.publicKey))
  }
  files.push(...others.map((file) => publicFile(situation, file)))
  refuseOverwriting(files, situation)
  return files
}

const privateFile = (situation: Situation, from: string, path = pathFor(situation, from)) => ({
  path,
  from,
  private: true,
})

const publicFile = (
  situation: Situation,
  { publicFrom, publicPem }: KeyFile,
  path = pathFor(situation, publicFrom),
): NodeFile => ({ path, from: publicFrom, private: false, pem: publicPem })

const pathFor = ({ keyDir }: Situation, from: string): string => keyPath(keyDir, from)

function refuseOverwriting(
  files: readonly NodeFile[],
  { phase, platform, ...rest }: Situation,
): void {
  const signing = rest.signsAlready ? undefined : rest.input.previousSigningKeyFile
  const inUse = [...rest.previousKeyFiles, ...defined(signing)]
  if (phase !== 'new' && !rest.signsAlready) {
    inUse.push(...defined(platform.own.keyFile), ...defined(platform.own.signingKeyFile))
  }
  for (const [index, { path, from }] of files.entries()) {
    if (inUse.includes(path)) throw overwritesPreviousKey(path)
    const earlier = files.slice(0, index).find((file) => file.path === path)
    if (earlier !== undefined) throw sameFileName(path, earlier.from, from)
  }
}

const defined = (path: string | undefined): string[] => (path === undefined ? [] : [path])
