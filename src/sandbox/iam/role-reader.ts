import { authorize } from '../access/authorize.ts'
import type { Cloud } from '../cloud.ts'
import type { Role } from '../model.ts'
import { text } from '../query/form.ts'
import type { Action, Query } from '../query/service.ts'
import type { XmlValue } from '../xml.ts'
import { noSuchEntity } from './errors.ts'

/** IAM API reference, RoleName. */
export const ROLE_NAME = [1, 64, /^[\w+=,.@-]+$/] as const

export const byName = (form: URLSearchParams): string | null => form.get('RoleName')

/** An action on a role that exists, with the permission of the same name. */
export const onRole =
  (cloud: Cloud) =>
  (name: string, run: (role: Role, query: Query) => XmlValue | void): Action => ({
    resource: byName,
    run: (query) => run(openRole(cloud, query, `iam:${name}`), query),
  })

function openRole({ state }: Cloud, { form, caller }: Query, action: string): Role {
  const name = text(form, 'RoleName', ROLE_NAME)
  const role = state.roles.get(name.toLowerCase())
  // Whoever may not see the role is not told whether it exists.
  const unknown = `arn:${state.partition}:iam::${state.account}:role/${name}`
  authorize(caller, { action, resource: role?.arn ?? unknown })
  if (role) return role
  throw noSuchEntity(`The role with name ${name} cannot be found.`)
}
