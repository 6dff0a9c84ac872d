import type { Door } from '../door.ts'
import { renamingProvider } from '../edits.ts'
import type { Ground, IssuerState } from '../ground.ts'
import { type ProviderName, arnOfProvider, readProviderArn } from '../../provider-arn.ts'
import { shellWord } from '../../shell.ts'
import type { DoorRule, Found } from './rule.ts'

/** Who vouches for tokens. */
export const PROVIDER_RULES: readonly DoorRule[] = [
  {
    id: 'trust/provider-elsewhere',
    severity: 'medium',
    title: 'The provider is of another account or partition',
    help: 'IAM looks for the OIDC provider in the account of the role, so a statement that names the provider of another account or partition lets nobody in. Name the provider of the same account.',
    look: elsewhere,
  },
  {
    id: 'trust/provider-gone',
    severity: 'medium',
    title: 'The provider does not exist any more',
    help: 'A statement that names an OIDC provider which the account does not have lets nobody in, until somebody makes a provider of that name again. Take the statement out, or make the provider again on purpose.',
    look: gone,
  },
  {
    id: 'trust/issuer-bucket-gone',
    severity: 'high',
    title: "The issuer's bucket is gone, and its name can be taken",
    help: 'Whoever makes a bucket of that name serves keys of their own for the issuer, and signs tokens for every role that trusts it. Delete the provider first, or make the bucket again before somebody else does.',
    look: bucketGone,
  },
  {
    id: 'trust/issuer-unresolved',
    severity: 'medium',
    title: "The issuer's host name does not exist",
    help: 'No token can be verified without the issuer. Should its name fall to somebody else, they sign tokens for every role that trusts it. Bring the name back, or delete the provider.',
    look: unresolved,
  },
]

function elsewhere({ provider }: Door, _: unknown, ground: Ground): readonly Found[] {
  const { partition, account, providers } = ground
  if (isHere(provider, ground)) return []
  const here = arnOfProvider({ partition, account, issuer: provider.issuer })
  const exists = providers?.has(here) === true
  const place =
    provider.partition === partition
      ? `account ${provider.account}`
      : `the partition ${provider.partition}`
  return [
    {
      severity: 'medium',
      summary: `It trusts a provider of ${place}: ${provider.arn}`,
      why: `IAM looks for the provider in the account of the role, ${account} of ${partition}, so this can never work.`,
      fix: exists
        ? `Name the provider of this account, ${here}.`
        : 'Take the statement out, or make the provider in this account and name it',
      command: exists ? undefined : creation(provider),
      advice: exists ? renamingProvider(provider.arn, here) : undefined,
      closes: true,
    },
  ]
}

const isHere = (provider: ProviderName, { partition, account }: Ground): boolean =>
  provider.partition === partition && provider.account === account

function gone({ provider, statement }: Door, _: unknown, ground: Ground): readonly Found[] {
  const { providers } = ground
  // What another account has is not known.
  if (providers === undefined || providers.has(provider.arn) || !isHere(provider, ground)) return []
  const named = statement.principals['Federated']?.includes(provider.arn) === true
  const alike = [...providers.keys()].find((arn) => spelling(arn) === spelling(provider.arn))
  const about = {
    severity: 'medium',
    summary: `The provider ${provider.arn} does not exist`,
    closes: true,
  } as const
  if (alike !== undefined) {
    const { issuer = '' } = readProviderArn(alike) ?? {}
    return [
      {
        ...about,
        why: `Nobody gets in. The account has a provider for ${issuer}, and the two are not the same for IAM.`,
        fix: `Name that one: ${alike}.`,
        advice: renamingProvider(provider.arn, alike),
      },
    ]
  }
  return [
    {
      ...about,
      why: 'Nobody gets in now. Whoever may make a provider of that name, or comes by the issuer before that, decides who does.',
      fix: `Take ${named ? 'the provider' : 'the statement'} out, or make the provider again`,
      command: creation(provider),
      mend: named ? renamingProvider(provider.arn, undefined) : undefined,
    },
  ]
}

const creation = ({ issuer }: ProviderName): string =>
  `irsa create-provider --issuer ${shellWord(`https://${issuer}`)}`

/** What people mix up: case, and a slash at the end. */
const spelling = (arn: string): string => arn.toLowerCase().replace(/\/+$/, '')

function stateOf<Kind extends IssuerState['kind']>(
  { provider }: Door,
  { providers }: Ground,
  kind: Kind,
): Extract<IssuerState, { kind: Kind }> | undefined {
  const state = providers?.get(provider.arn)?.issuer
  return state?.kind === kind ? (state as Extract<IssuerState, { kind: Kind }>) : undefined
}

/** S3 user guide, gpbucketnamespaces.html: only the account in the name can have such a bucket. */
const ACCOUNT_REGIONAL = /-\d{12}-[a-z]{2,}-[a-z-]+-\d+-an$/

const deletion = (arn: string): string =>
  `aws iam delete-open-id-connect-provider --open-id-connect-provider-arn ${shellWord(arn)}`

function bucketGone(door: Door, _: unknown, ground: Ground): readonly Found[] {
  const state = stateOf(door, ground, 'bucket-gone')
  if (state === undefined) return []
  const { bucket } = state
  const owned = ACCOUNT_REGIONAL.exec(bucket) !== null
  return [
    {
      severity: owned ? 'medium' : 'high',
      summary: `The bucket ${bucket}, which served the issuer ${door.provider.issuer}, does not exist any more`,
      why: owned
        ? 'No token can be verified. The name is in the namespace of one account, so no other can take it.'
        : 'Any AWS account can make a bucket of that name now, publish its own keys there, and sign tokens for every role that trusts this issuer.',
      fix: 'Make the bucket again with irsa apply, or, if the cluster is gone, delete the provider',
      command: deletion(door.provider.arn),
    },
  ]
}

function unresolved(door: Door, _: unknown, ground: Ground): readonly Found[] {
  const state = stateOf(door, ground, 'unresolved')
  if (state === undefined) return []
  return [
    {
      severity: 'medium',
      summary: `The host of the issuer, ${state.host}, does not exist in the DNS`,
      why: 'No token can be verified now. Should the name fall to somebody else, such as with a domain that has run out, they sign tokens for every role that trusts this issuer.',
      fix: 'Bring the name back, or, if the cluster is gone, delete the provider',
      command: deletion(door.provider.arn),
    },
  ]
}
