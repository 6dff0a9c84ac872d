import { IAM_AT_A_TIME, lanes } from '../../core/lanes.ts'
import { Problem } from '../../core/problems/problem.ts'
import type { Role } from '../../core/role.ts'
import type { RoleLook, RoleQuery, RoleStore, RoleSurvey } from '../../ports/aws.ts'
import type { World } from '../../ports/world.ts'
import { during } from '../during.ts'

/** The roles that concern us, and what could not be read of them. */
export interface RolesRead extends RoleSurvey {
  /** A sentence each. */
  readonly left: readonly string[]
}

/**
 * Reads all roles of the account, and keeps those that are wanted. Where nobody may read everything at
 * once the roles are listed, and the policies of the wanted ones asked for one by one.
 *
 * @throws Problem `aws/…` where the roles may not be listed either
 */
export async function readRoles(
  { progress }: Pick<World, 'progress'>,
  store: RoleStore,
  wants: RoleQuery['wants'],
): Promise<RolesRead> {
  return during(
    progress,
    'Reading the roles of the account',
    async (reading) => {
      const query: RoleQuery = { wants, reached: (count) => reading.reached(`${count}`) }
      const survey = await absentIfDenied(store.survey(query))
      return survey === undefined
        ? readDetails(store, await store.list(query))
        : { ...survey, left: [] }
    },
    ({ count, roles }) => `${count} read, ${roles.length} of them trust a provider`,
  )
}

async function absentIfDenied<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking
  } catch (error) {
    if (isDenied(error)) return undefined
    throw error
  }
}

const isDenied = (error: unknown): error is Problem =>
  error instanceof Problem && error.code === 'aws/access-denied'

/** Details as far as they may be read: each kind is given up at the first refusal. */
async function readDetails(
  store: RoleStore,
  { count, roles: listed }: RoleSurvey<RoleLook & { readonly name: string }>,
): Promise<RolesRead> {
  const lane = lanes(IAM_AT_A_TIME)
  const ask = untilDenied()
  const roles = await Promise.all(
    listed.map((role) => lane(async () => (await ask(() => store.read(role.name))) ?? bare(role))),
  )
  const askForDocuments = untilDenied()
  const arns = new Set(roles.flatMap(({ attached, boundary }) => [...attached, boundary ?? '']))
  const documents = await Promise.all(
    [...arns]
      .filter((arn) => /^arn:[\w-]+:iam::\d{12}:policy\//.test(arn))
      .map((arn) =>
        lane(async () => [arn, await askForDocuments(() => store.policyDocument(arn))] as const),
      ),
  )
  const refusals = [ask.refusal(), askForDocuments.refusal()].flatMap((refusal) => refusal ?? [])
  return {
    count,
    roles,
    documents: new Map(documents),
    left: refusals.map(
      ({ what }) =>
        `What the roles may do is not known in full. ${what} Powerful ones may be missed.`,
    ),
  }
}

/** Asks until it is refused once; what is refused, and whatever is asked after that, is undefined. */
function untilDenied() {
  let refused: Problem | undefined
  const ask = async <T>(get: () => Promise<T | undefined>): Promise<T | undefined> => {
    if (refused !== undefined) return undefined
    try {
      return await get()
    } catch (error) {
      if (!isDenied(error)) throw error
      refused ??= error
      return undefined
    }
  }
  return Object.assign(ask, { refusal: () => refused })
}

/** A role of which only the list tells. */
const bare = ({ arn, name, trust }: RoleLook & { readonly name: string }): Role => ({
  arn,
  name,
  path: '/',
  trust,
  boundary: undefined,
  tags: {},
  attached: [],
  inline: {},
})
