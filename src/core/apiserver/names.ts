/** What `--for` takes, in the order of `--help`; here alone, so that `--help` loads no platform. */
export const PLATFORM_NAMES = [
  'flags',
  'systemd',
  'static-pod',
  'kubeadm',
  'kops',
  'k3s',
  'rke2',
  'talos',
  'k0s',
  'kind',
  'minikube',
  'microk8s',
  'kubespray',
  'cluster-api',
  'gardener',
  'openshift',
] as const
export type PlatformName = (typeof PLATFORM_NAMES)[number]

/** Not a platform: whichever the cluster says that it is. */
export const AUTO = 'auto'

/**
 * The steps that lead a running cluster to a new issuer or signer: `accept` the new ones beside the
 * old, `sign` with the new ones, `finish` by dropping the old.
 */
export const STAGES = ['accept', 'sign', 'finish'] as const
export type Stage = (typeof STAGES)[number]
