/**
 * The IAM action behind an SDK operation, where the two are named differently.
 * Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3".
 */
const RENAMED: Readonly<Record<string, string>> = {
  HeadBucket: 's3:ListBucket',
  // irsa deletes every version by its id, which takes another permission than a plain DELETE.
  DeleteObject: 's3:DeleteObjectVersion',
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  ListObjectVersions: 's3:ListBucketVersions',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock',
  PutPublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  DescribeEffectivePolicy: 'organizations:DescribeEffectivePolicy',
  GetCallerIdentity: 'sts:GetCallerIdentity',
  AssumeRoleWithWebIdentity: 'sts:AssumeRoleWithWebIdentity',
  GetAccountAuthorizationDetails: 'iam:GetAccountAuthorizationDetails',
  GetPolicy: 'iam:GetPolicy',
  GetPolicyVersion: 'iam:GetPolicyVersion',
}

/** The permission a caller needs for one of the operations irsa calls. */
export function permissionFor(operation: string): string {
  const renamed = RENAMED[operation]
  if (renamed !== undefined) return renamed
  return /OpenIDConnect|Role/.test(operation) ? `iam:${operation}` : `s3:${operation}`
}
