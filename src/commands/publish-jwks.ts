import type { PublishFlags } from '../workflows/publish-keys.ts'
import { option, repeatablePath } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # Add the keys in irsa.yaml to what is published
  irsa publish-jwks

  # With flags alone; keys that are published already stay
  irsa publish-jwks --bucket oidc-acme --region eu-west-3 --public-key sa.pub

  # Drop every other key, after being shown which ones
  irsa publish-jwks --bucket oidc-acme --public-key sa.pub --prune`

export const define: Define = (command, session) => {
  command
    .addOption(option('--bucket <name>', 'bucket for the documents; made if it does not exist'))
    .addOption(option('--prefix <path>', 'path below the bucket'))
    .addOption(option('--directory <folder>', 'folder for the documents, instead of a bucket'))
    .addOption(option('--issuer <url>', 'issuer URL (default: the URL of the bucket)'))
    .addOption(repeatablePath('--public-key <file>', 'public key to publish; repeatable'))
    .addOption(option('--prune', 'remove published keys that were not given'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: PublishFlags) => {
      const world = await session.open(command)
      const [{ publishKeys }, { announcement }, { reportApplied }] = await Promise.all([
        import('../workflows/publish-keys.ts'),
        import('./approval.ts'),
        import('./applied-report.ts'),
      ])
      const approve = announcement(world, 'publish-jwks')
      await reportApplied(world, await publishKeys(world, flags, approve))
    })
}
