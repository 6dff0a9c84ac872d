import type { TrustStatement } from '../trust-statement.ts'
import { nearest } from '../nearest.ts'
import { type ProviderParts, readProviderArn } from '../provider-arn.ts'
import { issuerDifference, looseIssuer } from './issuer-difference.ts'
import type { Miss } from './trust-misses.ts'

/** What the two lines of a difference begin with. */
export const TRUST_LABELS = { wanted: 'needed', found: 'trust policy' }

const NOBODY: ProviderParts = { partition: '', account: '', issuer: '' }

/** What is wrong with the providers that a statement names: ours is not among them. */
export function providerMiss({ principals }: TrustStatement, ours: string): Miss {
  const named = (principals['Federated'] ?? []).filter((one) => one.includes('oidc-provider/'))
  const theirs = nearest(ours, named)
  const differs = issuerDifference(ours, theirs, TRUST_LABELS)
  const { partition, account, issuer: url } = readProviderArn(theirs) ?? NOBODY
  const {
    partition: ourPartition,
    account: ourAccount,
    issuer: ourUrl,
  } = readProviderArn(ours) ?? NOBODY
  const miss = (what: string, summary: string, because: string): Miss => ({
    id: `role/trust-${what}`,
    summary,
    why: `${because}\n${differs.marked}`,
  })
  if (looseIssuer(url) !== looseIssuer(ourUrl)) {
    return miss(
      'other-provider',
      `It trusts the provider ${theirs}, not that of this issuer`,
      'STS asks a role about the provider of the token, and no other.',
    )
  }
  if (url !== ourUrl) {
    return miss(
      'provider-spelling',
      `It spells the provider of this issuer ${theirs}`,
      'IAM compares ARNs byte for byte, and names a provider by its issuer without https://.',
    )
  }
  if (partition !== ourPartition) {
    return miss(
      'other-partition',
      `It trusts a provider of the partition ${partition}, and this one is in ${ourPartition}`,
      'Nothing of one partition is known in another.',
    )
  }
  return miss(
    'other-account',
    `It trusts the provider of account ${account}, and this one is in ${ourAccount}`,
    'STS looks for the provider in the account of the role, and the two have to agree.',
  )
}
