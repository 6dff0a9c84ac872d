import { closedTo } from '../../core/address-reach.ts'
import { hostOf } from '../../core/verify/key-set-url.ts'
import { usesEmulator } from '../connect.ts'
import type { Walk } from './walk.ts'

/**
 * The addresses of a key set's host where the internet gets to none of them, while it gets to the
 * issuer. Undefined for what may be asked from here.
 */
export async function closedKeySetHost(
  { world, given }: Pick<Walk, 'world' | 'given'>,
  url: string,
): Promise<readonly string[] | undefined> {
  const [host, own] = [hostOf(url), hostOf(given.issuer)]
  if (host === own || usesEmulator(world)) return undefined
  const addresses = await world.addressesOf(host)
  if (!areClosed(addresses)) return undefined
  return areClosed(await world.addressesOf(own)) ? undefined : addresses
}

const areClosed = (addresses: readonly string[]): boolean =>
  addresses.length > 0 && addresses.every((address) => closedTo(address) !== undefined)
