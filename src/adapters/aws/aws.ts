import type { Aws, Caller } from '../../ports/aws.ts'
import { readAccountBlock, readCaller } from './account.ts'
import { s3BucketLook } from './bucket-look.ts'
import { s3Bucket } from './bucket.ts'
import { awsClients, type ClientSettings } from './clients.ts'
import { organizationBlocks } from './organization.ts'
import { iamProvider, listProviders } from './provider.ts'
import { iamRoles } from './role.ts'
import { assumeWithToken } from './web-identity.ts'

/** The AWS account behind these settings. Nothing is loaded or sent before it is asked. */
export function awsAccount(settings: ClientSettings): Aws {
  const clients = awsClients(settings)
  let caller: Promise<Caller> | undefined
  const whoCalls = (): Promise<Caller> => (caller ??= readCaller(clients))
  return {
    region: settings.region,
    customS3Endpoint: clients.endpointOf('S3'),
    caller: whoCalls,
    // What cannot be loaded is reported by whoever uses it.
    warmUp: () => void Promise.allSettled([clients.s3(), clients.iam()]),
    accountBlock: async () => readAccountBlock(clients, (await whoCalls()).account),
    organizationBlocks: () => organizationBlocks(clients),
    bucket: (name, owner) => s3Bucket(clients, settings.region, name, owner),
    lookAtBucket: (name, owner) => s3BucketLook(clients, name, owner),
    provider: (url, arn) => iamProvider(clients, url, arn),
    providers: () => listProviders(clients),
    roles: () => iamRoles(clients),
    assume: (request) => assumeWithToken(clients, request),
  }
}
