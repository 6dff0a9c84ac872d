import { shellWord } from '../../shell.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, LinePage, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { minikubeFiles } from './minikube-files.ts'

const CERTS = '/var/lib/minikube/certs'

export const MINIKUBE: Platform = {
  name: 'minikube',
  title: 'minikube',
  description: 'a script that starts it with --extra-config (one issuer)',
  keyDir: `${CERTS}/irsa`,
  mounted: CERTS,
  own: { keyFile: `${CERTS}/sa.pub`, signingKeyFile: `${CERTS}/sa.key` },
  newCluster: { privateKey: `${CERTS}/sa.key`, publicKey: `${CERTS}/sa.pub` },
  audiencesFollowIssuers: true,
  // It keeps --extra-config in a map (minikube pkg/minikube/bootstrapper/bsutil/extraconfig.go), but
  // one key file may hold several keys (client-go util/keyutil/key.go).
  abilities: () => ({ severalIssuers: false, severalKeys: true }),
  joinedKeyFile: ({ keyDir }) => `${keyDir}/all-keys.pub`,
  guide,
  pages: (situation, settings) => [page(situation, settings)],
}

function page(situation: Situation, settings: ApiServerSettings): LinePage {
  return {
    notes: [
      'A script that starts minikube, for pods that hold AWS credentials: sh FILE. Paths of key files are as seen from where it runs.',
      ...headNotes(situation, settings),
    ],
    lines: [
      { text: 'set -eu', why: 'Stops at the first thing that fails.' },
      ...minikubeFiles(situation, settings),
      { text: 'set --', why: 'The arguments of minikube start, one after the other.' },
      ...settings.flags.map((flag) => extraConfig('apiserver', flag)),
      ...controllerManagerFlags(settings).map((flag) => extraConfig('controller-manager', flag)),
      { text: 'minikube start "$@"', why: START },
    ],
  }
}

const START =
  'Add whatever else you start it with, also every other --extra-config: those of earlier starts are forgotten as soon as one is given.'

const extraConfig = (component: string, { name, value, why }: Flag) => ({
  text: `set -- "$@" \\\n  ${shellWord(`--extra-config=${component}.${name}=${value}`)}`,
  why,
})

function guide({ phase, input }: Situation): Guide {
  return {
    takeOut: [],
    copy: [
      'minikube start copies what is in the folder "files" of its home to the same path on each node. The script puts the files there, and takes them away again: the folder is copied into every other cluster of minikube as well, where a sa.key would void every token.',
    ],
    restart: [
      phase === 'new'
        ? 'minikube start starts all of it with this configuration.'
        : 'minikube start restarts the control plane of a cluster that runs when its configuration differs.',
    ],
    check: ['  minikube kubectl -- -n kube-system get pods -l component=kube-apiserver -o yaml'],
    cannot: [
      'minikube cannot hold a flag twice, so it accepts one issuer, and all keys to verify with stand in one file. Where no token may be refused while the issuer changes, make another cluster beside it (minikube start -p NAME) and move what runs there; where nothing in it matters, minikube delete comes first, and nothing is left.',
      ...(input.servesDocuments === true
        ? [
            'STS cannot reach an API server that listens on this machine only: publish the documents.',
          ]
        : []),
    ],
  }
}
