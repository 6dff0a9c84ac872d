/** S3's four switches; the effective value is the most restrictive of organization, account, bucket. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

/** The switches as aws-cli takes them, open to public bucket policies; those for ACLs stay as they are. */
export const openedForPolicies = ({
  blockPublicAcls,
  ignorePublicAcls,
}: Pick<PublicAccessBlock, 'blockPublicAcls' | 'ignorePublicAcls'>): string =>
  `BlockPublicAcls=${blockPublicAcls},IgnorePublicAcls=${ignorePublicAcls},BlockPublicPolicy=false,RestrictPublicBuckets=false`
