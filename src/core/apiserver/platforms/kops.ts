import type { ApiServerSettings, Flag } from '../flags.ts'
import type { NodeFile } from '../keys.ts'
import { headNotes } from '../notes.ts'
import type { Entry } from '../../yaml-page.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { isAtLeast } from '../version.ts'

const MOUNTED = '/srv/kubernetes/kube-apiserver'

export const KOPS: Platform = {
  name: 'kops',
  title: 'kops',
  description: 'spec.kubeAPIServer and spec.fileAssets of the cluster',
  keyDir: `${MOUNTED}/irsa`,
  mounted: MOUNTED,
  // kops writes its private key to the nodes only while serviceAccountSigningKeyFile is not set, and
  // always appends its own public keys (nodeup/pkg/model/kube_apiserver.go): so neither is named.
  own: { alwaysVerifies: true },
  // "kubernetes.svc.default", whatever the issuer (pkg/model/components/apiserver.go).
  audiencesFollowIssuers: false,
  guide,
  pages,
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  return [
    {
      template: 'kops.yaml',
      notes: headNotes(situation, settings),
      fills: [
        { at: ['spec', 'kubeAPIServer'], entries: specEntries(settings.flags) },
        {
          at: ['spec', 'fileAssets'],
          entries: settings.files.map((file, index) => fileAsset(file, index, role(situation))),
        },
      ],
    },
  ]
}

function guide(_situation: Situation, settings: ApiServerSettings): Guide {
  return {
    copy: [
      'nodeup writes the fileAssets to every control-plane node.',
      ...privateKeyNotes(settings),
    ],
    restart: [
      'kops update cluster --yes, then kops rolling-update cluster --yes, which replaces one control-plane node after the other.',
    ],
    check: [],
    cannot: [],
  }
}

const privateKeyNotes = ({ files }: ApiServerSettings): string[] =>
  files.some((file) => file.private)
    ? [
        "A fileAsset is kept in the state store, where whoever reads the cluster's specification reads the key. Better: let kops keep the key it makes, and publish that one's public half (irsa init --public-key), so that nothing here names a key.",
      ]
    : []

/** The fields of kops for our flags; it has one for the first issuer and one for all others. */
function specEntries(flags: readonly Flag[]): Entry[] {
  const of = (name: string): Flag[] => flags.filter((flag) => flag.name === name)
  const [issuer, ...others] = of('service-account-issuer')
  const [signing] = of('service-account-signing-key-file')
  const [audiences] = of('api-audiences')
  return [
    ...one('serviceAccountIssuer', issuer),
    ...list('additionalServiceAccountIssuers', others, 'Needs kops 1.28.5 or later.'),
    ...list(
      'serviceAccountKeyFile',
      of('service-account-key-file'),
      'kops adds its own public keys.',
    ),
    ...one('serviceAccountSigningKeyFile', signing),
    ...(audiences === undefined
      ? []
      : [{ key: 'apiAudiences', value: audiences.value.split(','), why: audiences.why }]),
  ]
}

const one = (key: string, flag: Flag | undefined): Entry[] =>
  flag === undefined ? [] : [{ key, value: flag.value, why: flag.why }]

function list(key: string, flags: readonly Flag[], remark: string): Entry[] {
  if (flags.length === 0) return []
  const reasons = new Set(flags.map((flag) => flag.why))
  return [{ key, value: flags.map((flag) => flag.value), why: [...reasons, remark].join(' ') }]
}

/** Renamed in kops 1.26 (docs/releases/1.26-NOTES.md). */
const role = ({ version }: Situation): string =>
  version !== undefined && !isAtLeast(version, 26) ? 'Master' : 'ControlPlane'

function fileAsset(file: NodeFile, index: number, roleName: string): Entry {
  return {
    value: {
      name: `irsa-${index + 1}-${file.private ? 'private' : 'public'}`,
      path: file.path,
      roles: [roleName],
      mode: file.private ? '0400' : '0444',
      content: file.pem ?? `REPLACE-THIS-LINE with the content of ${file.from}\n`,
    },
    why: assetReason(file),
  }
}

function assetReason(file: NodeFile): string {
  if (file.private)
    return 'The private key is never printed. Put it in by hand, and never into git.'
  return file.pem === undefined
    ? 'The public key: no secret. Put it in by hand.'
    : 'The public key: no secret.'
}
