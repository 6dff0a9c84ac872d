import { unusableValue } from '../../problems/apiserver.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import { namePattern } from '../extra-args.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, LinePage, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'

/** The revision that runs; snapd copies all of it when it refreshes the snap. */
const SNAP_DATA = '/var/snap/microk8s/current'
const CERTS = `${SNAP_DATA}/certs`
const ARGS = `${SNAP_DATA}/args/kube-apiserver`
const MANAGER_ARGS = `${SNAP_DATA}/args/kube-controller-manager`

export const MICROK8S: Platform = {
  name: 'microk8s',
  title: 'MicroK8s',
  description: `lines for ${ARGS}`,
  keyDir: `${CERTS}/irsa`,
  // One private key for both, of which kube-apiserver takes the public half
  // (microk8s-resources/default-args/kube-apiserver).
  own: { keyFile: `${CERTS}/serviceaccount.key`, signingKeyFile: `${CERTS}/serviceaccount.key` },
  audiencesFollowIssuers: true,
  warnings: ({ phase, signer }) => (phase === 'new' && signer !== undefined ? [RUNS_ALREADY] : []),
  guide,
  pages: (situation, settings) => [page(situation, settings)],
}

const RUNS_ALREADY =
  'MicroK8s runs from its installation on, with a key and an issuer of its own. Unless nothing in it matters yet, name them with --previous-issuer https://kubernetes.default.svc, or keep its key: irsa init --jwks-from-cluster.'

function page(situation: Situation, settings: ApiServerSettings): LinePage {
  return {
    notes: [
      `Lines for ${ARGS}, for pods that hold AWS credentials. The order of the issuers matters.`,
      ...headNotes(situation, settings),
    ],
    lines: settings.flags.map((flag) => ({ text: line(flag), why: flag.why })),
  }
}

/**
 * The file is no shell's: quotes are dropped, "$" is replaced from the environment, and blanks end a
 * word (build-scripts/components/kubernetes/patches, ReadArgsFromFile).
 */
function line({ name, value }: Flag): string {
  if (/[\s'"$]/.test(value)) {
    throw unusableValue(
      `--${name}`,
      value,
      "free of blanks, quotes and $, which MicroK8s's files cannot hold",
    )
  }
  return `--${name}=${value}`
}

function guide(_situation: Situation, settings: ApiServerSettings): Guide {
  return {
    takeOut: [],
    copy: [
      'Copy the files to every control-plane node yourself, with sudo: MicroK8s brings serviceaccount.key to the nodes that join, and nothing else.',
    ],
    restart: [
      'On one control-plane node after the other, with this output there as THIS-FILE: take the lines of the same names out, append these, comments and all, and restart.',
      `  sudo sed -i -E '/^--(${namePattern(settings.flags)})[= ]/d' \\`,
      `    ${ARGS}`,
      `  sudo tee -a ${ARGS} < THIS-FILE`,
      ...managerCommands(settings),
      '  sudo snap restart microk8s.daemon-kubelite',
      '  sudo microk8s status --wait-ready',
    ],
    check: ["Without a kubectl of your own it is 'microk8s kubectl'."],
    cannot: [
      'MicroK8s cannot share arguments between nodes. One that joins has those of its installation, and signs for another issuer until they are changed there, too.',
    ],
  }
}

const managerCommands = (settings: ApiServerSettings): string[] =>
  controllerManagerFlags(settings).flatMap((flag) => [
    `  sudo sed -i -E '/^--${flag.name}[= ]/d' \\`,
    `    ${MANAGER_ARGS}`,
    `  echo ${line(flag)} |`,
    `    sudo tee -a ${MANAGER_ARGS}`,
  ])
