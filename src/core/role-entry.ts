import type { Config, RoleEntry } from './config.ts'
import { nameOf } from './role-wish.ts'
import { parseSubject, type Subject } from './subject.ts'

/** The service accounts of an entry of irsa.yaml. @throws Problem `service-account/invalid`, `role/wildcard` */
export const subjectsOf = ({ serviceAccounts, allowWildcard }: RoleEntry): readonly Subject[] =>
  serviceAccounts.map((text) => parseSubject(text, allowWildcard === true))

/** What the role of an entry is called. @throws Problem `role/name-needed` */
export const entryName = (entry: RoleEntry, issuerName: string): string =>
  nameOf(entry.name, issuerName, subjectsOf(entry))

/** The entry of irsa.yaml for a service account, as `NAMESPACE/NAME`, or for a role of a name. */
export function entryFor(
  { name: issuerName, roles = [] }: Pick<Config, 'name' | 'roles'>,
  wanted: { readonly serviceAccount?: string | undefined; readonly role?: string | undefined },
): RoleEntry | undefined {
  const { serviceAccount, role } = wanted
  return roles.find((entry) =>
    role === undefined
      ? serviceAccount !== undefined && entry.serviceAccounts.includes(serviceAccount)
      : entryName(entry, issuerName).toLowerCase() === role.toLowerCase(),
  )
}
