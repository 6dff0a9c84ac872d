import type { RoleArn } from '../role-arn.ts'
import type { Finding, Remedy } from './finding.ts'
import { issuerDifference } from './issuer-difference.ts'
import { type Unseen, unseen } from './link.ts'
import type { CloseProvider } from './provider-spelling.ts'
import type { ProviderSeen } from './sights.ts'

/** The account that the provider has to be in, and who says so. */
export interface ExpectedAccount {
  /** Twelve digits. */
  readonly account: string
  /** A clause, such as `irsa.yaml puts the provider into`. */
  readonly says: string
}

/** What says where the provider has to be. */
interface Expectations {
  readonly role: Pick<RoleArn, 'account'> | undefined
  readonly file: { readonly shown: string; readonly account: string | undefined } | undefined
}

/** A role's provider is in its own account (IAM user guide, id_roles_create_for-idp_oidc.html). */
export function expectedAccount({ role, file }: Expectations): ExpectedAccount | undefined {
  if (role !== undefined) return { account: role.account, says: 'the role is in' }
  if (file?.account === undefined) return undefined
  return { account: file.account, says: `${file.shown} puts the provider into` }
}

/** What can be said with credentials of another account. */
export const otherCredentials = (own: string, { account, says }: ExpectedAccount): Unseen =>
  unseen(
    `These credentials are of account ${own}, and ${says} account ${account}`,
    `Use credentials of account ${account}, with --profile.`,
  )

/** A provider that is missing, and what else is known. */
export interface MissingProvider {
  readonly issuer: string
  readonly account: string
  readonly close: CloseProvider | undefined
  /** Where irsa.yaml puts it, if that is another account. */
  readonly elsewhere: { readonly shown: string; readonly account: string } | undefined
}

const STS_SAYS = 'STS answers "No OpenIDConnect provider found in your account".'

/** What is wrong where IAM has no provider for the issuer, byte for byte. */
export function missingProvider(missing: MissingProvider, remedy: Remedy): Finding {
  const { issuer, account, close, elsewhere } = missing
  if (close?.same === true) return otherSpelling(issuer, close.url, remedy)
  if (elsewhere !== undefined) {
    return {
      id: 'provider/other-account',
      severity: 'high',
      summary: `Account ${account} has no provider for ${issuer}; ${elsewhere.shown} puts it into account ${elsewhere.account}`,
      why: `A role trusts providers of its own account only, and the role is in account ${account}. ${STS_SAYS}`,
      ...remedy,
    }
  }
  return {
    id: 'provider/missing',
    severity: 'high',
    summary: `Account ${account} has no provider for ${issuer}`,
    why: close === undefined ? WITHOUT : `${WITHOUT}\n${nearestOne(issuer, close.url)}`,
    ...remedy,
  }
}

const WITHOUT = `Without one no role of the account can trust the issuer. ${STS_SAYS}`

const LABELS = { wanted: 'issuer', found: 'provider' }

const nearestOne = (issuer: string, url: string): string =>
  `The one that comes closest:\n${issuerDifference(issuer, url, LABELS).marked}`

function otherSpelling(issuer: string, url: string, remedy: Remedy): Finding {
  const { by, marked } = issuerDifference(issuer, url, LABELS)
  return {
    id: 'provider/other-spelling',
    severity: 'high',
    summary: `The provider is there for another spelling of the issuer: it differs by ${by}`,
    why: `STS looks for the issuer of the token byte for byte. ${STS_SAYS}\n${marked}`,
    ...remedy,
  }
}

/** A provider that lets no token in. */
export const noAudiences = ({ arn }: ProviderSeen, remedy: Remedy): Finding => ({
  id: 'provider/no-audience',
  severity: 'high',
  summary: `${arn} takes no audience at all`,
  why: 'Every token is for some audience, and it has to be one of the provider. STS answers "Incorrect token audience".',
  ...remedy,
})
