import * as z from 'zod'
import { isPolicyArn } from '../core/managed-policy.ts'
import { Problem } from '../core/problems/problem.ts'
import { entryName, subjectsOf } from '../core/role-entry.ts'
import { isRoleName, isRolePath } from '../core/role.ts'
import type { RoleEntry } from '../core/config.ts'

const text = z.string().min(1, 'It is empty.')

const policyArn = z
  .string()
  .refine(isPolicyArn, "It is no policy's ARN, such as arn:aws:iam::aws:policy/ReadOnlyAccess.")

const entry = z.strictObject({
  name: z
    .string()
    .refine(isRoleName, "A role's name has 1 to 64 letters, digits and characters of _+=,.@-.")
    .optional(),
  serviceAccounts: z.array(text).min(1, 'At least one service account is needed.'),
  policyArns: z.array(policyArn).optional(),
  policyFiles: z.array(text).optional(),
  permissionsBoundary: policyArn.optional(),
  path: z.string().refine(isRolePath, 'A path starts and ends with a slash.').optional(),
  allowWildcard: z.boolean().optional(),
  adopt: z.boolean().optional(),
  audience: text.optional(),
})

export const rolesSchema = z.array(entry).optional()

/** What is known of the whole file, as far as roles are concerned. */
interface Whole {
  readonly name: string
  readonly audiences: readonly string[]
  readonly roles?: readonly RoleEntry[] | undefined
}

type Complain = (path: readonly PropertyKey[], message: string) => void

/** Finds what no single field shows: two that want the same, or one that fits nowhere. */
export function checkRoles({ name, audiences, roles = [] }: Whole, complain: Complain): void {
  const accounts = new Map<string, number>()
  const names = new Map<string, number>()
  const once = (seen: Map<string, number>, key: string, index: number, path: PropertyKey[]) => {
    const first = seen.get(key)
    if (first !== undefined) complain(path, `${key} stands in roles.${first} already.`)
    seen.set(key, first ?? index)
  }
  for (const [index, role] of roles.entries()) {
    const at = ['roles', index]
    for (const [position, account] of role.serviceAccounts.entries()) {
      const path = [...at, 'serviceAccounts', position]
      complaining(complain, path, () => subjectsOf({ ...role, serviceAccounts: [account] }))
      // The annotation of a service account holds one role.
      once(accounts, account, index, path)
    }
    const named = complaining(complain, [...at, 'name'], () => entryName(role, name))
    // IAM compares names without case.
    if (named !== undefined) once(names, named.toLowerCase(), index, [...at, 'name'])
    if (role.audience !== undefined && !audiences.includes(role.audience)) {
      complain([...at, 'audience'], `It is one of the audiences: ${audiences.join(', ')}.`)
    }
  }
}

/** A problem of the core is said at its place in the file. */
function complaining<T>(complain: Complain, path: PropertyKey[], check: () => T): T | undefined {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    complain(path, `${error.what} ${error.why}`)
    return undefined
  }
}
