import type { Entry } from '../../yaml-page.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import { asKey, firstOfEach, furtherOnes } from '../extra-args.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import type { NodeFile } from '../keys.ts'
import { headNotes } from '../notes.ts'
import { folderOf } from '../paths.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import { type Situation, unique } from '../situation.ts'
import { oldVolumes, unmountedFolders, whyVolume } from './kubeadm-volumes.ts'
import { appendFlag, PATCHES_DIRECTORY } from './manifest-patch.ts'
import { oldValues } from './old-values.ts'

/** kube_cert_dir, which kubespray gives to kubeadm instead of the usual folder. */
const SSL = '/etc/kubernetes/ssl'

export const KUBESPRAY: Platform = {
  name: 'kubespray',
  title: 'kubespray',
  description: 'variables of the inventory (kube_kubeadm_apiserver_extra_args, kubeadm_patches)',
  keyDir: `${SSL}/irsa`,
  own: { keyFile: `${SSL}/sa.pub`, signingKeyFile: `${SSL}/sa.key` },
  newCluster: { privateKey: `${SSL}/sa.key`, publicKey: `${SSL}/sa.pub` },
  audiencesFollowIssuers: true,
  guide,
  pages: (situation, settings) => [page(situation, settings)],
}

function page(situation: Situation, settings: ApiServerSettings): Page {
  const manager = controllerManagerFlags(settings)
  return {
    template: 'kubespray.yaml',
    notes: headNotes(situation, settings),
    fills: [
      {
        at: ['kube_kubeadm_apiserver_extra_args'],
        entries: firstOfEach(settings.flags).map(asKey),
      },
      { at: ['apiserver_extra_volumes'], entries: volumes(settings.flags) },
      { at: ['kube_kubeadm_controller_extra_args'], entries: manager.map(asKey) },
      { at: ['controller_manager_extra_volumes'], entries: volumes(manager) },
      { at: ['kubeadm_patches'], entries: furtherOnes(settings.flags).map(patch) },
    ],
  }
}

const volumes = (flags: readonly Flag[]): Entry[] =>
  unmountedFolders(flags, SSL).map(({ name, path }) => ({
    value: { name, hostPath: path, mountPath: path, readOnly: true },
    why: whyVolume(SSL),
  }))

/** One file of kubeadm's folder of patches each, numbered in this order. */
function patch(flag: Flag): Entry {
  const { value, why } = appendFlag(flag)
  return { value: { target: 'kube-apiserver', type: 'json', patch: [value] }, why }
}

function guide({ phase }: Situation, settings: ApiServerSettings): Guide {
  return {
    takeOut: [
      ...oldValues(
        settings,
        'kube_kubeadm_apiserver_extra_args',
        'kube_kubeadm_controller_extra_args',
      ),
      'the entries of kubeadm_patches that append them',
      ...oldVolumes(
        settings.flags,
        'apiserver_extra_volumes and controller_manager_extra_volumes',
        SSL,
      ),
    ],
    copy: [
      'This copies the files to every control-plane node of the inventory; before a new one joins, it is needed again:',
      ...copyCommands(settings.files),
    ],
    restart:
      phase === 'new'
        ? ['cluster.yml gives all of this to kubeadm when it makes the cluster.']
        : [
            ...OLD_PATCHES,
            'For a cluster that runs, upgrade-cluster.yml writes the manifests anew, on one control-plane node after the other. cluster.yml leaves them as they are, and with -e upgrade_cluster_setup=true it changes all nodes at the same time.',
            '  ansible-playbook -b -i INVENTORY upgrade-cluster.yml',
          ],
    check: [
      '  kubectl -n kube-system get pods -l component=kube-apiserver -o yaml | grep service-account',
    ],
    cannot: [],
  }
}

/** kubernetes-sigs/kubespray 13019 */
const OLD_PATCHES = [
  'kubespray before 2.31 leaves the files of patches that kubeadm_patches no longer has on the nodes, where kubeadm goes on applying them. This takes them away; those that are still in kubeadm_patches are written anew:',
  ...ansible('shell', `rm -f ${PATCHES_DIRECTORY}/kube-apiserver*+json.yaml`),
]

/** ansible.builtin.copy makes no folders for the file it copies to. */
function copyCommands(files: readonly NodeFile[]): string[] {
  const folders = unique(files.map(({ path }) => folderOf(path)))
  return [
    ...folders.flatMap((path) => ansible('file', `path=${path} state=directory`)),
    ...files.flatMap(({ path, from, private: secret }) =>
      ansible('copy', `src=${from} dest=${path} mode=${secret ? '0600' : '0644'}`),
    ),
  ]
}

function ansible(module: string, args: string): string[] {
  return [`  ansible -b -i INVENTORY kube_control_plane -m ${module} \\`, `    -a '${args}'`]
}
