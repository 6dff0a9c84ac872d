import type { KeyPairFlags } from '../workflows/generate-key-pair.ts'
import { option, parseKeyBits } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # keys/sa-signer.key (PKCS#1, readable by you alone) and keys/sa-signer.pub (PKIX)
  irsa generate-keypair

  irsa generate-keypair --out-dir secrets --bits 4096 --output json`

export const define: Define = (command, session) => {
  command
    .addOption(option('--out-dir <folder>', 'where the two files go').default('keys'))
    .addOption(
      option('--bits <bits>', 'size of the RSA key: 2048, 3072 or 4096')
        .argParser(parseKeyBits)
        .default(2048),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: KeyPairFlags) => {
      const world = await session.open(command)
      const [{ generateKeyPair, planKeyPair }, { reportPlan }, { reportKeyPair }] =
        await Promise.all([
          import('../workflows/generate-key-pair.ts'),
          import('./applied-report.ts'),
          import('./key-pair-report.ts'),
        ])
      if (world.options.dryRun === true) await reportPlan(world, await planKeyPair(world, flags))
      else await reportKeyPair(world, await generateKeyPair(world, flags))
    })
}
