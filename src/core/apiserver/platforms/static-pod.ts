import type { Entry } from '../../yaml-page.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import { namePattern } from '../extra-args.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Stage } from '../names.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { KUBEADM_OWN, KUBEADM_PKI } from './kubeadm-keys.ts'
import { unmountedFolders } from './kubeadm-volumes.ts'
import { appendFlag } from './manifest-patch.ts'

/** Manifests that nothing but their owner writes: a JSON patch for each (RFC 6902). */
export const STATIC_POD: Platform = {
  name: 'static-pod',
  title: 'A static pod',
  description: 'JSON patches for /etc/kubernetes/manifests, where no tool writes them',
  keyDir: `${KUBEADM_PKI}/irsa`,
  // Almost every manifest has once been written by kubeadm.
  own: KUBEADM_OWN,
  audiencesFollowIssuers: true,
  guide,
  pages,
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const { stage } = situation.input
  const manager = controllerManagerFlags(settings)
  const apiServer: Page = {
    template: 'static-pod.yaml',
    notes: headNotes(situation, settings),
    fills: [
      {
        at: [],
        entries: [...settings.flags.map(appendFlag), ...mounts(settings.flags, stage, 'accept')],
      },
    ],
  }
  if (manager.length === 0) return [apiServer]
  const entries = [...manager.map(appendFlag), ...mounts(manager, stage, 'sign')]
  return [
    apiServer,
    { template: 'static-pod-manager.yaml', notes: [], fills: [{ at: [], entries }] },
  ]
}

/**
 * A volume and its mount for each folder that the pods of kubeadm do not see. Through the stages they
 * are added by the first that needs them, since Kubernetes refuses a volume's name twice.
 */
function mounts(flags: readonly Flag[], stage: Stage | undefined, first: Stage): Entry[] {
  if (stage !== undefined && stage !== first) return []
  return unmountedFolders(flags).flatMap(({ name, path }) => [
    {
      value: {
        op: 'add',
        path: '/spec/volumes/-',
        value: { name, hostPath: { path, type: 'Directory' } },
      },
      why: `Shows the folder of the keys to the pod. Leave it out, and the mount below, where the manifest has it already; most have ${KUBEADM_PKI} only.`,
    },
    {
      value: {
        op: 'add',
        path: '/spec/containers/0/volumeMounts/-',
        value: { name, mountPath: path, readOnly: true },
      },
      why: 'Mounts it where the flags look for it.',
    },
  ])
}

function guide(_situation: Situation, settings: ApiServerSettings): Guide {
  return {
    takeOut: [],
    copy: [
      'Copy the files to each control-plane node yourself, and to every one that comes later.',
    ],
    restart: [
      'On one control-plane node after the other, with this patch there as PATCH: take the flags of the same names out, add the new ones, and read the difference before the result takes the place of the manifest. kubelet restarts the pod then:',
      ...commands('kube-apiserver', settings.flags),
      ...managerNotes(settings),
      'Keep no copy in /etc/kubernetes/manifests: kubelet runs every file there whose name does not start with a dot, a backup as well.',
      'By hand it is the same: each value that starts with "--" is a line of "command" ("args" in some manifests), in this order.',
    ],
    check: ['  kubectl -n kube-system get pods -l component=kube-apiserver'],
    cannot: [
      'A JSON patch cannot take out a flag by its name, so the patch alone is not enough: an issuer that stays above the new one goes on signing.',
      'An edited manifest does not outlive kubeadm, which writes it anew with every upgrade. Where kubeadm runs the cluster, use --for kubeadm.',
    ],
  }
}

function managerNotes(settings: ApiServerSettings): string[] {
  const flags = controllerManagerFlags(settings)
  if (flags.length === 0) return []
  return [
    'Then the same for kube-controller-manager, with the second patch as PATCH:',
    ...commands('kube-controller-manager', flags),
  ]
}

/** Runs without a cluster: "--local" touches nothing but the file. kubeadm gives it the mode 0600. */
const commands = (pod: string, flags: readonly Flag[]): string[] => [
  `  MANIFEST=/etc/kubernetes/manifests/${pod}.yaml`,
  `  FLAGS='${namePattern(flags)}'`,
  '  grep -vE -e "--($FLAGS)=" $MANIFEST > OLD',
  '  kubectl patch --local -f OLD --type json --patch-file PATCH -o yaml > NEW',
  '  diff $MANIFEST NEW',
  '  install -m 0600 NEW $MANIFEST && rm OLD NEW',
]
