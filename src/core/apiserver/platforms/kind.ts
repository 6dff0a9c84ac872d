import type { Entry, Fill } from '../../yaml-page.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import { asKey, asPair, firstOfEach, furtherOnes } from '../extra-args.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import type { NodeFile } from '../keys.ts'
import { headNotes } from '../notes.ts'
import type { Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { kindGuide } from './kind-guide.ts'
import { KUBEADM_NEW_CLUSTER, KUBEADM_OWN, KUBEADM_PKI } from './kubeadm-keys.ts'
import { appendFlag, PATCH_FILE } from './manifest-patch.ts'

export const KIND: Platform = {
  name: 'kind',
  title: 'kind',
  description: 'Cluster configuration with patches of kubeadm (v1beta4, or v1beta3 before 1.36)',
  keyDir: `${KUBEADM_PKI}/irsa`,
  mounted: KUBEADM_PKI,
  own: KUBEADM_OWN,
  newCluster: KUBEADM_NEW_CLUSTER,
  audiencesFollowIssuers: true,
  // Which kubeadm API it writes (kind pkg/cluster/internal/kubeadm/config.go).
  formats: {
    by: 'kubernetes',
    list: [
      { id: 'v1beta4', title: 'node images of Kubernetes 1.36 and later (kind 0.32)', since: [36] },
      { id: 'v1beta3', title: 'node images of Kubernetes 1.23 to 1.35' },
    ],
  },
  warnings: ({ phase }) => (phase === 'new' ? [] : [ONLY_NEW]),
  guide: kindGuide,
  pages,
}

const ONLY_NEW =
  'kind changes nothing in a cluster that exists: this makes another one. One that has to stay is changed in its nodes, which are containers: docker cp the key files, docker exec -it NODE sh, and do there what --for static-pod says.'

/** Beside the configuration on this machine, and where the node sees it. */
const PATCHES_HERE = 'irsa-patches'
const PATCHES_THERE = '/kind/irsa-patches'

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const further = situation.format === 'v1beta4' ? [] : furtherOnes(settings.flags)
  const config: Page = {
    template: 'kind.yaml',
    notes: headNotes(situation, settings),
    fills: fills(situation, settings, further.length > 0),
  }
  if (further.length === 0) return [config]
  const operations = { at: [], entries: further.map(appendFlag) }
  return [config, { template: 'kind-patch.yaml', notes: [], fills: [operations] }]
}

function fills(situation: Situation, settings: ApiServerSettings, patched: boolean): Fill[] {
  const manager = controllerManagerFlags(settings)
  const mounts = settings.files.map(keyMount)
  const list = situation.format === 'v1beta4'
  return [
    {
      at: ['nodes', 0, 'extraMounts'],
      entries: patched ? [...mounts, PATCHES_MOUNT] : mounts,
    },
    {
      at: ['nodes', 0, 'kubeadmConfigPatches'],
      entries: patched ? ['InitConfiguration', 'JoinConfiguration'].map(patchesDirectory) : [],
    },
    {
      at: ['kubeadmConfigPatches'],
      entries: list ? [] : [mergePatch(firstOfEach(settings.flags), manager)],
    },
    {
      at: ['kubeadmConfigPatchesJSON6902'],
      entries: list ? [jsonPatch(settings.flags, manager)] : [],
    },
  ]
}

const keyMount = ({ path, from, private: secret }: NodeFile): Entry => ({
  value: { hostPath: from, containerPath: path, readOnly: true },
  why: secret
    ? 'The private key. kubeadm keeps a key that is there, and never makes one beside it.'
    : 'Its public half, or another key to verify with.',
})

const PATCHES_MOUNT: Entry = {
  value: { hostPath: PATCHES_HERE, containerPath: PATCHES_THERE, readOnly: true },
  why: `The folder with ${PATCH_FILE}, which is below.`,
}

/** On the node alone: a worker would look for the folder as well, and not find it. */
const patchesDirectory = (kind: string): Entry => ({
  value: {
    template: `kind: ${kind}\npatches: {}\n`,
    fills: [{ at: ['patches'], entries: [{ key: 'directory', value: PATCHES_THERE }] }],
  },
  why: `Where kubeadm finds what a map cannot hold, on the node that ${kind === 'InitConfiguration' ? 'starts the cluster' : 'joins it'}.`,
})

/** For v1beta3, whose extraArgs is a map. */
const mergePatch = (flags: readonly Flag[], manager: readonly Flag[]): Entry => ({
  value: {
    template: `kind: ClusterConfiguration\napiServer:\n  extraArgs: {}\ncontrollerManager:\n  extraArgs: {}\n`,
    fills: [
      { at: ['apiServer', 'extraArgs'], entries: flags.map(asKey) },
      { at: ['controllerManager', 'extraArgs'], entries: manager.map(asKey) },
    ],
  },
  why: 'Merged into what kind gives to kubeadm.',
})

/**
 * For v1beta4: a merge patch would keep the last of several values (kind
 * pkg/internal/patch/kubeadm_merge.go). Without group and version it is tried on every version, so
 * that an older kind fails instead of leaving it out.
 */
const jsonPatch = (flags: readonly Flag[], manager: readonly Flag[]): Entry => ({
  value: {
    kind: 'ClusterConfiguration',
    patch: {
      template: '[]',
      fills: [
        {
          at: [],
          entries: [
            ...flags.map((flag) => appended('apiServer', flag)),
            ...manager.map((flag) => appended('controllerManager', flag)),
          ],
        },
      ],
    },
  },
  why: 'A JSON patch, because the merge patches of kind keep one value of each flag.',
})

function appended(component: string, flag: Flag): Entry {
  const { value, why } = asPair(flag)
  return { value: { op: 'add', path: `/${component}/extraArgs/-`, value }, why }
}
