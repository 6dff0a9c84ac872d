import type { ApiServerSettings } from '../flags.ts'
import type { Guide } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { KUBEADM_NEW_CLUSTER } from './kubeadm-keys.ts'
import { oldVolumes } from './kubeadm-volumes.ts'
import { PATCH_FILE, PATCHES_DIRECTORY } from './manifest-patch.ts'
import { oldValues } from './old-values.ts'

/**
 * How a configuration of kubeadm gets into force, before "kubeadm init" and after it.
 *
 * @param patched whether it comes with a patch
 */
export function kubeadmGuide(
  { phase }: Situation,
  settings: ApiServerSettings,
  patched: boolean,
): Guide {
  return {
    takeOut: [
      ...oldValues(settings, 'apiServer.extraArgs', 'controllerManager.extraArgs'),
      ...oldVolumes(settings.flags, 'extraVolumes of both'),
      ...(patched ? [] : [OLD_PATCH]),
    ],
    copy: [copyNote(settings)],
    restart: [...(phase === 'new' ? [] : rewriteNotes(settings)), MANIFEST_NOTE],
    check: [
      '  kubectl -n kube-system get pods -l component=kube-apiserver -o yaml | grep service-account',
    ],
    cannot: [],
  }
}

/** It would append its values again, with every manifest that kubeadm writes. */
const OLD_PATCH = `the patch ${PATCHES_DIRECTORY}/${PATCH_FILE} on every control-plane node, or what it says of these flags, and where nothing else is left in that folder, the lines that name it (patches of InitConfiguration, JoinConfiguration and UpgradeConfiguration, --patches of "kubeadm upgrade")`

const MANIFEST_NOTE =
  'kubelet restarts a static pod when its manifest changes; a changed key file alone restarts nothing.'

function copyNote({ files }: ApiServerSettings): string {
  const carried = new Set<string>(Object.values(KUBEADM_NEW_CLUSTER))
  return files.every(({ path }) => carried.has(path))
    ? 'Copy the files to the first control-plane node before "kubeadm init", which keeps a key that is there. The others get them from "kubeadm init --upload-certs" and "kubeadm join --certificate-key". kube-controller-manager signs with sa.key by itself.'
    : 'Copy the files to each control-plane node yourself, also before "kubeadm join": "--upload-certs" carries sa.key and sa.pub only.'
}

/** kubeadm has no command that changes a running cluster; these are the phases that do it. */
const rewriteNotes = ({ controllerManagerKey }: ApiServerSettings): string[] => [
  'To change a running cluster, take its configuration, merge this into it, and let each control-plane node write its manifest from it, one node after the other. The last command keeps the configuration for upgrades and joins, which would undo a manifest that was merely edited:',
  "  kubectl -n kube-system get cm kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' > FILE",
  '  kubeadm init phase control-plane apiserver --config FILE',
  ...(controllerManagerKey === undefined
    ? []
    : ['  kubeadm init phase control-plane controller-manager --config FILE']),
  '  kubeadm init phase upload-config kubeadm --config FILE',
  'Where an API server listens on another address than that of the default route, FILE also needs an InitConfiguration that names it in localAPIEndpoint.advertiseAddress, on each node its own.',
]
