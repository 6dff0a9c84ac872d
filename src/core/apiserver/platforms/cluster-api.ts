import type { Fill } from '../../yaml-page.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import { asKey, asPair, firstOfEach, furtherOnes } from '../extra-args.ts'
import type { ApiServerSettings } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { keyFiles, keySecret, oldFiles, patchFile } from './cluster-api-files.ts'
import { KUBEADM_NEW_CLUSTER, KUBEADM_OWN, KUBEADM_PKI } from './kubeadm-keys.ts'
import { extraVolumes, oldVolumes } from './kubeadm-volumes.ts'
import { PATCHES_DIRECTORY } from './manifest-patch.ts'
import { oldValues } from './old-values.ts'

export const CLUSTER_API: Platform = {
  name: 'cluster-api',
  title: 'Cluster API',
  description: 'KubeadmControlPlane (v1beta2, or v1beta1 before 1.11) and a secret with the key',
  keyDir: `${KUBEADM_PKI}/irsa`,
  own: KUBEADM_OWN,
  // Written by it from the secret of the cluster (util/secret/certificates.go).
  newCluster: KUBEADM_NEW_CLUSTER,
  mayCarryPrivateKey: true,
  audiencesFollowIssuers: true,
  formats: {
    by: 'platform',
    newestMinor: 14,
    list: [
      { id: 'v1beta2', title: 'Cluster API 1.11 and later (v1beta2)', since: [11] },
      { id: 'v1beta1', title: 'Cluster API before 1.11 (v1beta1)' },
    ],
  },
  guide,
  pages,
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const controlPlane: Page = {
    template: `cluster-api-${situation.format}.yaml`,
    notes: headNotes(situation, settings),
    fills: fills(situation, settings),
  }
  return [controlPlane, ...keySecret(situation, settings)]
}

function fills(situation: Situation, settings: ApiServerSettings): Fill[] {
  const entry = situation.format === 'v1beta1' ? asKey : asPair
  const manager = controllerManagerFlags(settings)
  const further = furtherOnes(settings.flags)
  const patches = further.length === 0 ? [] : [{ key: 'directory', value: PATCHES_DIRECTORY }]
  const at = (...path: string[]): string[] => ['spec', 'kubeadmConfigSpec', ...path]
  const component = (name: string, field: string) => at('clusterConfiguration', name, field)
  return [
    { at: component('apiServer', 'extraArgs'), entries: firstOfEach(settings.flags).map(entry) },
    { at: component('apiServer', 'extraVolumes'), entries: extraVolumes(settings.flags) },
    { at: component('controllerManager', 'extraArgs'), entries: manager.map(entry) },
    { at: component('controllerManager', 'extraVolumes'), entries: extraVolumes(manager) },
    { at: at('files'), entries: [...keyFiles(situation, settings), ...patchFile(further)] },
    { at: at('initConfiguration', 'patches'), entries: patches },
    { at: at('joinConfiguration', 'patches'), entries: patches },
  ]
}

function guide({ phase }: Situation, settings: ApiServerSettings): Guide {
  return {
    takeOut: [
      ...oldValues(settings, 'apiServer.extraArgs', 'controllerManager.extraArgs'),
      ...oldVolumes(settings.flags, 'extraVolumes of both'),
      ...oldFiles(furtherOnes(settings.flags)),
    ],
    copy: [
      'Nothing is copied by hand: Cluster API writes them to every control-plane machine that it makes.',
    ],
    restart: [
      phase === 'new'
        ? 'Apply it in the management cluster: the secret first, where there is one, then the Cluster.'
        : 'Apply it in the management cluster. A changed KubeadmControlPlane replaces the control-plane machines, one after the other; wait until all of its replicas are up to date before the next stage. A secret that changes alone replaces nothing.',
      ...(phase === 'new' ? [] : ['  kubectl get kubeadmcontrolplane NAME --watch']),
    ],
    check: ['Both are questions to the workload cluster, not to the management cluster.'],
    cannot: [
      'Cluster API cannot change a machine that is there, only replace it: with a single control-plane machine and no room for a second one, the API is away for that long.',
    ],
  }
}
