import type { Stage } from '../core/apiserver/input.ts'
import { flagMissing } from '../core/problems/usage.ts'
import type { SignerFiles } from '../core/setup.ts'
import type { World } from '../ports/world.ts'
import { readKeyPair } from '../resources/signer-keys.ts'
import {
  type ApiServerConfiguration,
  renderApiServerConfiguration,
} from './apiserver-configuration.ts'
import { readIssuer } from './connect.ts'
import { loadConfig } from './load-config.ts'
import { signerFiles } from './setup.ts'

/** The flags of `print-apiserver-flags`. */
export interface ApiServerFlags {
  readonly for: string
  readonly kubernetesVersion?: string
  readonly issuer?: string
  readonly keyDir?: string
  readonly previousIssuer?: readonly string[]
  readonly previousKeyFile?: readonly string[]
  readonly previousSigningKeyFile?: string
  readonly stage?: Stage
  readonly apiAudience?: readonly string[]
}

/** The names `generate-keypair` gives, for those who have no irsa.yaml. */
const USUAL_SIGNER = { public: 'keys/sa-signer.pub', private: 'keys/sa-signer.key' }

/** The API server's configuration for the issuer at hand. Reads public keys, and asks nobody. */
export async function printApiServer(
  world: World,
  flags: ApiServerFlags,
): Promise<ApiServerConfiguration> {
  const file = await loadConfig(world)
  const issuer = flags.issuer ?? file?.config.issuer
  if (issuer === undefined)
    throw flagMissing('--issuer', 'It is what the API server writes into tokens.')
  const entries = file?.config.keys ?? [USUAL_SIGNER]
  const signers = entries.map((entry) => signerFiles(entry, file?.folder ?? world.cwd))
  const input = {
    issuer: readIssuer(world, issuer),
    keyFiles: await Promise.all(signers.map((signer) => keyFile(world, signer))),
    keyDir: flags.keyDir,
    previousIssuers: flags.previousIssuer ?? [],
    previousKeyFiles: flags.previousKeyFile ?? [],
    previousSigningKeyFile: flags.previousSigningKeyFile,
    stage: flags.stage,
    apiAudiences: flags.apiAudience ?? [],
    kubernetesVersion: flags.kubernetesVersion,
  }
  const configuration = renderApiServerConfiguration(flags.for, input, world.template)
  const nowhere = file === undefined ? input.keyFiles.filter((key) => !key.publicPem) : []
  return { ...configuration, warnings: [...configuration.warnings, ...nowhere.map(notHere)] }
}

/** With flags alone the usual names are used, whether `generate-keypair` has run or not. */
const notHere = ({ publicFrom }: { readonly publicFrom: string }): string =>
  `${publicFrom} is not here: make it with irsa generate-keypair.`

async function keyFile(world: World, { publicPath, shown }: SignerFiles) {
  const publicOnly = { publicPath, shown: { public: shown.public } }
  const there = (await world.files.read(publicPath)) !== undefined
  const state = there ? await readKeyPair(world.files, publicOnly) : undefined
  const publicPem =
    state?.kind === 'public-only' ? state.keys.map(({ pem }) => pem).join('') : undefined
  return { publicFrom: shown.public, privateFrom: shown.private, publicPem }
}
