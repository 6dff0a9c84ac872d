import { controllerManagerFlags } from '../controller-manager.ts'
import { flagNames } from '../extra-args.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, LinePage, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'

const FOLDER = '/var/lib/kubernetes'

/** A kube-apiserver.service as "Kubernetes the hard way" writes it: ExecStart over many lines. */
export const SYSTEMD: Platform = {
  name: 'systemd',
  title: 'A unit of systemd',
  description: 'lines for ExecStart of kube-apiserver.service (Kubernetes the hard way)',
  keyDir: `${FOLDER}/irsa`,
  // A certificate, of which kube-apiserver takes the public key (units/kube-apiserver.service).
  own: {
    keyFile: `${FOLDER}/service-accounts.crt`,
    signingKeyFile: `${FOLDER}/service-accounts.key`,
  },
  audiencesFollowIssuers: true,
  guide,
  pages: (situation, settings) => [page(situation, settings)],
}

function page(situation: Situation, settings: ApiServerSettings): LinePage {
  return {
    notes: [
      `kube-apiserver.service, for pods that hold AWS credentials. Put these lines below "ExecStart=/usr/local/bin/kube-apiserver \\", and take away those that are there now for ${flagNames(settings.flags).join(', ')}.`,
      'systemd skips comments between continued lines, so these may stay (systemd.syntax, section 7). The order of the issuers matters.',
      ...assumedKeys(situation, settings),
      ...headNotes(situation, settings),
    ],
    lines: [...settings.flags.map(line), ...managerLines(settings)],
  }
}

/** The other unit's line, apart from the first ones. */
function managerLines(settings: ApiServerSettings): LinePage['lines'] {
  const where =
    'Into ExecStart of kube-controller-manager.service, instead of the line of the same name:'
  return controllerManagerFlags(settings).flatMap((flag) => [
    { text: '' },
    line({ ...flag, why: `${where} ${flag.why}` }),
  ])
}

/** Nobody names the keys that the guide makes; somebody else's unit may have others. */
function assumedKeys({ input, platform }: Situation, { flags }: ApiServerSettings): string[] {
  const own = [platform.own.keyFile, platform.own.signingKeyFile]
  const assumed = flags.filter(({ value }) => own.includes(value))
  if (assumed.length === 0 || input.previousSigningKeyFile !== undefined) return []
  return [
    `The key that signs now is taken to be ${own.join(' and ')}. Where your units name others, pass them with --previous-key-file and --previous-signing-key-file.`,
  ]
}

const line = ({ name, value, why }: Flag) => ({ text: `  --${name}=${quoted(value)} \\`, why })

/** systemd.service(5): "%" starts a specifier, "$" a variable, and quotes and "\" are C's. */
function quoted(value: string): string {
  const text = value.replaceAll('%', '%%').replaceAll('$', '$$$$')
  if (/^[\w@%$+=:,./~-]+$/.test(text)) return text
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function guide(_situation: Situation, settings: ApiServerSettings): Guide {
  const manager = settings.controllerManagerKey !== undefined
  return {
    takeOut: [],
    copy: [
      'Copy the files to each control-plane node yourself, owned by the user that the unit runs as.',
    ],
    restart: [
      'On one control-plane node after the other; the edit reloads systemd by itself, and the answer to wait for is "ok":',
      '  systemctl edit --full kube-apiserver',
      '  systemctl restart kube-apiserver',
      '  kubectl get --raw /readyz',
      ...(manager
        ? [
            'Where the unit of kube-controller-manager changes, it follows, after all API servers:',
            '  systemctl edit --full kube-controller-manager',
            '  systemctl restart kube-controller-manager',
          ]
        : []),
    ],
    check: [
      'What each process was started with:',
      "  systemctl show -p ExecStart kube-apiserver | tr ' ' '\\n' | grep -e service-account -e audiences",
    ],
    cannot: [
      'A drop-in (kube-apiserver.service.d) cannot add flags, only replace the whole of ExecStart; so the unit itself is edited.',
    ],
  }
}
