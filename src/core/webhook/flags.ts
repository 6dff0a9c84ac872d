import type { WebhookSettings } from './settings.ts'

/** One flag of the webhook, as `--name=value`, and why it is given. */
export interface WebhookFlag {
  readonly value: string
  readonly why?: string | undefined
}

/** Where the Secret is mounted; the webhook's own default. */
const CERTIFICATES = '/etc/webhook/certs'

/**
 * The arguments of the webhook (main.go of aws/amazon-eks-pod-identity-webhook v0.6.17), those that
 * are its default among them where everything else here depends on it.
 */
export function webhookFlags(settings: WebhookSettings): WebhookFlag[] {
  const { name, namespace, audience, region, watchConfigMap } = settings
  return [
    {
      value: '--in-cluster=false',
      why: "The default, true, has the webhook request its certificate from an API of Kubernetes that is gone. Either way it reaches the API server with this pod's service account.",
    },
    { value: `--tls-cert=${CERTIFICATES}/tls.crt`, why: 'Read again whenever they change.' },
    { value: `--tls-key=${CERTIFICATES}/tls.key` },
    { value: '--port=8443' },
    { value: '--metrics-port=9999' },
    { value: `--namespace=${namespace}` },
    { value: `--service-name=${name}` },
    { value: '--annotation-prefix=eks.amazonaws.com' },
    {
      value: `--token-audience=${audience}`,
      why: 'The audience of the tokens, where the service account is not annotated with another.',
    },
    {
      value: '--service-account-lookup-grace-period=1s',
      why: 'With the default, 0, a pod that is created right after its service account stays without credentials.',
    },
    ...(region === undefined ? [] : regionFlags(region)),
    ...(watchConfigMap ? [{ value: '--watch-config-map=true' }] : []),
  ]
}

const regionFlags = (region: string): WebhookFlag[] => [
  {
    value: `--aws-default-region=${region}`,
    why: 'For containers that set neither AWS_REGION nor AWS_DEFAULT_REGION themselves, with STS asked in that region.',
  },
  { value: '--sts-regional-endpoint=true' },
]
