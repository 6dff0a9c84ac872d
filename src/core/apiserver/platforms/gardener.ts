import type { Entry } from '../../yaml-page.ts'
import type { ApiServerSettings } from '../flags.ts'
import { headNotes } from '../notes.ts'
import type { Guide, Page, Platform } from '../platform.ts'
import type { Situation } from '../situation.ts'

const NOT_SERVED =
  'The API server of a shoot cannot name another service-account-jwks-uri. Gardener can serve the documents itself, if its operator has set up the Gardener Discovery Server: annotate the Shoot with authentication.gardener.cloud/issuer: managed, which cannot be undone, and leave issuer out.'

export const GARDENER: Platform = {
  name: 'gardener',
  title: 'Gardener',
  description: 'serviceAccountConfig of the Shoot',
  keyDir: '',
  own: { alwaysVerifies: true },
  // Keys given by users were removed; the field is a tombstone (types_shoot.go).
  keys: 'its-own',
  // "kubernetes" and "gardener", whatever the issuer (pkg/component/shared/kubeapiserver.go).
  audiencesFollowIssuers: false,
  lacks: ['service-account-jwks-uri'],
  warnings: refusedIssuers,
  cannotServe: NOT_SERVED,
  guide,
  pages,
}

function pages(situation: Situation, settings: ApiServerSettings): Page[] {
  const server = ['spec', 'kubernetes', 'kubeAPIServer']
  return [
    {
      template: 'gardener.yaml',
      notes: headNotes(situation, settings),
      fills: [
        { at: [...server, 'serviceAccountConfig'], entries: issuerEntries(settings) },
        { at: [...server, 'apiAudiences'], entries: audienceEntries(settings) },
      ],
    },
  ]
}

/** ValidateOIDCIssuerURL in Gardener's validation of the Shoot. */
function refusedIssuers({ previousIssuers }: Situation): string[] {
  return previousIssuers
    .filter((issuer) => !issuer.startsWith('https://'))
    .map((issuer) => `Gardener refuses the issuer ${issuer}: it takes https URLs only.`)
}

function issuerEntries({ flags }: ApiServerSettings): Entry[] {
  const [issuer, ...others] = flags.filter(({ name }) => name === 'service-account-issuer')
  const reasons = [...new Set(others.map(({ why }) => why))]
  return [
    ...(issuer === undefined ? [] : [{ key: 'issuer', value: issuer.value, why: issuer.why }]),
    ...(others.length === 0
      ? []
      : [
          {
            key: 'acceptedIssuers',
            value: others.map(({ value }) => value),
            why: [
              ...reasons,
              "Gardener's default issuer is accepted whether it is here or not.",
            ].join(' '),
          },
        ]),
  ]
}

function audienceEntries({ flags }: ApiServerSettings): Entry[] {
  const audiences = flags.find(({ name }) => name === 'api-audiences')
  return (audiences?.value.split(',') ?? []).map((value, index) => ({
    value,
    why: index === 0 ? audiences?.why : undefined,
  }))
}

function guide({ phase }: Situation): Guide {
  return {
    takeOut: ['acceptedIssuers of serviceAccountConfig', 'apiAudiences'],
    copy: [],
    restart: [
      'Gardener replaces the API servers of the shoot one by one when the Shoot changes, at once or in its maintenance window.',
      ...(phase === 'finish' ? [BEFORE_FINISH] : []),
    ],
    check: [
      'Gardener serves the keys of the shoot to you alone. Whenever it rotates them (gardener.cloud/operation: rotate-serviceaccount-key-start), publish them at once: irsa init --jwks-from-cluster adds the new one.',
    ],
    cannot: ['A key of yours: Gardener makes the keys of a shoot and keeps them.'],
  }
}

/** docs/usage/security/shoot_serviceaccounts.md of Gardener */
const BEFORE_FINISH =
  'Before this, wait for 12 hours at least, until the components of Gardener have new tokens, and recreate the token secrets.'
