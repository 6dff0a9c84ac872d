import { expect, test } from 'vitest'
import { parseIssuer } from '../../src/core/issuer.ts'
import { providerArn } from '../../src/core/provider-arn.ts'
import { parseSubject } from '../../src/core/subject.ts'
import { trustPolicy } from '../../src/core/trust-policy.ts'

const subjects = [parseSubject('shop/checkout', false)]

test.each([
  ['https://oidc.example.com', 'aws', 'oidc.example.com'],
  [
    'https://s3.cn-north-1.amazonaws.com.cn/oidc/blue',
    'aws-cn',
    's3.cn-north-1.amazonaws.com.cn/oidc/blue',
  ],
])('%s: aud and sub of one service account', (url, partition, claims) => {
  const issuer = parseIssuer(url)
  const arn = providerArn(issuer, '111122223333', partition)
  const trust = { providerArn: arn, issuer, subjects, audiences: ['sts.amazonaws.com'] }
  expect(trustPolicy(trust)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:${partition}:iam::111122223333:oidc-provider/${claims}` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${claims}:aud`]: 'sts.amazonaws.com',
            [`${claims}:sub`]: 'system:serviceaccount:shop:checkout',
          },
        },
      },
    ],
  })
})
