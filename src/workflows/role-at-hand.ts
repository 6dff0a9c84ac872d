import { checkAudience } from '../core/audience.ts'
import { type Config, type RoleEntry, usualAudience } from '../core/config.ts'
import { checkRegion, partitionOf } from '../core/partition.ts'
import { flagMissing } from '../core/problems/usage.ts'
import { partitionNeedsRegion, roleOfOtherPartition } from '../core/problems/workload.ts'
import { DEFAULT_PATH } from '../core/role.ts'
import { parseRoleArn, type RoleArn, roleArnOf } from '../core/role-arn.ts'
import { entryFor, entryName, subjectsOf } from '../core/role-entry.ts'
import { type ServiceAccount, shownServiceAccount, subjectOf } from '../core/service-account.ts'
import { covers } from '../core/subject.ts'
import type { World } from '../ports/world.ts'

/** The flags that say which role, and with which tokens. */
export interface RoleFlags {
  readonly roleArn?: string
  readonly audience?: string
  /** Seconds. */
  readonly tokenExpiration?: number
}

/** A role, and the audience its trust asks for. */
export interface RoleAtHand {
  readonly role: RoleArn
  readonly audience: string
}

/**
 * The role of a service account: the one that was named, else the one in irsa.yaml. AWS is not
 * asked whether it is there.
 *
 * @throws Problem `role/arn-invalid`, `usage/flag-missing`, `provider/audience-invalid`
 */
export function roleAtHand(
  serviceAccount: ServiceAccount,
  flags: RoleFlags,
  config: Config | undefined,
): RoleAtHand {
  const entry = config && entryOf(serviceAccount, config)
  const audience = flags.audience ?? entry?.audience ?? usualAudience(config?.audiences ?? [])
  checkAudience(audience)
  if (flags.roleArn !== undefined) return { role: parseRoleArn(flags.roleArn), audience }
  const role = entry && roleOfEntry(entry, config)
  if (role !== undefined) return { role, audience }
  throw flagMissing(
    '--role-arn',
    `It is the role that pods of ${shownServiceAccount(serviceAccount)} get, and no role of an irsa.yaml here is for them.`,
  )
}

/** The entry that names the service account, else one whose wildcard covers it. */
export const entryOf = (serviceAccount: ServiceAccount, config: Config): RoleEntry | undefined =>
  entryFor(config, { serviceAccount: shownServiceAccount(serviceAccount) }) ??
  config.roles?.find((entry) =>
    subjectsOf(entry).some((subject) => covers(subject, subjectOf(serviceAccount))),
  )

/** Where `apply` makes it. @throws Problem `usage/flag-missing` where it was there before, wherever */
function roleOfEntry(entry: RoleEntry, config: Config): RoleArn | undefined {
  const [provider] = config.providers
  if (provider === undefined) return undefined
  if (entry.adopt === true && entry.path === undefined) {
    throw flagMissing(
      '--role-arn',
      `The role ${entryName(entry, config.name)} was there before irsa, and nothing says under which path; a path next to adopt in irsa.yaml would.`,
    )
  }
  const place = {
    partition: partitionOf(config.region).id,
    account: provider.account,
    path: entry.path ?? DEFAULT_PATH,
    name: entryName(entry, config.name),
  }
  return { arn: roleArnOf(place), ...place }
}

/**
 * The region the pods use: flag, irsa.yaml, then the AWS configuration of whoever calls this. The
 * partition aws gets along without one.
 *
 * @throws Problem `usage/region-invalid`, `workload/other-partition`, `workload/region-missing`
 */
export async function regionAtHand(
  { options, configuredRegion }: Pick<World, 'options' | 'configuredRegion'>,
  role: RoleArn,
  config: Config | undefined,
): Promise<string | undefined> {
  const region = options.region ?? config?.region ?? (await configuredRegion(options.profile))
  if (region === undefined) {
    if (role.partition !== 'aws') throw partitionNeedsRegion(role.arn)
    return undefined
  }
  checkRegion(region)
  const { id } = partitionOf(region)
  if (id !== role.partition) throw roleOfOtherPartition(role.arn, region, id)
  return region
}
