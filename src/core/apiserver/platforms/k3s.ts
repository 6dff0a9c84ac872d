import type { ApiServerSettings } from '../flags.ts'
import { becomesPlatformsOwn } from '../keys.ts'
import { headNotes } from '../notes.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { isAtLeast } from '../version.ts'

const TLS = '/var/lib/rancher/k3s/server/tls'

export const K3S: Platform = {
  name: 'k3s',
  title: 'k3s',
  description: '/etc/rancher/k3s/config.yaml',
  keyDir: `${TLS}/irsa`,
  // It signs with service.current.key, which it makes of the first key in service.key at each start
  // and which older releases do not have: so the signing key is not named unless it is another.
  own: { keyFile: `${TLS}/service.key` },
  // One file with one key or more, kept in the datastore, from where every server gets it.
  newCluster: { privateKey: `${TLS}/service.key` },
  // The cluster's service URL and "k3s", whatever the issuer (pkg/daemons/control/server.go).
  audiencesFollowIssuers: false,
  warnings: orderWarnings,
  guide,
  pages,
}

/** k3s keeps the order of repeated flags since k3s-io/k3s 5373. */
function orderWarnings({ version }: Situation, { flags }: ApiServerSettings): string[] {
  const issuers = flags.filter(({ name }) => name === 'service-account-issuer')
  if (version === undefined || isAtLeast(version, 23, 6) || issuers.length < 2) return []
  return ['k3s before 1.23.6 does not keep the order of repeated flags; upgrade k3s first.']
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const manager = settings.controllerManagerKey
  return [
    {
      template: 'k3s.yaml',
      notes: headNotes(situation, settings),
      fills: [
        {
          at: ['kube-apiserver-arg'],
          entries: settings.flags.map(({ name, value, why }) => ({
            value: `${name}=${value}`,
            why,
          })),
        },
        {
          at: ['kube-controller-manager-arg'],
          entries:
            manager === undefined
              ? []
              : [
                  {
                    value: `service-account-private-key-file=${manager}`,
                    why: 'Signs the tokens that are kept in secrets; the same key, so that one public key verifies all.',
                  },
                ],
        },
      ],
    },
  ]
}

function guide(situation: Situation): Guide {
  return {
    copy: keyNotes(situation),
    restart: [
      'The API server is a part of k3s: systemctl restart k3s, on one server after the other.',
    ],
    check: [],
    cannot: [],
  }
}

function keyNotes(situation: Situation): string[] {
  if (becomesPlatformsOwn(situation)) {
    return [
      'Put service.key there before the first server starts. k3s signs with it, verifies with it, and gives it to the servers that join, so no flag names it.',
    ]
  }
  return [
    'The files belong on every server. The other way is to make the key k3s\'s own, with "k3s certificate rotate-ca" and a service.key that holds the new key followed by the old; then leave the key flags out.',
  ]
}
