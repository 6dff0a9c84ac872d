import { once } from '../core/once.ts'
import { Problem } from '../core/problems/problem.ts'
import type { Role } from '../core/role.ts'
import type { RoleStore } from '../ports/aws.ts'

/** From so many roles on, reading all of the account takes fewer requests than asking for each. */
const MANY_ROLES = 10

type Read = RoleStore['read']

/**
 * Reads roles one by one, or for the first look at many of them all at once, if that is permitted.
 * A second look at one, as after a conflict, is always at that one, and at what is there by then.
 */
export function roleSource(store: RoleStore, count: number): Read {
  if (count < MANY_ROLES) return store.read
  const seen = new Set<string>()
  const all = once(() => readAllIfPermitted(store))
  return async (name) => {
    const again = seen.has(name)
    seen.add(name)
    const roles = again ? undefined : await all()
    return roles === undefined ? store.read(name) : roles.get(name.toLowerCase())
  }
}

/** The permission for it shows every policy of the account, so not everybody has it. */
async function readAllIfPermitted(
  store: RoleStore,
): Promise<ReadonlyMap<string, Role> | undefined> {
  try {
    return await store.readAll()
  } catch (error) {
    if (error instanceof Problem && error.code === 'aws/access-denied') return undefined
    throw error
  }
}
