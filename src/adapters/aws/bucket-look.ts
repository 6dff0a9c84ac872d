import type { BucketLook } from '../../ports/aws.ts'
import { bucketCalls } from './bucket.ts'
import type { Clients } from './clients.ts'
import { statusOf } from './errors.ts'

/** One bucket of `owner`, looked at. Nothing is sent before a method is called. */
export function s3BucketLook(clients: Clients, name: string, owner: string): BucketLook {
  const { run, target } = bucketCalls(clients, name, owner)
  return {
    async object(key) {
      const found = await run(
        'ListObjectsV2',
        (s3, sdk) =>
          s3.send(
            // In the order of their names, so that the key itself comes before what begins with it.
            new sdk.ListObjectsV2Command({ ...target, Prefix: key, MaxKeys: 1, FetchOwner: true }),
          ),
        ['NoSuchBucket'],
      )
      if (found === undefined) return 'no-bucket'
      const [first] = found.Contents ?? []
      return first?.Key === key ? { owner: first.Owner?.ID } : 'none'
    },

    async encryption(key) {
      const found = await run('HeadObject', async (s3, sdk) => {
        try {
          return await s3.send(new sdk.HeadObjectCommand({ ...target, Key: key }))
        } catch (error) {
          if (statusOf(error) === 404) return undefined
          throw error
        }
      })
      return found?.ServerSideEncryption
    },

    async ownership() {
      const found = await run(
        'GetBucketOwnershipControls',
        (s3, sdk) => s3.send(new sdk.GetBucketOwnershipControlsCommand(target)),
        ['OwnershipControlsNotFoundError', 'NoSuchBucket'],
      )
      return found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership
    },

    async owner() {
      const found = await run(
        'GetBucketAcl',
        (s3, sdk) => s3.send(new sdk.GetBucketAclCommand(target)),
        ['NoSuchBucket'],
      )
      return found?.Owner?.ID
    },

    async payer() {
      const found = await run(
        'GetBucketRequestPayment',
        (s3, sdk) => s3.send(new sdk.GetBucketRequestPaymentCommand(target)),
        ['NoSuchBucket'],
      )
      return found?.Payer
    },
  }
}
