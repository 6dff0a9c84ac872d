import { type Command, InvalidArgumentError } from 'commander'
import type { WebhookFlags } from '../workflows/webhook/print-webhook.ts'
import { AUDIENCE_FLAGS, option } from './options.ts'
import type { Define } from './session.ts'

const EXAMPLES = `
Without --renew nothing is asked of the cluster. What each line is for stands in the output. With
failure policy Ignore, pods start without credentials while the webhook is away; with Fail they
wait, except in kube-system, its own namespace and those of network add-ons.

Examples:
  # Certificate included; nothing has to be in the cluster
  irsa print-webhook --region eu-west-3 | kubectl apply -f -

  # Before the certificate expires; the old authority is read from the cluster and kept
  irsa print-webhook --renew | kubectl apply -f -

  # Another setting on a running installation: what is trusted now stays so
  kubectl get mutatingwebhookconfiguration pod-identity-webhook -o yaml > old.yaml
  irsa print-webhook --ca-bundle old.yaml --replicas 3 | kubectl apply -f -

  # cert-manager makes and renews the certificate; a folder for kubectl apply -k, or for git
  irsa print-webhook --certificate cert-manager --out-dir webhook --kustomize`

export const define: Define = (command, session) => {
  addCertificateOptions(addInstallationOptions(command))
    .addOption(option('--out-dir <folder>', 'write one file per object instead'))
    .addOption(option('--kustomize', 'with --out-dir: write a kustomization.yaml, too'))
    .addHelpText('after', EXAMPLES)
    .action(async (flags: WebhookFlags) => {
      const world = await session.open(command)
      const [{ printWebhook }, { reportWebhook }] = await Promise.all([
        import('../workflows/webhook/print-webhook.ts'),
        import('./webhook-report.ts'),
      ])
      await reportWebhook(world, await printWebhook(world, flags), flags, command)
    })
}

const addInstallationOptions = (command: Command): Command =>
  command
    .addOption(
      option(
        '--namespace <namespace>',
        'where it runs (default: pod-identity-webhook, of its own, so that nothing else depends on it)',
      ),
    )
    .addOption(option('--name <name>', 'name of its objects (default: pod-identity-webhook)'))
    .addOption(option('--image <image>', "container image (default: AWS's own, v0.6.17)"))
    .addOption(option('--image-digest <digest>', 'sha256:… to be appended to the image'))
    .addOption(
      option('--replicas <number>', 'how many (default: 2)').argParser(wholeNumber(1, 100)),
    )
    .addOption(option(AUDIENCE_FLAGS, 'audience of the tokens (default: sts.amazonaws.com)'))
    .addOption(
      option('--failure-policy <policy>', 'what happens to new pods while it is away')
        .choices(['Ignore', 'Fail'])
        .default('Ignore'),
    )
    .addOption(option('--watch-config-map', 'read roles from a ConfigMap as well'))

const addCertificateOptions = (command: Command): Command =>
  command
    .addOption(
      option('--certificate <kind>', 'where the certificate comes from')
        .choices(['self-signed', 'cert-manager', 'existing'])
        .default('self-signed'),
    )
    .addOption(
      option(
        '--certificate-days <number>',
        'how long a self-signed one and its authority are valid (default: 1825)',
      ).argParser(wholeNumber(1, 3650)),
    )
    .addOption(option('--secret-name <name>', 'Secret of the certificate (default: NAME-cert)'))
    .addOption(
      option(
        '--ca-bundle <file>',
        'what the API server trusts now: certificates, or the MutatingWebhookConfiguration',
      ),
    )
    .addOption(option('--renew', 'print only what a new certificate changes'))

const wholeNumber = (least: number, most: number) => (text: string) => {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most) {
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`)
  }
  return number
}
