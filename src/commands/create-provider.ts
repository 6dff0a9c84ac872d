import type { ProviderFlags } from '../workflows/create-provider.ts'
import { AUDIENCE_FLAGS, option, repeatable, THUMBPRINT_FLAGS } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # For the issuer in irsa.yaml
  irsa create-provider

  # For any issuer whose documents are public
  irsa create-provider --issuer https://oidc.example.com

  # IAM takes the certificate itself
  irsa create-provider --issuer https://oidc.example.com --thumbprint none`

export const define: Define = (command, session) => {
  command
    .addOption(option('--issuer <url>', 'issuer URL (default: the one in irsa.yaml)'))
    .addOption(
      repeatable(AUDIENCE_FLAGS, 'audience of the tokens; repeatable (default: sts.amazonaws.com)'),
    )
    .addOption(
      repeatable(THUMBPRINT_FLAGS, 'thumbprint of the issuer; hex is repeatable (default: auto)'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ProviderFlags) => {
      const world = await session.open(command)
      const [{ createProvider }, { announcement }, { reportApplied }] = await Promise.all([
        import('../workflows/create-provider.ts'),
        import('./approval.ts'),
        import('./applied-report.ts'),
      ])
      const approve = announcement(world, 'create-provider')
      await reportApplied(world, await createProvider(world, flags, approve))
    })
}
