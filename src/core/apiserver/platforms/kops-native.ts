import { type Issuer, withoutScheme } from '../../issuer.ts'
import type { Entry } from '../../yaml-page.ts'
import type { ApiServerSettings } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'
import { apiServerEntries, oldFields } from './kops-fields.ts'

/** kops with a discovery store: kops keeps the key, publishes it, and can make the IAM provider. */
export const KOPS_NATIVE: Platform = {
  name: 'kops',
  title: 'kops',
  description: 'spec.serviceAccountIssuerDiscovery',
  keyDir: '',
  own: { alwaysVerifies: true },
  keys: 'its-own',
  publishes: true,
  audiencesFollowIssuers: false,
  abilities: ({ format }) => ({ severalIssuers: format === 'several', severalKeys: true }),
  warnings: elsewhere,
  guide,
  pages,
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  return [
    {
      template: 'kops-native.yaml',
      notes: headNotes(situation, settings),
      fills: [
        { at: ['spec', 'serviceAccountIssuerDiscovery'], entries: discovery(situation) },
        { at: ['spec', 'kubeAPIServer'], entries: apiServerEntries(settings.flags) },
      ],
    },
  ]
}

/**
 * Not before the new issuer signs: kops publishes, and makes a provider for, whatever comes first in
 * serviceAccountIssuer (pkg/model/issuerdiscovery.go, pkg/model/awsmodel/oidc_provider.go).
 */
function discovery({ phase, input }: Situation): Entry[] {
  if (phase === 'accept') return []
  return [
    {
      key: 'discoveryStore',
      value: input.discoveryStore,
      why: 'Where kops writes .well-known/openid-configuration and openid/v1/jwks. Everybody has to be able to read both.',
    },
    {
      key: 'enableAWSOIDCProvider',
      value: true,
      why: 'kops makes the IAM provider. Leave this out where irsa has made it: IAM holds one for each issuer.',
    },
    {
      key: 'additionalAudiences',
      value: ['sts.amazonaws.com'],
      why: 'Audiences of that provider, not of the API server. kops puts amazonaws.com there and nothing else; roles made by irsa, and most examples, ask for this one.',
    },
  ]
}

function guide({ phase, abilities, input }: Situation, settings: ApiServerSettings): Guide {
  return {
    takeOut: oldFields(settings.flags),
    copy: [],
    restart: [
      ...(phase === 'accept' ? [LATER] : []),
      `kops update cluster --yes${phase === 'accept' ? '' : ' publishes the documents'}, then kops rolling-update cluster --yes replaces one control-plane node after the other.`,
      'The webhook of kops (podIdentityWebhook) asks for tokens with the audience amazonaws.com. For roles that want sts.amazonaws.com, annotate the service account with eks.amazonaws.com/audience: sts.amazonaws.com, or use irsa print-webhook instead of it.',
    ],
    check: phase === 'accept' ? [] : readBySts(input.issuer),
    cannot: [
      'A key of yours: kops signs with its own keypair "service-account", which kops create keypair and kops promote keypair change (docs/operations/rotate-secrets.md of kops).',
      ...(abilities.severalIssuers ? [] : [UPGRADE]),
    ],
  }
}

const readBySts = (issuer: Issuer): string[] => [
  'And what STS reads:',
  `  curl ${issuer}/.well-known/openid-configuration`,
  `  curl ${issuer}/openid/v1/jwks`,
]

const LATER =
  'serviceAccountIssuerDiscovery follows with --stage sign: kops publishes for the issuer that signs, and that is still the previous one.'

const UPGRADE =
  'A second issuer. From kops 1.28.5 on there is additionalServiceAccountIssuers: upgrade kops first.'

/** The URL that kops itself would take for the store (GetHTTPsUrl in util/pkg/vfs/s3fs.go). */
function elsewhere({ input }: Situation): string[] {
  const [bucket = '', ...folders] = (input.discoveryStore ?? '').replace(/^s3:\/\//, '').split('/')
  const [host = '', ...path] = withoutScheme(input.issuer).split('/')
  const folder = folders.filter((part) => part !== '').join('/')
  if (host.startsWith(`${bucket}.s3.`) && path.join('/') === folder) return []
  const usual = ['https:/', `${bucket}.s3.REGION.amazonaws.com`, ...(folder === '' ? [] : [folder])]
  return [
    `${input.issuer} is not the address of ${input.discoveryStore} in S3. Unless something of yours serves that folder there, pass --issuer ${usual.join('/')}.`,
  ]
}
