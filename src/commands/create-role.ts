import type { CreateRoleFlags } from '../workflows/create-role.ts'
import { AUDIENCE_FLAGS, option, repeatable, repeatablePath } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # A role for one service account, which is annotated with it
  irsa create-role shop/checkout --policy-file s3.json | kubectl apply -f -

  # One role for two service accounts, with a policy of AWS's own
  irsa create-role shop/checkout shop/refund --role-name shop \\
    --policy-arn arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess

  # Wait until it can be assumed
  kubectl create token checkout -n shop --audience sts.amazonaws.com |
    irsa create-role shop/checkout --token -`

export const define: Define = (command, session) => {
  command
    .argument('<namespace/name...>', 'the service accounts that may have the role')
    .addOption(option('--issuer <url>', 'issuer URL (default: the one in irsa.yaml)'))
    .addOption(
      option('--role-name <name>', 'name of the role (default: from issuer, namespace and name)'),
    )
    .addOption(option('--path <path>', 'path of a role that has to be made (default: /irsa/)'))
    .addOption(repeatable('--policy-arn <arn>', 'managed policy to attach; repeatable'))
    .addOption(repeatablePath('--policy-file <file>', 'inline policy, as JSON; repeatable'))
    .addOption(option('--permissions-boundary <arn>', 'managed policy that bounds the others'))
    .addOption(
      repeatable(AUDIENCE_FLAGS, 'audience of the tokens; repeatable (default: sts.amazonaws.com)'),
    )
    .addOption(option('--adopt', 'also bring a role in line that somebody else made'))
    .addOption(option('--allow-wildcard', 'take * and ? in namespaces and names'))
    .addOption(
      option('--token <file>', 'token of the service account, or -: wait until STS takes it'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (accounts: string[], flags: CreateRoleFlags) => {
      const world = await session.open(command)
      const [{ createRole }, { announcement }, { reportRole }] = await Promise.all([
        import('../workflows/create-role.ts'),
        import('./approval.ts'),
        import('./role-report.ts'),
      ])
      const approve = announcement(world, 'create-role')
      await reportRole(world, await createRole(world, accounts, flags, approve))
    })
}
