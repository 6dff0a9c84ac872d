import { CreateOpenIDConnectProviderCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { clientsFor, sandboxForTests } from './clients.ts'

const account = '444455556666'
const sandboxes = await Promise.all(
  [
    ['eu-west-3', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
  ].map(async ([region = '', partition = '']) => ({
    region,
    partition,
    sandbox: await sandboxForTests({ region, account }),
  })),
)

test.each(sandboxes)('in $region, ARNs are of $partition', async ({ sandbox, partition }) => {
  const { iam, sts } = clientsFor(sandbox)
  const identity = await sts.send(new GetCallerIdentityCommand())
  expect(identity.Account).toBe(account)
  expect(identity.Arn).toBe(`arn:${partition}:iam::${account}:user/sandbox`)
  const Url = 'https://issuer.example'
  const input = { Url, ThumbprintList: ['0'.repeat(40)] }
  const created = await iam.send(new CreateOpenIDConnectProviderCommand(input))
  expect(created.OpenIDConnectProviderArn).toBe(
    `arn:${partition}:iam::${account}:oidc-provider/issuer.example`,
  )
})
