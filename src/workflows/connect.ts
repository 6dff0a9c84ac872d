import { endpointIn } from '../core/endpoints.ts'
import { parseIssuer, type Issuer } from '../core/issuer.ts'
import { noRegion } from '../core/problems/credentials.ts'
import { checkRegion } from '../core/partition.ts'
import type { Aws, Caller } from '../ports/aws.ts'
import type { World } from '../ports/world.ts'

/** The account at hand, known by name. */
export interface Connection {
  readonly aws: Aws
  readonly caller: Caller
  readonly region: string
}

type RegionWorld = Pick<World, 'options' | 'configuredRegion'>

/** Flag or IRSA_REGION, then irsa.yaml, then the AWS configuration. @throws Problem `usage/region-invalid` */
export async function findRegion(
  { options, configuredRegion }: RegionWorld,
  fromConfig?: string,
): Promise<string | undefined> {
  const region = options.region ?? fromConfig ?? (await configuredRegion(options.profile))
  if (region !== undefined) checkRegion(region)
  return region
}

/** Finds the region and asks who is calling. @throws Problem `aws/…` */
export async function connect(
  world: RegionWorld & Pick<World, 'aws'>,
  fromConfig?: string,
): Promise<Connection> {
  const region = await findRegion(world, fromConfig)
  if (region === undefined) throw noRegion()
  return connectTo(world, region)
}

/** The same where the region is known. */
export async function connectTo(
  { options, aws: open }: Pick<World, 'options' | 'aws'>,
  region: string,
): Promise<Connection> {
  const { profile, endpointUrl } = options
  return introduced(await open({ region, profile, endpointUrl }), region)
}

/** Asks an account who is calling. @throws Problem `aws/…` */
export async function introduced(aws: Aws, region: string): Promise<Connection> {
  const asking = aws.caller()
  aws.warmUp()
  return { aws, caller: await asking, region }
}

/** The services that an issuer and its provider live in; an emulator of any other is of no account. */
const ISSUER_SERVICES = ['S3', 'IAM', 'STS'] as const

/** Whether an endpoint other than AWS's own is set, where an emulator may listen. */
export const usesEmulator = ({ options, env }: Pick<World, 'options' | 'env'>): boolean =>
  options.endpointUrl !== undefined ||
  ISSUER_SERVICES.some((service) => endpointIn(env, service) !== undefined)

/** Reads an issuer. Emulators listen wherever they can, so for them a port is allowed. */
export const readIssuer = (world: Pick<World, 'options' | 'env'>, text: string): Issuer =>
  parseIssuer(text, { portAllowed: usesEmulator(world) })
