import { type Issuer, withoutScheme } from './issuer.ts'

/** What the ARN of an IAM OIDC provider consists of. */
export interface ProviderParts {
  readonly partition: string
  /** Twelve digits, where nobody has mistyped them. */
  readonly account: string
  /** Host and path of the issuer, as condition keys have it. */
  readonly issuer: string
}

/** An IAM OIDC provider, as its ARN names it. */
export interface ProviderName extends ProviderParts {
  readonly arn: string
}

/** Service authorization reference, list_awsidentityandaccessmanagementiam.html: `oidc-provider`. */
const PROVIDER_ARN = /^arn:([\w-]+):iam::(\d*):oidc-provider\/(.+)$/

/** The ARN that IAM derives from the URL of a provider, so that nothing is searched. */
export const arnOfProvider = ({ partition, account, issuer }: ProviderParts): string =>
  `arn:${partition}:iam::${account}:oidc-provider/${issuer}`

/** The ARN of the issuer's IAM OIDC provider. */
export const providerArn = (issuer: Issuer, account: string, partition: string): string =>
  arnOfProvider({ partition, account, issuer: withoutScheme(issuer) })

/** Undefined where it is the ARN of something else. */
export function readProviderArn(arn: string): ProviderName | undefined {
  const [, partition = '', account = '', issuer] = PROVIDER_ARN.exec(arn) ?? []
  return issuer === undefined ? undefined : { arn, partition, account, issuer }
}
