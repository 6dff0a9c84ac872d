import type { TokenFlags } from '../workflows/inspect-token.ts'
import { AUDIENCE_FLAGS, option, repeatablePath } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # What a pod has in its hands
  kubectl exec deploy/checkout -- sh -c 'cat $AWS_WEB_IDENTITY_TOKEN_FILE' | irsa inspect-token -

  # What the cluster would give it; nothing has to run for that
  irsa inspect-token --service-account shop/checkout --audience sts.amazonaws.com

  # Whether the published keys verify it
  irsa inspect-token token --issuer https://oidc.example.com`

export const define: Define = (command, session) => {
  command
    .argument('[file]', 'file with the token, or - for stdin')
    .addOption(repeatablePath('--public-key <file>', 'public key to check it with; repeatable'))
    .addOption(option('--issuer <url>', 'issuer it should be of, which is asked for its keys'))
    .addOption(option('--service-account <namespace/name>', 'ask the cluster for its token'))
    .addOption(option('--pod <name>', 'pod that the token is to be bound to'))
    .addOption(option(AUDIENCE_FLAGS, 'audience it should be for'))
    .addHelpText('after', EXAMPLES)
    .action(async (place: string | undefined, flags: TokenFlags) => {
      const world = await session.open(command)
      const [{ inspectToken }, { reportToken }] = await Promise.all([
        import('../workflows/inspect-token.ts'),
        import('./token-report.ts'),
      ])
      const inspected = await inspectToken(world, place, flags)
      await reportToken(world, inspected, { ...flags, place })
      if (inspected.findings.some(({ severity }) => severity === 'high')) session.end(1)
    })
}
