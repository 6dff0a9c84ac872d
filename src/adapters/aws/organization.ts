import { isObject } from '../../core/jwk.ts'
import type { Clients } from './clients.ts'
import { codeOf, translate } from './errors.ts'

/** Organizations API reference, API_DescribeEffectivePolicy.html, "Errors": nobody imposes anything. */
const NOTHING_IMPOSED = new Set(['AWSOrganizationsNotInUse', 'EffectivePolicyNotFound'])

/** Whether the S3 policies of the organization, taken together, block public access in this account. */
export async function organizationBlocks(clients: Clients): Promise<boolean> {
  try {
    const [client, { DescribeEffectivePolicyCommand }] = await Promise.all([
      clients.organizations(),
      import('./sdk/organizations.ts'),
    ])
    const { EffectivePolicy } = await client.send(
      new DescribeEffectivePolicyCommand({ PolicyType: 'S3_POLICY' }),
    )
    return blocksAll(EffectivePolicy?.PolicyContent ?? '{}')
  } catch (error) {
    if (NOTHING_IMPOSED.has(codeOf(error).replace(/Exception$/, ''))) return false
    throw translate(error, {
      operation: 'DescribeEffectivePolicy',
      resource: 'the S3 policy of the organization',
    })
  }
}

/**
 * Organizations user guide, orgs_manage_policies_s3_syntax.html: `all` or `none`. Effective policies
 * have the value without its operator, as those of other types do; both forms are read.
 */
function blocksAll(content: string): boolean {
  const { s3_attributes: attributes } = Object(JSON.parse(content)) as Record<string, unknown>
  const { public_access_block_configuration: block } = Object(attributes) as Record<string, unknown>
  return (isObject(block) ? block['@@assign'] : block) === 'all'
}
