import type { Entry } from '../../yaml-page.ts'
import { controllerManagerFlags } from '../controller-manager.ts'
import { asKey, firstOfEach, furtherOnes } from '../extra-args.ts'
import type { ApiServerSettings, Flag } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { joinNotes } from './joined-keys.ts'
import { oldValues } from './old-values.ts'

const PKI = '/var/lib/k0s/pki'

export const K0S: Platform = {
  name: 'k0s',
  title: 'k0s',
  description: 'spec.api of /etc/k0s/k0s.yaml (with rawArgs from 1.34.1 on)',
  keyDir: `${PKI}/irsa`,
  own: { keyFile: `${PKI}/sa.pub`, signingKeyFile: `${PKI}/sa.key` },
  // A pair that is there is kept, and "k0s controller" with a join token fetches it (cmd/api/api.go).
  newCluster: { privateKey: `${PKI}/sa.key`, publicKey: `${PKI}/sa.pub` },
  // "https://kubernetes.default.svc", whatever the issuer (pkg/component/controller/apiserver.go).
  audiencesFollowIssuers: false,
  setsJwksUri: true,
  refusesAnonymous: true,
  formats: {
    by: 'kubernetes',
    list: [
      // k0sproject/k0s pkg/apis/k0s/v1beta1/api.go, first in v1.34.1+k0s.0
      { id: 'raw', title: 'k0s 1.34.1 and later (rawArgs)', since: [34, 1] },
      { id: 'map', title: 'k0s before 1.34.1 (one issuer)' },
    ],
  },
  joinedKeyFile: ({ format, keyDir }) => (format === 'map' ? `${keyDir}/verify.pub` : undefined),
  abilities: ({ format }) => ({ severalIssuers: format === 'raw', severalKeys: true }),
  guide,
  pages,
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const { flags } = settings
  return [
    {
      template: 'k0s.yaml',
      notes: headNotes(situation, settings),
      fills: [
        {
          at: ['spec', 'api', 'extraArgs'],
          entries: firstOfEach(flags).map(asKey),
        },
        { at: ['spec', 'api', 'rawArgs'], entries: furtherOnes(flags).map(rawEntry) },
        {
          at: ['spec', 'controllerManager', 'extraArgs'],
          entries: controllerManagerFlags(settings).map(asKey),
        },
      ],
    },
  ]
}

const rawEntry = ({ name, value, why }: Flag): Entry => ({ value: `--${name}=${value}`, why })

function guide({ abilities }: Situation, settings: ApiServerSettings): Guide {
  return {
    takeOut: oldValues(
      settings,
      'extraArgs and rawArgs of spec.api',
      'spec.controllerManager.extraArgs',
    ),
    copy: copyNotes(settings),
    restart: [
      'k0s stop, then k0s start, on one controller after the other: kube-apiserver and kube-controller-manager are processes of k0s.',
      ...(settings.controllerManagerKey === undefined ? [] : [DYNAMIC]),
    ],
    check: ['  ps -o args= -C kube-apiserver | tr " " "\\n" | grep service-account'],
    cannot: abilities.severalIssuers ? [] : [UPGRADE],
  }
}

/** docs/dynamic-configuration.md of k0s */
const DYNAMIC =
  'With --enable-dynamic-config, spec.api still belongs into this file on every controller, and spec.controllerManager into "k0s config edit".'

const UPGRADE =
  'A second issuer. From k0s 1.34.1 on there is spec.api.rawArgs: upgrade first, and the change costs nothing. Then pass --kubernetes-version 1.34.1 or newer.'

function copyNotes(settings: ApiServerSettings): string[] {
  const own = new Set([`${PKI}/sa.key`, `${PKI}/sa.pub`])
  if (settings.files.every(({ path }) => own.has(path))) {
    return [
      'Copy the files to the first controller before k0s starts there, which keeps a pair that is there; both have to be. Controllers that join get them from it. kube-controller-manager signs with sa.key by itself.',
    ]
  }
  return [
    'Copy the files to every controller yourself, owned by kube-apiserver, the user that reads them: a controller that joins gets sa.key and sa.pub only.',
    ...joinNotes(settings, 'controller', 'kube-apiserver'),
  ]
}
