import type { ApiServerFlags } from '../workflows/print-api-server.ts'
import { option, repeatable, repeatablePath } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # From irsa.yaml, for a cluster that kubeadm makes
  irsa print-apiserver-flags --for kubeadm > kubeadm.yaml

  # A running cluster keeps accepting the tokens it issued before
  irsa print-apiserver-flags --for flags \\
    --previous-issuer https://kubernetes.default.svc.cluster.local \\
    --previous-key-file /etc/kubernetes/pki/sa.pub

  # With flags alone
  irsa print-apiserver-flags --for k3s --issuer https://oidc.example.com`

export const define: Define = (command, session) => {
  command
    .addOption(
      option('--for <platform>', 'how Kubernetes is run: flags, kubeadm, k3s, kops').default(
        'flags',
      ),
    )
    .addOption(
      option('--kubernetes-version <version>', 'version of the cluster (default: the newest)'),
    )
    .addOption(option('--issuer <url>', 'issuer URL (default: the one in irsa.yaml)'))
    .addOption(option('--key-dir <path>', 'folder of the key files on the control-plane nodes'))
    .addOption(repeatable('--previous-issuer <url>', 'issuer to keep accepting; repeatable'))
    .addOption(
      repeatablePath(
        '--previous-key-file <path>',
        'public key on the nodes to keep verifying with; repeatable',
      ),
    )
    .addOption(
      option('--previous-signing-key-file <path>', 'private key on the nodes that signs until now'),
    )
    .addOption(
      option('--stage <stage>', 'step of a change without downtime').choices([
        'accept',
        'sign',
        'finish',
      ]),
    )
    .addOption(repeatable('--api-audience <audience>', 'audience of the API server; repeatable'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: ApiServerFlags) => {
      const world = await session.open(command)
      const { printApiServer } = await import('../workflows/print-api-server.ts')
      const { warnings, text, ...rest } = await printApiServer(world, flags)
      for (const warning of warnings) world.progress.warn(warning)
      await world.report.result({ kind: 'ApiServerFlags', ...rest, text }, text)
    })
}
