import type { World } from '../ports/world.ts'
import { fieldsView } from '../ui/fields-view.ts'
import type { GeneratedKeyPair } from '../workflows/generate-key-pair.ts'
import { afterKeyPair } from './next-commands.ts'

/** Prints which pair there is, and what to type next. */
export async function reportKeyPair(world: World, pair: GeneratedKeyPair): Promise<void> {
  const { created, ...rest } = pair
  if (!created) world.report.note('The key pair is there already; nothing was written.\n')
  await world.report.result(
    { kind: 'KeyPair', ...rest },
    fieldsView([
      ['kid', pair.kid],
      ['private key', pair.privateKeyFile],
      ['public key', pair.publicKeyFile],
    ]),
  )
  world.report.next(await afterKeyPair(pair, world))
}
