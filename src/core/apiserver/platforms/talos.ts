import type { ApiServerSettings } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { documentPages } from './talos-document.ts'
import { extraArgs, serviceAccountKey } from './talos-machine-config.ts'

export const TALOS: Platform = {
  name: 'talos',
  title: 'Talos',
  description: 'the machine configuration of control-plane nodes (before 1.13, 1.13, 1.14)',
  // Files of a key are denied among extraArgs; its content stands in the machine configuration.
  keyDir: '',
  own: {},
  keys: { inline: { private: 'issuer.privateKey', public: 'accepted.publicKeys' } },
  mayCarryPrivateKey: true,
  // With KubeServiceAccountConfig only; before, they are the address of the control plane.
  audiencesFollowIssuers: true,
  refusesAnonymous: true,
  formats: {
    by: 'platform',
    list: [
      { id: 'document', title: 'Talos 1.14 and later (KubeServiceAccountConfig)', since: [14] },
      { id: 'lists', title: 'Talos 1.13 (lists in extraArgs)', since: [13] },
      { id: 'strings', title: 'Talos before 1.13 (one issuer)' },
    ],
    newestMinor: 14,
  },
  adapted,
  abilities: ({ format }) => ({
    severalIssuers: format !== 'strings',
    severalKeys: format === 'document',
  }),
  guide,
  pages,
}

/** Before 1.14: one key, as base64, and audiences of their own (control_plane_static_pod.go). */
const LEGACY: Platform = {
  ...TALOS,
  keys: { inline: { private: 'cluster.serviceAccount.key', public: '' } },
  audiencesFollowIssuers: false,
}

/** From 1.14 on anonymous requests are no flag any more (pkg/machinery/config/types/k8s/apiserver.go). */
const DOCUMENT: Platform = { ...TALOS, lacks: ['anonymous-auth'] }

function adapted(situation: Situation): Situation {
  return { ...situation, platform: situation.format === 'document' ? DOCUMENT : LEGACY }
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const notes = headNotes(situation, settings)
  if (situation.format === 'document') return documentPages(situation, settings, notes)
  return [
    {
      template: 'talos.yaml',
      notes,
      fills: [
        {
          at: ['cluster', 'apiServer', 'extraArgs'],
          entries: extraArgs(settings.flags, situation.format === 'lists'),
        },
        { at: ['cluster', 'serviceAccount'], entries: serviceAccountKey(situation) },
      ],
    },
  ]
}

function guide(situation: Situation): Guide {
  const { format } = situation
  return {
    takeOut: [],
    copy: copyNotes(situation),
    restart: [
      ...applyNotes(situation),
      'Talos writes the static pods anew, and kubelet restarts kube-apiserver and kube-controller-manager; no node reboots.',
    ],
    check: [
      '  kubectl -n kube-system get pods -l k8s-app=kube-apiserver -o yaml | grep service-account',
    ],
    cannot: [
      ...(format === 'strings' ? [NO_LISTS] : []),
      ...(format === 'document' ? [] : [ONE_KEY]),
    ],
  }
}

function copyNotes({ format, phase }: Situation): string[] {
  if (phase === 'new') {
    return [
      'talosctl gen secrets makes a key of its own: this one takes its place on all control-plane nodes. Keep the configuration as secret as the secrets bundle.',
    ]
  }
  return [
    'The configuration of every control-plane node carries them. kube-controller-manager signs with the private key by itself.',
    ...(phase === 'finish' && format === 'document' ? [KEEP_PREVIOUS] : []),
  ]
}

const KEEP_PREVIOUS =
  'A previous public key belongs into accepted.publicKeys for as long as tokens of it are in use. With --previous-key-file (any path) there is a line for it, if it is not there already.'

const NO_LISTS =
  'A second issuer. Talos 1.13 takes lists in extraArgs: upgrade first, and a change of the issuer costs nothing. Then pass --platform-version 1.13 or newer.'

const ONE_KEY =
  'A second key. Talos denies service-account-key-file in extraArgs, and verifies with cluster.serviceAccount.key alone. From Talos 1.14 on there is accepted.publicKeys: upgrade first, or keep the key of the cluster.'

function applyNotes({ format, phase, input }: Situation): string[] {
  const file = input.servesDocuments === true ? [WHICH_FILE] : []
  if (phase === 'new') {
    return [
      'Give it to talosctl gen config, before the first node starts:',
      '  talosctl gen config NAME ENDPOINT --config-patch-control-plane @FILE',
      ...file,
    ]
  }
  return [
    'On one control-plane node after the other:',
    '  talosctl -n NODE patch machineconfig --patch @FILE',
    ...file,
    ...(format === 'document' ? [EXTRA_ARGS, ...EXTRA_ARGS_PATCHES, STAY] : []),
  ]
}

const WHICH_FILE = 'FILE is what follows without the ClusterRoleBinding, which kubectl applies.'

/** They win over the document (internal/app/machined/pkg/controllers/k8s/control_plane_final.go). */
const EXTRA_ARGS =
  'In a cluster that was set up before 1.14, look into cluster.apiServer.extraArgs, too: service-account-issuer and api-audiences there would win, so they leave in the same step. Put these before the other patch, each where there is such a line:'

const EXTRA_ARGS_PATCHES = ['service-account-issuer', 'api-audiences'].map(
  (name) => `    --patch '{cluster: {apiServer: {extraArgs: {${name}: {$patch: delete}}}}}' \\`,
)

const STAY =
  'Such a cluster can also keep its key in cluster.serviceAccount, and take the form of Talos 1.13 (--platform-version 1.13), which 1.14 still reads there. It verifies with this one key.'
