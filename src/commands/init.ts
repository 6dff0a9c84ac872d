import type { Command } from 'commander'
import {
  AUDIENCE_FLAGS,
  option,
  parseKeyBits,
  repeatable,
  repeatablePath,
  THUMBPRINT_FLAGS,
} from './options.ts'
import type { Define } from './session.ts'
import type { InitFlags } from '../workflows/init-flags.ts'

const EXAMPLES = `
Examples:
  # Answer a few questions, look at the plan, say yes
  irsa init

  # The same in a script
  irsa init --name production --region eu-west-3 --yes

  # A cluster that is running already: its private key stays where it is
  irsa init --name production --public-key sa.pub
  irsa init --name production --jwks-from-cluster

  # No public bucket: a folder that you serve at a URL of your own
  irsa init --name production --host directory --directory public --issuer https://oidc.example.com

  # No documents of our own: the API server serves them, if the internet reaches it on port 443
  irsa init --name production --host cluster --issuer https://api.example.com --jwks-from-cluster

  # Only look
  irsa init --name production --dry-run`

export const define: Define = (command: Command, session) => {
  command
    .addOption(option('--name <name>', 'short name of the cluster and its issuer'))
    .addOption(
      option('--host <host>', 'what serves the documents').choices(['s3', 'directory', 'cluster']),
    )
    .addOption(
      option(
        '--bucket <name>',
        'bucket for the documents (default: irsa-<name>-<account>-<region>-an)',
      ),
    )
    .addOption(option('--prefix <path>', 'path below the bucket, to share it among issuers'))
    .addOption(option('--directory <folder>', 'folder for the documents, with --host directory'))
    .addOption(
      option(
        '--issuer <url>',
        'issuer URL; that of the API server with --host cluster (default: the URL of the bucket)',
      ),
    )
    .addOption(
      repeatablePath('--public-key <file>', "an existing cluster's public key; repeatable"),
    )
    .addOption(option('--jwks-from-cluster', "read an existing cluster's public keys with kubectl"))
    .addOption(
      option('--key-bits <bits>', 'size of a new RSA key: 2048, 3072 or 4096').argParser(
        parseKeyBits,
      ),
    )
    .addOption(
      repeatable(AUDIENCE_FLAGS, 'audience of the tokens; repeatable (default: sts.amazonaws.com)'),
    )
    .addOption(
      repeatable(THUMBPRINT_FLAGS, 'thumbprint of the issuer; hex is repeatable (default: auto)'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: InitFlags) => {
      const world = await session.open(command)
      const [{ init }, { approval }, { reportApplied }, { withNextOnUnserved }] = await Promise.all(
        [
          import('../workflows/init.ts'),
          import('./approval.ts'),
          import('./applied-report.ts'),
          import('./unserved.ts'),
        ],
      )
      const walk = init(world, flags, approval(world, 'init'))
      await reportApplied(world, await withNextOnUnserved(world, walk))
    })
}
