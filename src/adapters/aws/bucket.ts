import type { S3Client } from './sdk/s3.ts'
import { bucketInOtherRegion, bucketOutOfReach } from '../../core/problems/bucket.ts'
import type { Bucket } from '../../ports/aws.ts'
import { blockOf } from './account.ts'
import { bucketDocuments, listVersions } from './bucket-documents.ts'
import { bucketProblem, closedWhileNew, notThereYet } from './bucket-problems.ts'
import type { Clients } from './clients.ts'
import { codeOf, statusOf, translate } from './errors.ts'
import { tagList } from './tags.ts'

/** The SDK's S3 module, the client, and what goes with every request to one bucket. */
export interface BucketCalls {
  readonly name: string
  readonly target: { readonly Bucket: string; readonly ExpectedBucketOwner: string }
  /** Runs one call. Codes in `absent` answer undefined; everything else is translated. */
  run<T>(
    operation: string,
    call: (s3: S3Client, sdk: typeof import('./sdk/s3.ts')) => Promise<T>,
    absent?: readonly string[],
  ): Promise<T | undefined>
}

/** One bucket of `owner`. Nothing is sent before a method is called. */
export function s3Bucket(clients: Clients, region: string, name: string, owner: string): Bucket {
  const calls = bucketCalls(clients, name, owner)
  const { run, target } = calls
  return {
    name,
    exists: () => bucketExists(calls, region),

    async create(tags) {
      await run('CreateBucket', (s3, sdk) =>
        s3.send(
          new sdk.CreateBucketCommand({
            Bucket: name,
            // Only buckets of the account's own namespace may end so (S3, gpbucketnamespaces.html).
            ...(name.endsWith('-an') ? { BucketNamespace: 'account-regional' as const } : {}),
            // No LocationConstraint: the SDK adds the right one, and none in us-east-1.
            CreateBucketConfiguration: { Tags: tagList(tags) },
          }),
        ),
      )
    },

    async tags() {
      const answer = await run(
        'GetBucketTagging',
        (s3, sdk) => s3.send(new sdk.GetBucketTaggingCommand(target)),
        ['NoSuchTagSet'],
      )
      return Object.fromEntries((answer?.TagSet ?? []).map(({ Key, Value }) => [Key, Value]))
    },

    async publicAccessBlock() {
      const answer = await run(
        'GetPublicAccessBlock',
        (s3, sdk) => s3.send(new sdk.GetPublicAccessBlockCommand(target)).catch(closedWhileNew),
        ['NoSuchPublicAccessBlockConfiguration'],
      )
      const block = answer?.PublicAccessBlockConfiguration
      return block === undefined ? undefined : blockOf(block)
    },

    async setPublicAccessBlock(block) {
      const PublicAccessBlockConfiguration = {
        BlockPublicAcls: block.blockPublicAcls,
        IgnorePublicAcls: block.ignorePublicAcls,
        BlockPublicPolicy: block.blockPublicPolicy,
        RestrictPublicBuckets: block.restrictPublicBuckets,
      }
      await run('PutPublicAccessBlock', (s3, sdk) =>
        s3.send(new sdk.PutPublicAccessBlockCommand({ ...target, PublicAccessBlockConfiguration })),
      )
    },

    async policy() {
      const answer = await run(
        'GetBucketPolicy',
        (s3, sdk) => s3.send(new sdk.GetBucketPolicyCommand(target)),
        ['NoSuchBucketPolicy', 'NoSuchBucket'],
      )
      return answer?.Policy
    },

    async setPolicy(text) {
      await run('PutBucketPolicy', (s3, sdk) =>
        s3.send(new sdk.PutBucketPolicyCommand({ ...target, Policy: text })),
      )
    },

    async deletePolicy() {
      await run('DeleteBucketPolicy', (s3, sdk) =>
        s3.send(new sdk.DeleteBucketPolicyCommand(target)),
      )
    },

    async keysExcept(ours) {
      const keys = (await listVersions(calls, '')).map(({ key }) => key)
      return [...new Set(keys)].filter((key) => !ours.includes(key))
    },

    async remove() {
      await run('DeleteBucket', (s3, sdk) => s3.send(new sdk.DeleteBucketCommand(target)), [
        'NoSuchBucket',
      ])
    },

    documents: (prefix) => bucketDocuments(calls, prefix),
  }
}

/** The calls to one bucket of `owner`. */
export function bucketCalls(clients: Clients, name: string, owner: string): BucketCalls {
  return {
    name,
    target: { Bucket: name, ExpectedBucketOwner: owner },
    async run(operation, call, absent = []) {
      try {
        const [client, sdk] = await Promise.all([clients.s3(), import('./sdk/s3.ts')])
        return await call(client, sdk)
      } catch (error) {
        if (absent.includes(codeOf(error))) return undefined
        const problem = translate(error, { operation, resource: `the bucket ${name}` })
        throw bucketProblem(error, name) ?? notThereYet(error, problem, operation) ?? problem
      }
    },
  }
}

async function bucketExists({ name, target, run }: BucketCalls, region: string): Promise<boolean> {
  const answer = await run('HeadBucket', async (s3, sdk) => {
    try {
      return await s3.send(new sdk.HeadBucketCommand(target))
    } catch (error) {
      // A refused HEAD has no body, so the SDK can only call it "Unknown": ask status and headers.
      const elsewhere = regionHeader(error)
      if (statusOf(error) === 404) return undefined
      if (elsewhere !== undefined && elsewhere !== region) {
        throw bucketInOtherRegion(name, region, elsewhere)
      }
      if (statusOf(error) === 403) throw bucketOutOfReach(name, error)
      throw error
    }
  })
  const found = answer?.BucketRegion
  if (found !== undefined && found !== region) throw bucketInOtherRegion(name, region, found)
  return answer !== undefined
}

function regionHeader(error: unknown): string | undefined {
  const { $response } = error as { $response?: { headers?: Record<string, string> } }
  return $response?.headers?.['x-amz-bucket-region']
}
