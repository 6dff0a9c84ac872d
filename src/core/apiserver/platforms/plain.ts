import type { ApiServerSettings } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, LinePage, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { shellWord } from '../../shell.ts'

/** Nothing but flags, for whatever starts kube-apiserver with a command line. */
export const PLAIN: Platform = {
  name: 'flags',
  title: 'A command line of kube-apiserver',
  description: 'plain flags, one per line, for anything that starts kube-apiserver itself',
  keyDir: '/etc/kubernetes/pki/irsa',
  own: {},
  audiencesFollowIssuers: true,
  guide: () => GUIDE,
  pages: (situation, settings) => [page(situation, settings)],
}

const GUIDE: Guide = {
  takeOut: [],
  copy: [
    'Copy the files to every control-plane node yourself, owned by the user that runs kube-apiserver, before it starts there.',
  ],
  restart: ['Restart kube-controller-manager as well where its flag changes.'],
  check: [],
  cannot: [],
}

function page(situation: Situation, settings: ApiServerSettings): LinePage {
  return {
    notes: [
      'Flags of kube-apiserver, for pods that hold AWS credentials. Order matters. Take away the flags of the same names that are there now.',
      ...headNotes(situation, settings),
      ...keptSigner(situation, settings),
      ...controllerManagerNote(settings),
    ],
    lines: settings.flags.map(({ name, value, why }) => ({
      text: `--${name}=${shellWord(value)}`,
      why,
    })),
  }
}

function keptSigner({ signer, phase }: Situation, { flags }: ApiServerSettings): string[] {
  if (flags.some(({ name }) => name === 'service-account-signing-key-file')) return []
  if (signer !== undefined && phase !== 'accept') return []
  return [
    'Keep the --service-account-signing-key-file that is there now; it is not among these flags.',
  ]
}

const controllerManagerNote = ({ controllerManagerKey: path }: ApiServerSettings): string[] =>
  path === undefined
    ? []
    : [
        'kube-controller-manager signs the tokens that are kept in secrets, and should use the same key:',
        `  --service-account-private-key-file=${shellWord(path)}`,
      ]
