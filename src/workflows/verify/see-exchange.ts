import { partitionNeedsRegion } from '../../core/problems/workload.ts'
import { parseRoleArn, type RoleArn } from '../../core/role-arn.ts'
import { type Seen, seen, unseen } from '../../core/verify/link.ts'
import { mayBePassing } from '../../core/verify/sts.ts'
import type { ExchangeSeen } from '../../core/verify/sights.ts'
import type { Aws } from '../../ports/aws.ts'
import { findRegion } from '../connect.ts'
import type { Walk } from './walk.ts'

/** STS in the region where everybody has it: API_AssumeRoleWithWebIdentity takes any. */
const ANY_REGION = 'us-east-1'

/** Long enough for a burst of first calls to be over. */
const PAUSE_MS = 500

/**
 * Exchanges the token for the role. That takes no credentials, and those that come of it are kept by
 * nobody. What may pass is asked once more.
 *
 * @throws Problem `network/…`, `aws/…`
 */
export async function seeExchange(walk: Walk): Promise<Seen<ExchangeSeen>> {
  const { world, given, sights } = walk
  if (!given.asksAws) return unseen('--no-aws leaves STS out', 'Leave --no-aws out.')
  const [token, named] = await Promise.all([sights.token(), sights.roleName()])
  if (token.kind === 'unseen') return unseen(`no exchange: ${token.why}`, token.takes)
  if (named.kind === 'unseen') return unseen(`no exchange: ${named.why}`, named.takes)
  const role = parseRoleArn(named.value.text)
  const { aws, region } = await openSts(walk, role)
  const request = { roleArn: role.arn, token: token.value.text, sessionName: 'irsa-verify' }
  const answer = await aws.assume(request)
  if (!mayBePassing(answer)) return seen({ answer, role, region })
  await world.clock.sleep(PAUSE_MS)
  return seen({ answer: await aws.assume(request), role, region })
}

/** The account at hand where there is one, else any STS of the partition. @throws Problem `workload/region-missing` */
async function openSts(
  { world, given, sights }: Walk,
  role: RoleArn,
): Promise<{ readonly aws: Pick<Aws, 'assume'>; readonly region: string }> {
  const opened = await sights.aws()
  if (opened.kind === 'seen') return opened.value
  const { profile, endpointUrl } = world.options
  const known = await findRegion(world, given.file?.config.region)
  if (known === undefined && role.partition !== 'aws') throw partitionNeedsRegion(role.arn)
  const region = known ?? ANY_REGION
  return { aws: await world.aws({ region, profile, endpointUrl }), region }
}
