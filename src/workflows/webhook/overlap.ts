import { renewalCommand, type WebhookSettings } from '../../core/webhook/settings.ts'

/** Said where the certificate of a running installation is replaced. */
export const ORDER: readonly string[] = [
  'The order is what keeps requests going: first the API server trusts both authorities, then the Secret brings the new certificate. The kubelets pass it on within a minute or two and the webhook reads it by itself; nothing has to be restarted.',
  // `for _, info := range infos` in k8s.io/kubectl, pkg/cmd/apply/apply.go, collects the errors.
  'kubectl applies the Secret even where this configuration was refused. Files, which --out-dir writes, can be applied one by one.',
  'The next renewal leaves out what has expired by then. The old authorities can go sooner: every replica has the new certificate some minutes after this was applied.',
]

/** Said where nothing is known of an installation before. */
export const firstTime = (settings: WebhookSettings): readonly string[] => [
  `This is for a first installation. Where the webhook runs already, authority and certificate are replaced at once, and until the kubelets have passed the certificate on, for a minute or two, ${missed(settings)}. What keeps the old authority as well:`,
  `  ${renewalCommand(settings)}`,
  'For other settings, give --ca-bundle the configuration that the cluster has.',
]

const missed = ({ failurePolicy }: WebhookSettings): string =>
  failurePolicy === 'Ignore' ? 'pods start without credentials' : 'no pods can be created'
