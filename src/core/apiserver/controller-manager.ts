import type { ApiServerSettings, Flag } from './flags.ts'

/** The flag of kube-controller-manager that goes with the signing key, where that one changes. */
export function controllerManagerFlags({ controllerManagerKey }: ApiServerSettings): Flag[] {
  if (controllerManagerKey === undefined) return []
  return [
    {
      name: 'service-account-private-key-file',
      value: controllerManagerKey,
      why: 'Signs the tokens that are kept in secrets; the same key, so that one public key verifies all.',
    },
  ]
}
