import type { Entry } from '../../yaml-page.ts'
import type { ApiServerSettings } from '../flags.ts'
import type { NodeFile } from '../keys.ts'
import { headNotes } from '../notes.ts'
import { fileName } from '../paths.ts'
import { contentOf } from '../placeholder.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { apiServerEntries, oldFields } from './kops-fields.ts'
import { KOPS_NATIVE } from './kops-native.ts'

const MOUNTED = '/srv/kubernetes/kube-apiserver'

/** What nodeup writes and passes by itself, the key only while none is named (kube_apiserver.go). */
const NODEUPS = new Set([`${MOUNTED}/service-account.pub`, `${MOUNTED}/service-account.key`])

/** pkg/model/components/apiserver.go sets it in all releases. */
const NO_ANONYMOUS =
  'kops sets anonymousAuth to false whatever the cluster says, so STS cannot read what the API server serves. Let a bucket serve the documents: --host s3, or the one of kops with --discovery-store.'

export const KOPS: Platform = {
  name: 'kops',
  title: 'kops',
  description: 'spec.kubeAPIServer and spec.fileAssets, or the discovery store of kops',
  keyDir: `${MOUNTED}/irsa`,
  mounted: MOUNTED,
  // kops writes its private key to the nodes only while serviceAccountSigningKeyFile is not set, and
  // always appends its own public keys (nodeup/pkg/model/kube_apiserver.go): so neither is named.
  own: { alwaysVerifies: true },
  mayCarryPrivateKey: true,
  takesDiscoveryStore: true,
  // "kubernetes.svc.default", whatever the issuer (pkg/model/components/discovery.go).
  audiencesFollowIssuers: false,
  formats: {
    by: 'platform',
    list: [
      // kubernetes/kops 16497
      { id: 'several', title: 'kops 1.28.5 and later', since: [28, 5] },
      { id: 'single', title: 'kops 1.26 to 1.28.4 (one issuer)', since: [26] },
      // The role was renamed in 1.26 (docs/cluster_spec.md).
      { id: 'master', title: 'kops before 1.26 (one issuer, role Master)' },
    ],
    newestMinor: 37,
  },
  adapted,
  abilities: ({ format }) => ({ severalIssuers: format === 'several', severalKeys: true }),
  cannotServe: NO_ANONYMOUS,
  guide,
  pages,
}

function adapted(situation: Situation): Situation {
  const { input, previousKeyFiles } = situation
  const signing = input.previousSigningKeyFile ?? ''
  return {
    ...situation,
    platform: input.discoveryStore === undefined ? KOPS : KOPS_NATIVE,
    previousKeyFiles: previousKeyFiles.filter((path) => !NODEUPS.has(path)),
    input: NODEUPS.has(signing) ? { ...input, previousSigningKeyFile: undefined } : input,
  }
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const assets = settings.files.map((file) => fileAsset(situation, file))
  return [
    {
      template: 'kops.yaml',
      notes: headNotes(situation, settings),
      fills: [
        { at: ['spec', 'kubeAPIServer'], entries: apiServerEntries(settings.flags) },
        { at: ['spec', 'fileAssets'], entries: assets },
      ],
    },
  ]
}

function guide({ abilities }: Situation, settings: ApiServerSettings): Guide {
  return {
    takeOut: [
      ...oldFields(settings.flags),
      ...(settings.files.length === 0
        ? []
        : [
            `each of spec.fileAssets whose name begins with ${ASSET} and whose path is named nowhere below`,
          ]),
    ],
    copy: [
      'nodeup writes the fileAssets to every control-plane node.',
      ...privateKeyNotes(settings),
    ],
    restart: [
      'kops update cluster --yes, then kops rolling-update cluster --yes, which replaces one control-plane node after the other. kube-controller-manager goes on with the key of kops, which the API server always verifies.',
    ],
    check: [
      'The jwks_uri in the first answer ends in /openid/v1/jwks on kops, whatever is set. STS does not read that answer, but the document that is published.',
    ],
    cannot: abilities.severalIssuers ? [] : [UPGRADE],
  }
}

const UPGRADE =
  'A second issuer. From kops 1.28.5 on there is additionalServiceAccountIssuers: upgrade kops first, and the change costs nothing. Then pass --platform-version 1.28.5 or newer.'

const privateKeyNotes = ({ files }: ApiServerSettings): string[] =>
  files.some((file) => file.private)
    ? [
        "A fileAsset is kept in the state store, where whoever reads the cluster's specification reads the key. Better: let kops keep the key it makes, and publish that one's public half (irsa init --public-key), so that nothing here names a key.",
      ]
    : []

const ASSET = 'irsa-'

function fileAsset({ input, format }: Situation, file: NodeFile): Entry {
  const content = file.private ? input.privatePem : file.pem
  return {
    value: {
      // After the file, so that one that stays from another key keeps a name of its own.
      name: `${ASSET}${fileName(file.path).replaceAll('.', '-')}`,
      path: file.path,
      roles: [format === 'master' ? 'Master' : 'ControlPlane'],
      mode: file.private ? '0400' : '0444',
      content: content ?? contentOf(file.from),
    },
    why: assetReason(file, content !== undefined),
  }
}

function assetReason(file: NodeFile, known: boolean): string {
  if (!file.private)
    return known ? 'The public key: no secret.' : 'The public key: no secret. Put it in by hand.'
  return known
    ? 'The private key, as asked for. Keep this file away from git, and delete it when kops has it.'
    : 'The private key is only printed with --include-private-key. Put it in by hand, and never into git.'
}
