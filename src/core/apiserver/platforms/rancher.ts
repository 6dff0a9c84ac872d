import type { Entry } from '../../yaml-page.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { becomesPlatformsOwn } from '../keys.ts'
import { headNotes } from '../notes.ts'
import type { Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { isAtLeast } from '../version.ts'
import { joinNotes } from './joined-keys.ts'
import { oldValues } from './old-values.ts'

/** What k3s and RKE2 differ in; RKE2 is built on the code of k3s. */
export interface Distribution {
  readonly name: 'k3s' | 'rke2'
  readonly title: string
  /** The first release that passes a repeated flag on whole. */
  readonly repeatsSince: readonly [minor: number, patch: number]
  readonly guide: Platform['guide']
}

/** The platform for one of them. */
export function distribution({ name, title, repeatsSince, guide }: Distribution): Platform {
  const tls = tlsFolder(name)
  const repeats = ({ version }: Situation): boolean =>
    version === undefined || isAtLeast(version, ...repeatsSince)
  return {
    name,
    title,
    description: `/etc/rancher/${name}/config.yaml`,
    keyDir: `${tls}/irsa`,
    // It signs with service.current.key, which it makes of the first key in service.key at each start
    // and which older releases do not have: so the signing key is not named unless it is another.
    own: { keyFile: `${tls}/service.key` },
    // One file with one key or more, kept in the datastore, from where every server gets it.
    newCluster: { privateKey: `${tls}/service.key` },
    // The cluster's service URL and the program's name, whatever the issuer (k3s pkg/daemons/control/server.go).
    audiencesFollowIssuers: false,
    refusesAnonymous: true,
    // Of a flag given twice, older releases pass on the last value alone (k3s-io/k3s 5374).
    abilities: (situation) => ({ severalIssuers: repeats(situation), severalKeys: true }),
    joinedKeyFile: (situation) =>
      repeats(situation) ? undefined : `${situation.keyDir}/verify.pub`,
    guide,
    pages: (situation, settings) => [page(name, situation, settings)],
  }
}

/** Where it keeps keys and certificates, unless --data-dir says otherwise. */
const tlsFolder = (name: string): string => `/var/lib/rancher/${name}/server/tls`

function page(name: string, situation: Situation, settings: ApiServerSettings): Page {
  const manager = controllerManagerFlags(settings)
  return {
    template: `${name}.yaml`,
    notes: headNotes(situation, settings),
    fills: [
      { at: ['kube-apiserver-arg'], entries: settings.flags.map(argument) },
      { at: ['kube-controller-manager-arg'], entries: manager.map(argument) },
    ],
  }
}

const argument = ({ name, value, why }: Flag): Entry => ({ value: `${name}=${value}`, why })

/** What goes from the lists before the new values come. */
export const oldArguments = (settings: ApiServerSettings): string[] =>
  oldValues(
    settings,
    'kube-apiserver-arg, in all files of config.yaml.d as well',
    'kube-controller-manager-arg',
  )

/** How the keys get onto the servers. */
export function keyNotes(situation: Situation, settings: ApiServerSettings): string[] {
  const { name, title } = situation.platform
  if (becomesPlatformsOwn(situation)) {
    return [
      `Put service.key there before the first server starts, owned by root. ${title} signs with it, verifies with it, keeps it in the datastore and gives it to the servers that join, so no flag names it.`,
    ]
  }
  return [
    `Copy the files to every server yourself, owned by root, also before one joins: ${title} carries service.key, and no other key.`,
    ...joinNotes(settings, 'server', 'root'),
    ...rotateNotes(name, title, situation),
  ]
}

/**
 * The way of the distribution itself (its "certificate" documentation). What is loaded must hold the
 * key that is there, else it refuses without --force; the first key signs.
 */
function rotateNotes(name: string, title: string, situation: Situation): string[] {
  const { phase, signer, input, signsAlready } = situation
  if (signer === undefined || signsAlready || (phase !== 'accept' && phase !== 'sign')) return []
  const present = `${tlsFolder(name)}/service.key`
  const kept = `/opt/${name}/service.key.before`
  const old = input.stage === undefined ? present : kept
  const order = phase === 'accept' ? [old, signer.privateFrom] : [signer.privateFrom, old]
  return [
    `The other way makes the key ${title}'s own, so that servers that join later get it, too. Leave the flags and files of keys out then, and run this on one server, before all of them restart. The first key signs:`,
    `  umask 077 && mkdir -p /opt/${name}/server/tls`,
    ...(phase === 'accept' ? [`  cp ${present} ${kept}`] : []),
    `  cat ${order.join(' ')} \\`,
    `    > /opt/${name}/server/tls/service.key`,
    `  ${name} certificate rotate-ca --path=/opt/${name}/server`,
  ]
}
