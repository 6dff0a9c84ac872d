import type { Fill } from '../../yaml-page.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import { asKey, asPair, furtherOnes } from '../extra-args.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { isAtLeast } from '../version.ts'
import { kubeadmGuide } from './kubeadm-guide.ts'
import { KUBEADM_NEW_CLUSTER, KUBEADM_OWN, KUBEADM_PKI } from './kubeadm-keys.ts'
import { extraVolumes } from './kubeadm-volumes.ts'
import { appendFlag, PATCHES_DIRECTORY } from './manifest-patch.ts'

export const KUBEADM: Platform = {
  name: 'kubeadm',
  title: 'kubeadm',
  description: 'ClusterConfiguration (v1beta4, or v1beta3 with a patch for 1.22 to 1.30)',
  keyDir: `${KUBEADM_PKI}/irsa`,
  own: KUBEADM_OWN,
  newCluster: KUBEADM_NEW_CLUSTER,
  audiencesFollowIssuers: true,
  formats: {
    by: 'kubernetes',
    list: [
      { id: 'v1beta4', title: 'kubeadm 1.31 and later (v1beta4)', since: [31] },
      { id: 'v1beta3', title: 'kubeadm 1.22 to 1.30 (v1beta3)' },
    ],
  },
  warnings: sortWarnings,
  guide: (situation, settings) =>
    kubeadmGuide(situation, settings, patchedFlags(situation, settings.flags).length > 0),
  pages,
}

/**
 * The first releases of each minor that keep the order of repeated flags; before, kubeadm sorted
 * them by value (kubernetes/kubeadm 3261; kubernetes/kubernetes 135400, 135850 to 135853).
 */
const KEEPS_ORDER: Readonly<Record<number, number>> = { 32: 12, 33: 8, 34: 4, 35: 1 }

/** Whether it surely does: of a minor without a patch number it is not known. */
function keepsOrder({ version }: Situation): boolean {
  if (version === undefined || version.minor >= 36) return true
  const since = KEEPS_ORDER[version.minor]
  return since !== undefined && isAtLeast(version, version.minor, since)
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
  if (hasMap(situation) || issuers.length < 2) return []
  const affected = `kubeadm before 1.36.0, 1.35.1, 1.34.4, 1.33.8 and 1.32.12 sorts repeated flags by value`
  if (!keepsOrder(situation)) return [`${affected}, ${patchReason(situation)}`]
  if (situation.version !== undefined) return []
  const harm = wouldBeSorted(settings)
    ? `and would sign with another issuer than ${issuers[0]?.value}`
    : 'which these issuers survive only because they are in that order already'
  return [`${affected}, ${harm}. Pass --kubernetes-version to get a patch where one is needed.`]
}

function patchReason({ version }: Situation): string {
  const patched = 'so the further issuers are in a patch, which every upgrade needs again.'
  if (version === undefined || version.patch !== undefined) return patched
  const since = KEEPS_ORDER[version.minor]
  if (since === undefined) return patched
  const release = `1.${version.minor}.${since}`
  return `${patched} ${release} and later need none: pass --kubernetes-version with the patch number.`
}

/** What kubeadm itself cannot carry, and is patched into the manifest behind its back. */
const patchedFlags = (situation: Situation, flags: readonly Flag[]): Flag[] =>
  furtherOnes(flags).filter(
    ({ name }) =>
      hasMap(situation) || (name === 'service-account-issuer' && !keepsOrder(situation)),
  )

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const patched = patchedFlags(situation, settings.flags)
  const carried = settings.flags.filter((flag) => !patched.includes(flag))
  const config: Page = {
    template: hasMap(situation) ? 'kubeadm-v1beta3.yaml' : 'kubeadm-v1beta4.yaml',
    notes: headNotes(situation, settings),
    fills: fills(situation, settings, carried),
  }
  if (patched.length === 0) return [config]
  const directory = {
    key: 'directory',
    value: PATCHES_DIRECTORY,
    why: 'Here and nowhere else: kubeadm does not take --patches together with --config.',
  }
  return [
    config,
    {
      template: `kubeadm-init-${situation.format}.yaml`,
      notes: [],
      fills: [{ at: ['patches'], entries: [directory] }],
    },
    {
      template: 'kubeadm-patch.yaml',
      notes: [],
      fills: [{ at: [], entries: patched.map(appendFlag) }],
    },
  ]
}

function fills(situation: Situation, settings: ApiServerSettings, carried: Flag[]): Fill[] {
  const entry = hasMap(situation) ? asKey : asPair
  const manager = controllerManagerFlags(settings)
  return [
    { at: ['apiServer', 'extraArgs'], entries: carried.map(entry) },
    { at: ['apiServer', 'extraVolumes'], entries: extraVolumes(settings.flags) },
    { at: ['controllerManager', 'extraArgs'], entries: manager.map(entry) },
    { at: ['controllerManager', 'extraVolumes'], entries: extraVolumes(manager) },
  ]
}
