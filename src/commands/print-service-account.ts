import type { ServiceAccountFlags } from '../workflows/print-service-account.ts'
import { option } from './options.ts'
import { addRoleOptions } from './role-options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  irsa print-service-account shop/checkout \\
    --role-arn arn:aws:iam::111122223333:role/irsa/shop-checkout | kubectl apply -f -

  # For a role that stands in irsa.yaml; tokens are good for an hour
  irsa print-service-account shop/checkout --token-expiration 3600`

export const define: Define = (command, session) => {
  addRoleOptions(command)
    .addOption(option('--regional-sts', 'have SDKs of before 2022 ask the STS of their region'))
    .addHelpText('after', EXAMPLES)
    .action(async (serviceAccount: string, flags: ServiceAccountFlags) => {
      const world = await session.open(command)
      const [{ printServiceAccount }, { reportManifests }, { afterServiceAccount }] =
        await Promise.all([
          import('../workflows/print-service-account.ts'),
          import('./manifests-report.ts'),
          import('./next-commands.ts'),
        ])
      const printed = await printServiceAccount(world, serviceAccount, flags)
      await reportManifests(world, printed)
      world.report.next(afterServiceAccount(printed.serviceAccount, flags.roleArn, world))
    })
}
