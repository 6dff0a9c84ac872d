import { IAM_AT_A_TIME, lanes } from '../core/lanes.ts'
import type { RoleOwner } from '../core/role-standing.ts'
import type { RoleWish } from '../core/role-wish.ts'
import type { Subject } from '../core/subject.ts'
import type { Aws } from '../ports/aws.ts'
import type { Resource } from './resource.ts'
import { roleSource } from './role-source.ts'
import { roleResource } from './role.ts'

export interface IssuerRolesOptions {
  /** What has to be in line before: their provider. */
  readonly after?: readonly Resource[]
  /** @throws Problem where there is none. */
  readonly assertProvider?: () => Promise<void>
  /** A removal is for these alone; without them for whoever has the role. */
  readonly accounts?: readonly Subject[] | undefined
}

/** The roles that are to trust one issuer. */
export function issuerRoles(
  aws: Pick<Aws, 'roles'>,
  owner: RoleOwner,
  wishes: readonly RoleWish[],
  { after = [], assertProvider, accounts }: IssuerRolesOptions = {},
): readonly Resource[] {
  const roles = aws.roles()
  const store = { ...roles, read: roleSource(roles, wishes.length) }
  const shared = lanes(IAM_AT_A_TIME)
  return wishes.map((wish) =>
    roleResource(store, wish, { owner, after, assertProvider, accounts, lanes: shared }),
  )
}
