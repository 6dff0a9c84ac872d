import { USUAL_KEY_PAIR } from '../core/key-file.ts'
import type { ApiServerInput, KeyFile } from '../core/apiserver/input.ts'
import { AUTO, type Stage } from '../core/apiserver/names.ts'
import type { Platform } from '../core/apiserver/platform.ts'
import { findPlatform } from '../core/apiserver/platforms.ts'
import { withRunning } from '../core/apiserver/running.ts'
import { checkClusterIssuer } from '../core/cluster-host.ts'
import {
  includedKeyMissing,
  includedKeyUnused,
  stageWithoutPrevious,
} from '../core/problems/apiserver.ts'
import { Problem } from '../core/problems/problem.ts'
import { flagMissing } from '../core/problems/usage.ts'
import type { SignerFiles } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { readKeyPair } from '../resources/signer-keys.ts'
import {
  type ApiServerConfiguration,
  renderApiServerConfiguration,
} from './apiserver-configuration.ts'
import { readIssuer } from './connect.ts'
import { detectCluster } from './detect-cluster.ts'
import { loadConfig } from './load-config.ts'
import { readRunningCluster } from './read-running-cluster.ts'
import { signerFiles } from './setup.ts'

/** The flags of `print-apiserver-flags`. */
export interface ApiServerFlags {
  readonly for: string
  readonly kubernetesVersion?: string
  readonly platformVersion?: string
  readonly discoveryStore?: string
  readonly issuer?: string
  readonly host?: 's3' | 'directory' | 'cluster'
  readonly keyDir?: string
  readonly previousIssuer?: readonly string[]
  readonly previousKeyFile?: readonly string[]
  readonly previousSigningKeyFile?: string
  readonly stage?: Stage
  readonly apiAudience?: readonly string[]
  readonly includePrivateKey?: true
}

/**
 * The API server's configuration for the issuer at hand. The cluster is asked, through kubectl, for
 * `--for auto`, and for what it uses now where a stage is named and nothing previous.
 */
export async function printApiServer(
  world: World,
  flags: ApiServerFlags,
): Promise<ApiServerConfiguration> {
  const file = await loadConfig(world)
  const issuer = flags.issuer ?? file?.config.issuer
  if (issuer === undefined)
    throw flagMissing('--issuer', 'It is what the API server writes into tokens.')
  const { platform, ...versions } = await choosePlatform(world, flags)
  const entries = file?.config.keys ?? [USUAL_KEY_PAIR]
  const signers = entries.map((entry) => signerFiles(entry, file?.folder ?? world.cwd))
  const asked = {
    issuer: readIssuer(world, issuer),
    keyFiles: await Promise.all(signers.map((signer) => keyFile(world, signer))),
    keyDir: flags.keyDir,
    previousIssuers: flags.previousIssuer ?? [],
    previousKeyFiles: flags.previousKeyFile ?? [],
    previousSigningKeyFile: flags.previousSigningKeyFile,
    stage: flags.stage,
    apiAudiences: flags.apiAudience ?? [],
    discoveryStore: flags.discoveryStore,
    servesDocuments: (flags.host ?? file?.config.host.type) === 'cluster',
    privatePem: await privateKey(world, flags, platform, signers),
    ...versions,
  }
  if (asked.servesDocuments) checkClusterIssuer(asked.issuer)
  const input = await withPrevious(world, flags, asked, platform)
  const configuration = renderApiServerConfiguration(platform, input, world.template)
  const nowhere = file === undefined ? input.keyFiles.filter((key) => !key.publicPem) : []
  const more = [...nowhere.map(notHere), ...keyShown(world, platform, input, configuration)]
  return { ...configuration, warnings: [...configuration.warnings, ...more] }
}

type Chosen = { readonly platform: Platform } & Pick<
  ApiServerInput,
  'kubernetesVersion' | 'platformVersion'
>

/** What is said by a flag goes before what the cluster says. */
async function choosePlatform(world: World, flags: ApiServerFlags): Promise<Chosen> {
  const { kubernetesVersion, platformVersion } = flags
  if (flags.for !== AUTO) {
    return { platform: findPlatform(flags.for), kubernetesVersion, platformVersion }
  }
  const detected = await detectCluster(world)
  return {
    platform: findPlatform(detected.platform),
    kubernetesVersion: kubernetesVersion ?? detected.kubernetesVersion,
    platformVersion: platformVersion ?? detected.platformVersion,
  }
}

/** Asks the cluster for what it uses now, unless a person said it or there is no need to know. */
async function withPrevious(
  world: World,
  flags: ApiServerFlags,
  input: ApiServerInput,
  platform: Platform,
): Promise<ApiServerInput> {
  const said = flags.previousIssuer ?? flags.previousKeyFile ?? flags.previousSigningKeyFile
  if (said !== undefined || (flags.stage === undefined && flags.for !== AUTO)) return input
  try {
    return withRunning(input, await readRunningCluster(world), platform)
  } catch (error) {
    const unasked = error instanceof Problem && error.code.startsWith('kubectl/')
    throw unasked && flags.stage !== undefined ? stageWithoutPrevious(flags.stage, error) : error
  }
}

/** With flags alone the usual names are used, whether `generate-keypair` has run or not. */
const notHere = ({ publicFrom }: { readonly publicFrom: string }): string =>
  `${publicFrom} is not here: make it with irsa generate-keypair.`

/** A key that was asked for is on the screen, or nowhere: both have to be known. */
function keyShown(
  { onScreen, template }: Pick<World, 'onScreen' | 'template'>,
  platform: Platform,
  input: ApiServerInput,
  { text }: ApiServerConfiguration,
): string[] {
  if (input.privatePem === undefined) return []
  const without = { ...input, privatePem: undefined }
  if (renderApiServerConfiguration(platform, without, template).text === text) return [NOT_IN_IT]
  return onScreen ? [ON_SCREEN] : []
}

const NOT_IN_IT = 'There is no place for the private key in this output, so it is not in there.'

const ON_SCREEN =
  'What follows holds the private key, on your screen and in what the terminal remembers of it. Send it into a file that only you can read: umask 077, then irsa … > file.'

/** @throws Problem where the halves do not belong together: kube-apiserver never checks that. */
async function keyFile(world: World, signer: SignerFiles): Promise<KeyFile> {
  const { publicPath, privatePath, shown } = signer
  // A pair may still have to be made; a public key alone may be on another machine.
  const readable = privatePath !== undefined || (await world.files.read(publicPath)) !== undefined
  const state = readable ? await readKeyPair(world.files, signer) : undefined
  const keys = state === undefined || state.kind === 'absent' ? [] : state.keys
  return {
    publicFrom: shown.public,
    privateFrom: shown.private,
    publicPem: keys.length === 0 ? undefined : keys.map(({ pem }) => pem).join(''),
  }
}

/** Read only where the key was asked for by name, and the platform has a place for it. */
async function privateKey(
  { files }: Pick<World, 'files'>,
  { includePrivateKey }: ApiServerFlags,
  platform: Platform,
  signers: readonly SignerFiles[],
): Promise<string | undefined> {
  if (includePrivateKey !== true) return undefined
  const signer = signers.find(({ privatePath }) => privatePath !== undefined)
  const shown = signer?.shown.private ?? USUAL_KEY_PAIR.private
  if (platform.mayCarryPrivateKey !== true) throw includedKeyUnused(platform.title, shown)
  const content = signer?.privatePath && (await files.readSecret(signer.privatePath))
  if (!content) throw includedKeyMissing(shown)
  return content.toString('utf8')
}
