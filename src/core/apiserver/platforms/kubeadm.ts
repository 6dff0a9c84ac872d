import type { ApiServerSettings, Flag } from '../flags.ts'
import { extraVolumes, KUBEADM_PKI } from './kubeadm-volumes.ts'
import { headNotes } from '../notes.ts'
import type { Entry, Fill } from '../../yaml-page.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import { isBelow, type Situation } from '../situation.ts'
import { isAtLeast } from '../version.ts'

export const KUBEADM: Platform = {
  name: 'kubeadm',
  title: 'kubeadm',
  description: 'ClusterConfiguration (v1beta4, or v1beta3 with a patch for 1.22 to 1.30)',
  keyDir: `${KUBEADM_PKI}/irsa`,
  own: { keyFile: `${KUBEADM_PKI}/sa.pub`, signingKeyFile: `${KUBEADM_PKI}/sa.key` },
  // kubeadm init takes a key that is there already, and "upload-certs" brings these two files, and
  // no others, to the control-plane nodes that join: nothing can be forgotten on one of them.
  newCluster: { privateKey: `${KUBEADM_PKI}/sa.key`, publicKey: `${KUBEADM_PKI}/sa.pub` },
  audiencesFollowIssuers: true,
  formats: {
    by: 'kubernetes',
    list: [
      { id: 'v1beta4', title: 'kubeadm 1.31 and later (v1beta4)', since: [31] },
      { id: 'v1beta3', title: 'kubeadm 1.22 to 1.30 (v1beta3)' },
    ],
  },
  warnings: sortWarnings,
  guide,
  pages,
}

/**
 * The first releases of each minor that keep the order of repeated flags; before, kubeadm sorted
 * them by value (kubernetes/kubeadm 3261; kubernetes/kubernetes 135400, 135850 to 135853).
 */
const KEEPS_ORDER: Readonly<Record<number, number>> = { 32: 12, 33: 8, 34: 4, 35: 1 }

function keepsOrder({ version }: Situation): boolean | undefined {
  if (version === undefined) return undefined
  if (version.minor >= 36) return true
  const since = KEEPS_ORDER[version.minor]
  if (since === undefined) return false
  return version.patch === undefined ? undefined : isAtLeast(version, version.minor, since)
}

/** v1beta4 came with 1.31; before, `extraArgs` is a map and cannot hold a flag twice. */
const hasMap = ({ format }: Situation): boolean => format === 'v1beta3'

const named = (flags: readonly Flag[], name: string): Flag[] =>
  flags.filter((flag) => flag.name === name)

/** Whether sorting by value, which puts capitals and digits first, would change the order. */
function wouldBeSorted({ flags }: ApiServerSettings): boolean {
  const issuers = named(flags, 'service-account-issuer').map(({ value }) => value)
  return issuers.some((value, index) => index > 0 && value < (issuers[index - 1] ?? ''))
}

function sortWarnings(situation: Situation, settings: ApiServerSettings): string[] {
  const issuers = named(settings.flags, 'service-account-issuer')
  if (hasMap(situation) || issuers.length < 2 || keepsOrder(situation) === true) return []
  const affected = `kubeadm before 1.36.0, 1.35.1, 1.34.4, 1.33.8 and 1.32.12 sorts repeated flags by value`
  if (keepsOrder(situation) === false) {
    return [
      `${affected}, so the further issuers are in a patch, which "kubeadm upgrade" needs again.`,
    ]
  }
  const harm = wouldBeSorted(settings)
    ? `and would sign with another issuer than ${issuers[0]?.value}`
    : 'which these issuers survive only because they are in that order already'
  return [`${affected}, ${harm}. Pass --kubernetes-version to get a patch where one is needed.`]
}

/** What kubeadm itself can carry, and what has to be patched into the manifest behind its back. */
function split(situation: Situation, flags: readonly Flag[]): { carried: Flag[]; patched: Flag[] } {
  const patched = flags.filter((flag, index) => {
    const repeats = flags.slice(0, index).some(({ name }) => name === flag.name)
    if (!repeats || hasMap(situation)) return repeats
    return flag.name === 'service-account-issuer' && keepsOrder(situation) === false
  })
  return { carried: flags.filter((flag) => !patched.includes(flag)), patched }
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const { carried, patched } = split(situation, settings.flags)
  const config: Page = {
    template: hasMap(situation) ? 'kubeadm-v1beta3.yaml' : 'kubeadm-v1beta4.yaml',
    notes: headNotes(situation, settings),
    fills: fills(situation, settings, carried),
  }
  if (patched.length === 0) return [config]
  const operations = patched.map(({ name, value, why }) => ({
    value: { op: 'add', path: '/spec/containers/0/command/-', value: `--${name}=${value}` },
    why,
  }))
  return [
    config,
    { template: 'kubeadm-patch.yaml', notes: [], fills: [{ at: [], entries: operations }] },
  ]
}

function guide(_situation: Situation, settings: ApiServerSettings): Guide {
  return {
    copy: copyNotes(settings),
    restart: [
      'kubelet restarts the static pod when its manifest changes; a changed key file alone restarts nothing.',
    ],
    check: [
      '  kubectl -n kube-system get pods -l component=kube-apiserver -o yaml | grep service-account',
    ],
    cannot: [],
  }
}

function copyNotes({ files }: ApiServerSettings): string[] {
  const copied = files.filter(({ path }) => !/^\/etc\/kubernetes\/pki\/sa\.(key|pub)$/.test(path))
  if (copied.length === 0) {
    return [
      'Copy the files to the first control-plane node before "kubeadm init", which keeps a key that is there. The others get them from "kubeadm init --upload-certs" and "kubeadm join --certificate-key". kube-controller-manager signs with sa.key by itself.',
    ]
  }
  return [
    'Copy the files to each control-plane node yourself, also before "kubeadm join": "--upload-certs" carries sa.key and sa.pub only.',
  ]
}

function fills(situation: Situation, settings: ApiServerSettings, carried: Flag[]): Fill[] {
  const entry = hasMap(situation) ? mapEntry : listEntry
  const manager = settings.controllerManagerKey
  const paths = settings.flags.filter(({ name }) => name.endsWith('key-file'))
  return [
    { at: ['apiServer', 'extraArgs'], entries: carried.map(entry) },
    { at: ['apiServer', 'extraVolumes'], entries: extraVolumes(paths.map(({ value }) => value)) },
    {
      at: ['controllerManager', 'extraArgs'],
      entries: manager === undefined ? [] : [entry(managerFlag(manager))],
    },
    {
      at: ['controllerManager', 'extraVolumes'],
      entries:
        manager === undefined || isBelow(manager, KUBEADM_PKI) ? [] : extraVolumes([manager]),
    },
  ]
}

const managerFlag = (value: string): Flag => ({
  name: 'service-account-private-key-file',
  value,
  why: 'Signs the tokens that are kept in secrets; the same key, so that one public key verifies all.',
})

const listEntry = ({ name, value, why }: Flag): Entry => ({ value: { name, value }, why })
const mapEntry = ({ name, value, why }: Flag): Entry => ({ key: name, value, why })
