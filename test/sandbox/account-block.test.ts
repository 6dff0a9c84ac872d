import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
} from '@aws-sdk/client-s3'
import {
  DeletePublicAccessBlockCommand,
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand as PutAccountBlockCommand,
} from '@aws-sdk/client-s3-control'
import { expect, test } from 'vitest'
import { clientsFor, refusal, sandboxForTests } from './clients.ts'

const sandbox = await sandboxForTests()
const { s3, s3Control } = clientsFor(sandbox)
const AccountId = sandbox.account
const open = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: false,
  RestrictPublicBuckets: false,
}
const shut = { ...open, BlockPublicPolicy: true }
const read = () => s3Control.send(new GetPublicAccessBlockCommand({ AccountId }))
const write = (PublicAccessBlockConfiguration: typeof open) =>
  s3Control.send(new PutAccountBlockCommand({ AccountId, PublicAccessBlockConfiguration }))

test('the account-level block is absent until it is put, and can be removed', async () => {
  expect(await refusal(read())).toBe('404 NoSuchPublicAccessBlockConfiguration')
  await write(shut)
  expect((await read()).PublicAccessBlockConfiguration).toEqual(shut)
  await s3Control.send(new DeletePublicAccessBlockCommand({ AccountId }))
  expect(await refusal(read())).toBe('404 NoSuchPublicAccessBlockConfiguration')
})

test('a public policy is refused where only the account blocks it', async () => {
  const Bucket = 'blocked-by-account'
  await s3.send(new CreateBucketCommand({ Bucket }))
  const configuration = { Bucket, PublicAccessBlockConfiguration: open }
  await s3.send(new PutPublicAccessBlockCommand(configuration))
  const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 's3:GetObject' }
  const Policy = JSON.stringify({
    Statement: [{ ...statement, Resource: `arn:aws:s3:::${Bucket}/*` }],
  })
  const put = () => refusal(s3.send(new PutBucketPolicyCommand({ Bucket, Policy })))
  await write(shut)
  expect(await put()).toBe('403 AccessDenied')
  await write(open)
  expect(await put()).toBe('it was done')
})

test("an organisation's policy blocks everything and cannot be changed from below", async () => {
  sandbox.state.organizationEnforced = true
  expect((await read()).PublicAccessBlockConfiguration?.RestrictPublicBuckets).toBe(true)
  expect(await refusal(write(open))).toBe('403 AccessDenied')
  sandbox.state.organizationEnforced = false
  expect((await read()).PublicAccessBlockConfiguration).toEqual(open)
})

test('another account is none of our business', async () => {
  const other = new GetPublicAccessBlockCommand({ AccountId: '999988887777' })
  const endpoint = sandbox.url.replace('localhost', 's3-control.localhost')
  // Its host name is not in the certificate either, as it would not be reachable in AWS.
  await expect(clientsFor(sandbox, { endpoint }).s3Control.send(other)).rejects.toThrow(/altnames/)
})
