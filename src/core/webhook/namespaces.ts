import type { WebhookSettings } from './settings.ts'

/**
 * Namespaces whose pods must start while the webhook does not: of the control plane, and of the
 * networks that run in a namespace of their own (Calico with its operator, Flannel). The others run
 * in kube-system.
 */
const FIRST = ['calico-system', 'kube-flannel', 'kube-system', 'tigera-operator']

/** Without cert-manager there is no certificate, and without one no webhook. */
const CERT_MANAGER = 'cert-manager'

/** The namespaces that never wait for the webhook, for a failure policy under which others do. */
export const firstNamespaces = (
  { namespace }: Pick<WebhookSettings, 'namespace'>,
  certManager: boolean,
): string[] =>
  [...new Set([...FIRST, namespace, ...(certManager ? [CERT_MANAGER] : [])])].toSorted()
