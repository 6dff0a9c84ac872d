import type { Config } from '../core/config.ts'
import type { Issuer } from '../core/issuer.ts'
import { providerArn } from '../core/provider-arn.ts'
import { configOtherAccount, configOtherIssuer } from '../core/problems/config.ts'
import { flagMissing } from '../core/problems/usage.ts'
import type { World } from '../ports/world.ts'
import { connect, readIssuer, type Connection } from './connect.ts'
import { type ConfigFile, loadConfig } from './load-config.ts'

/** The issuer a step is about. */
export interface NamedIssuer {
  readonly issuer: Issuer
  /** The irsa.yaml at hand, where it is about this issuer. */
  readonly file: ConfigFile | undefined
}

/** The same, and the account that it is in. */
export interface IssuerAtHand extends NamedIssuer, Connection {
  readonly providerArn: string
}

/** The issuer of the flag, else the one in irsa.yaml. @throws Problem `usage/flag-missing`, `issuer/…` */
export async function nameIssuer(world: World, flag: string | undefined): Promise<NamedIssuer> {
  const file = await loadConfig(world)
  const text = flag ?? file?.config.issuer
  if (text === undefined) {
    throw flagMissing('--issuer', 'There is no irsa.yaml here that names the issuer.')
  }
  const issuer = readIssuer(world, text)
  return { issuer, file: file?.config.issuer === issuer ? file : undefined }
}

/** Connects to its account; the credentials have to be of that one. @throws Problem `aws/…`, `config/…` */
export async function issuerAtHand(
  world: World,
  { issuer, file }: NamedIssuer,
): Promise<IssuerAtHand> {
  const connection = await connect(world, file?.config.region)
  if (file !== undefined) checkPlace(file.config, file.shown, connection)
  const { account, partition } = connection.caller
  return { ...connection, issuer, file, providerArn: providerArn(issuer, account, partition) }
}

function checkPlace(config: Config, shown: string, { caller, region }: Connection): void {
  const expected = config.providers[0]?.account ?? caller.account
  if (expected !== caller.account) throw configOtherAccount(shown, expected, caller.account)
  if (config.region !== region) throw configOtherIssuer(shown, 'region', config.region, region)
}
