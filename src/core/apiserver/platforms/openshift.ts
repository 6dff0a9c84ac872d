import type { Entry } from '../../yaml-page.ts'
import type { ApiServerSettings } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'

const NOT_SERVED =
  'service-account-jwks-uri cannot be set, so the API server cannot tell STS where its keys are. Let a bucket serve the documents: --host s3.'

export const OPENSHIFT: Platform = {
  name: 'openshift',
  title: 'OpenShift',
  description: 'the Authentication "cluster", for a new or a running cluster',
  keyDir: 'tls',
  own: { alwaysVerifies: true },
  keys: 'its-own',
  // They are the issuers it accepts, which its operator alone decides
  // (cluster-kube-apiserver-operator, auth_serviceaccountissuer.go).
  audiencesFollowIssuers: false,
  lacks: ['api-audiences', 'service-account-jwks-uri', 'service-account-key-file'],
  keepsPreviousIssuer: true,
  adapted,
  abilities: () => ({ severalIssuers: false, severalKeys: false }),
  warnings: rolloutWarnings,
  cannotServe: NOT_SERVED,
  guide,
  pages,
}

/** The installer takes a key of ours, under this name (openshift/cloud-credential-operator docs/sts.md). */
const INSTALLED_KEY = 'tls/bound-service-account-signing-key.key'

const INSTALLS: Platform = {
  ...OPENSHIFT,
  newCluster: { privateKey: INSTALLED_KEY },
  filesFor:
    'The folder of openshift-install needs this, and manifests/cluster-authentication-02-config.yaml with what follows, before "openshift-install create cluster":',
}

function adapted(situation: Situation): Situation {
  const { phase, signer, input } = situation
  if (phase !== 'new' || signer === undefined) return situation
  const { keys: _, ...platform } = INSTALLS
  return {
    ...situation,
    platform,
    input: { ...input, keyDir: undefined, keyFiles: [signer] },
  }
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  return [
    {
      template: 'openshift.yaml',
      notes: headNotes(situation, settings),
      fills: [{ at: ['spec'], entries: issuerEntries(settings) }],
    },
  ]
}

const issuerEntries = ({ flags }: ApiServerSettings): Entry[] =>
  flags
    .filter(({ name }) => name === 'service-account-issuer')
    .map(({ value, why }) => ({ key: 'serviceAccountIssuer', value, why }))

function rolloutWarnings({ phase, previousIssuers }: Situation): string[] {
  if (phase !== 'sign' || previousIssuers.length === 0) return []
  return [
    `OpenShift goes on accepting ${previousIssuers[0]} for 24 hours by itself, and refuses it then. It cannot accept the new issuer beforehand: until all its API servers have the new one, some minutes, one that has not yet refuses tokens of one that has.`,
  ]
}

function guide({ phase, signer }: Situation): Guide {
  return {
    takeOut: [],
    copy: [
      'ccoctl aws create-identity-provider makes the same two files, with a key and a bucket of its own; take either.',
    ],
    restart: [
      ...(phase === 'accept' ? [NOTHING_YET] : []),
      ...(phase === 'finish' ? [NOTHING_MORE] : []),
      ...(phase === 'sign' ? [SUPPORT] : []),
      'The operator of kube-apiserver replaces the API servers one by one: oc adm wait-for-stable-cluster waits until it has. Pods have tokens of the new issuer when they have renewed them, a day later at the latest.',
      "The operators of OpenShift ask for tokens with the audience openshift, so the IAM provider needs it, too: irsa create-provider --audience openshift --audience sts.amazonaws.com. api-audiences are the issuers that it accepts, the previous one's among them for as long.",
    ],
    check: [
      '  oc get kubeapiserver cluster -o jsonpath="{.status.serviceAccountIssuers}"',
      ...(phase === 'new' && signer !== undefined ? [] : [ROTATION]),
    ],
    cannot: phase === 'new' && signer !== undefined ? [] : [NO_KEY],
  }
}

const NOTHING_YET =
  'On OpenShift this stage changes nothing, and says so by naming the issuer that is there. Publish the documents of the new issuer, and go on with --stage sign.'

const NOTHING_MORE =
  'On OpenShift this stage changes nothing: the previous issuer is dropped by itself, 24 hours after the change.'

/** docs/sts.md of openshift/cloud-credential-operator */
const SUPPORT =
  "Red Hat documents this field for tokens of your own. To move OpenShift's own operators to STS in a running cluster is, in its words, neither recommended nor supported."

/** docs/rotate-oidc-key.md of openshift/cloud-credential-operator */
const ROTATION =
  'OpenShift makes a new key when its secret next-bound-service-account-signing-key (namespace openshift-kube-apiserver-operator) is deleted, and signs with it within minutes. Publish it at once beside the old one: irsa init --jwks-from-cluster.'

const NO_KEY =
  'A key of yours in a running cluster: it comes from openshift-kube-apiserver-operator, or was given to the installer.'
