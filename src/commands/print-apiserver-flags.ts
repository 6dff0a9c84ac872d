import type { ApiServerFlags } from '../workflows/print-api-server.ts'
import type { Option } from 'commander'
import { AUTO, PLATFORM_NAMES, STAGES } from '../core/apiserver/names.ts'
import { option, repeatable, repeatablePath } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Examples:
  # From irsa.yaml, for a cluster that kubeadm makes
  irsa print-apiserver-flags --for kubeadm > kubeadm.yaml

  # A running cluster, without downtime: three rounds over the control-plane nodes
  irsa print-apiserver-flags --for auto --stage accept > accept.yaml
  irsa print-apiserver-flags --for auto --stage sign > sign.yaml
  irsa print-apiserver-flags --for auto --stage finish > finish.yaml

  # The same where kubectl does not reach the cluster
  irsa print-apiserver-flags --for kubeadm --stage accept \\
    --previous-issuer https://kubernetes.default.svc.cluster.local

  # With flags alone
  irsa print-apiserver-flags --for k3s --issuer https://oidc.example.com`

const NAMES = [...PLATFORM_NAMES, AUTO]

/** How Kubernetes is run, and since when. */
const platformOptions = (): readonly Option[] => [
  option('--for <platform>', `how Kubernetes is run: ${NAMES.join(', ')}`).default('flags'),
  option('--kubernetes-version <version>', 'version of the cluster (default: the newest)'),
  option(
    '--platform-version <version>',
    'version of the platform, where it has one of its own (default: the newest)',
  ),
  option('--discovery-store <url>', 'for kops: let it publish at s3://bucket/folder itself'),
]

/** What the cluster is to use. */
const wishOptions = (): readonly Option[] => [
  option('--issuer <url>', 'issuer URL (default: the one in irsa.yaml)'),
  option('--host <host>', 'what serves the documents (default: as in irsa.yaml)').choices([
    's3',
    'directory',
    'cluster',
  ]),
  option('--key-dir <path>', 'folder of the key files on the control-plane nodes'),
  repeatable('--api-audience <audience>', 'audience of the API server; repeatable'),
  option(
    '--include-private-key',
    'print the private key where the platform takes it in its configuration',
  ),
]

/** What the cluster uses now. */
const runningOptions = (): readonly Option[] => [
  option(
    '--stage <stage>',
    'step of a change without downtime; without --previous-... the cluster is asked what it uses',
  ).choices([...STAGES]),
  repeatable('--previous-issuer <url>', 'issuer to keep accepting; repeatable'),
  repeatablePath(
    '--previous-key-file <path>',
    'public key on the nodes to keep verifying with; repeatable',
  ),
  option('--previous-signing-key-file <path>', 'private key on the nodes that signs until now'),
]

export const define: Define = (command, session) => {
  for (const made of [...platformOptions(), ...wishOptions(), ...runningOptions()]) {
    command.addOption(made)
  }
  command.addHelpText('after', EXAMPLES).action(async (flags: ApiServerFlags) => {
    const world = await session.open(command)
    const { printApiServer } = await import('../workflows/print-api-server.ts')
    const { warnings, text, ...rest } = await printApiServer(world, flags)
    for (const warning of warnings) world.progress.warn(warning)
    await world.report.result({ kind: 'ApiServerFlags', ...rest, text }, text)
  })
}
