import { controllerManagerFlags } from '../controller-manager.ts'
import { flagNames } from '../extra-args.ts'
import type { ApiServerSettings } from '../flags.ts'

/**
 * What goes before the flags come in, as `Guide.takeOut` wants it.
 *
 * @param server where the configuration has the flags of kube-apiserver
 * @param manager where it has those of kube-controller-manager
 */
export const oldValues = (
  settings: ApiServerSettings,
  server: string,
  manager: string,
): string[] => [
  `every value of ${flagNames(settings.flags).join(', ')} in ${server}`,
  ...flagNames(controllerManagerFlags(settings)).map((name) => `${name} in ${manager}`),
]
