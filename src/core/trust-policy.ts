import { type Issuer, withoutScheme } from './issuer.ts'
import { type ServiceAccount, subjectOf } from './service-account.ts'

export interface Trust {
  readonly providerArn: string
  readonly issuer: Issuer
  readonly serviceAccount: ServiceAccount
  readonly audience: string
}

/**
 * The trust policy that lets one service account assume a role, and nothing else: `aud` and `sub`
 * both, since without either every token of the cluster, or every token for another audience, would do.
 * Condition keys name the issuer without its scheme (IAM, reference_policies_iam-condition-keys.html).
 */
export function trustPolicy({ providerArn, issuer, serviceAccount, audience }: Trust) {
  const claims = withoutScheme(issuer)
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${claims}:aud`]: audience,
            [`${claims}:sub`]: subjectOf(serviceAccount),
          },
        },
      },
    ],
  }
}
