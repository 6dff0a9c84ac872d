import { assertExpected } from '../core/problems/problem.ts'
import { type RoleOwner, standingOf } from '../core/role-standing.ts'
import type { Role } from '../core/role.ts'
import { isOurs } from '../core/setup.ts'
import { shellWord } from '../core/shell.ts'
import { trustedSubjects } from '../core/trust-policy.ts'
import type { RoleStore } from '../ports/aws.ts'
import type { Progress } from '../ports/progress.ts'
import type { Leftover } from './remove-plan.ts'

/** What stray roles are looked for with. */
interface Search {
  readonly owner: RoleOwner
  /** The names of the roles that irsa.yaml has. */
  readonly known: readonly string[]
  /** irsa.yaml, as people know it. */
  readonly shown: string
}

/**
 * The roles that irsa looks after for an issuer and that its irsa.yaml does not have, each with how
 * to take it away. Where nobody may look at all roles, a warning says so.
 */
export async function strayRoles(
  store: Pick<RoleStore, 'readAll'>,
  progress: Progress,
  { owner, known, shown }: Search,
): Promise<readonly Leftover[]> {
  const roles = await store.readAll().catch((error: unknown) => {
    assertExpected(error)
    progress.warn(
      `Roles that ${shown} does not have were not looked for; they would stay, and let nobody in. ${error.what}`,
    )
    return new Map<string, Role>()
  })
  const listed = new Set(known.map((name) => name.toLowerCase()))
  const stray = [...roles.values()].filter(
    (role) => !listed.has(role.name.toLowerCase()) && isAbout(role, owner),
  )
  return stray.map(({ name }) => ({
    resource: 'role',
    id: name,
    why: `${shown} does not have it. To take it away: irsa delete-role --role-name ${shellWord(name)}`,
  }))
}

/** A role of irsa that is there for this issuer, or shared with it. */
const isAbout = (role: Role, owner: RoleOwner): boolean =>
  isOurs(role.tags) &&
  (standingOf(role, owner) !== 'foreign' || trustedSubjects(role.trust, owner).length > 0)
