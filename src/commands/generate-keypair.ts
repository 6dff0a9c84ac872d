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
    .action(async (flags: { outDir: string; bits: number }) => {
      const world = await session.open(command)
      const [{ generateKeyPair }, { fieldsView }] = await Promise.all([
        import('../workflows/generate-key-pair.ts'),
        import('../ui/fields-view.ts'),
      ])
      const pair = await generateKeyPair(world, flags)
      const { kid, bits, privateKeyFile, publicKeyFile } = pair
      if (!pair.created) world.report.note('The key pair is there already; nothing was written.\n')
      await world.report.result(
        { kind: 'KeyPair', kid, bits, privateKeyFile, publicKeyFile },
        fieldsView([
          ['kid', kid],
          ['private key', privateKeyFile],
          ['public key', publicKeyFile],
        ]),
      )
      world.report.next([
        {
          command: `irsa build-documents --issuer URL --public-key ${publicKeyFile}`,
          why: 'the two documents',
        },
      ])
    })
}
