import type { AccountBlock, Caller, PublicAccessBlock } from '../../ports/aws.ts'
import type { Clients } from './clients.ts'
import { codeOf, translate } from './errors.ts'

/** Who is calling. Needs no permission; it is also where bad credentials come to light. */
export async function readCaller(clients: Clients): Promise<Caller> {
  try {
    const [client, { GetCallerIdentityCommand }] = await Promise.all([
      clients.sts(),
      import('./sdk/sts.ts'),
    ])
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}))
    const arn = Arn ?? ''
    return { account: Account ?? '', arn, partition: arn.split(':')[1] ?? 'aws' }
  } catch (error) {
    throw translate(error, {
      operation: 'GetCallerIdentity',
      resource: 'the caller',
      profile: clients.profile,
    })
  }
}

/**
 * What blocks public buckets in the whole account, the organization's policy included.
 *
 * It is a preflight: where it cannot be told (permission missing, an endpoint that S3 Control's
 * `<account>.` host prefix does not fit) the answer is `unknown`, and S3 itself decides later.
 */
export async function readAccountBlock(clients: Clients, account: string): Promise<AccountBlock> {
  try {
    const [client, { GetPublicAccessBlockCommand }] = await Promise.all([
      clients.s3Control(),
      import('./sdk/s3-control.ts'),
    ])
    const { PublicAccessBlockConfiguration: block } = await client.send(
      new GetPublicAccessBlockCommand({ AccountId: account }),
    )
    return block === undefined ? 'none' : blockOf(block)
  } catch (error) {
    return codeOf(error) === 'NoSuchPublicAccessBlockConfiguration' ? 'none' : 'unknown'
  }
}

/** S3's four optional switches as four booleans; a switch that is not set is off. */
export function blockOf(block: {
  BlockPublicAcls?: boolean | undefined
  IgnorePublicAcls?: boolean | undefined
  BlockPublicPolicy?: boolean | undefined
  RestrictPublicBuckets?: boolean | undefined
}): PublicAccessBlock {
  return {
    blockPublicAcls: block.BlockPublicAcls ?? false,
    ignorePublicAcls: block.IgnorePublicAcls ?? false,
    blockPublicPolicy: block.BlockPublicPolicy ?? false,
    restrictPublicBuckets: block.RestrictPublicBuckets ?? false,
  }
}
