import { resolve } from 'node:path'
import { type Config, type RoleEntry, usualAudience } from '../core/config.ts'
import { inlineName, parseInlinePolicy } from '../core/inline-policy.ts'
import type { RolePlace } from '../core/managed-policy.ts'
import type { PolicyDocument } from '../core/policy-document.ts'
import { fileMissing } from '../core/problems/files.ts'
import { policyFilesAlike } from '../core/problems/policy.ts'
import { entryName, subjectsOf } from '../core/role-entry.ts'
import { checkWish, type RoleWish } from '../core/role-wish.ts'
import type { World } from '../ports/world.ts'

type Files = Pick<World, 'files'>

/** Where the paths of policy files start, and where the roles are to be. */
export interface WishPlace extends RolePlace {
  readonly folder: string
}

/**
 * The wishes behind the roles of irsa.yaml, with everything checked that AWS need not be asked for.
 * @throws Problem `role/…`, `policy/…`, `files/missing`
 */
export async function roleWishes(
  world: Files,
  config: Pick<Config, 'name' | 'audiences' | 'roles'>,
  place: WishPlace,
): Promise<readonly RoleWish[]> {
  const wishes: RoleWish[] = []
  for (const entry of config.roles ?? []) {
    const policies = await readPolicies(world, entry.policyFiles ?? [], place.folder)
    const wish = { ...entryWish(entry, config), policies }
    checkWish(wish, place)
    wishes.push(wish)
  }
  return wishes
}

/** The wish behind one of them, but for its inline policies, which are in files. */
export const entryWish = (
  entry: RoleEntry,
  { name, audiences }: Pick<Config, 'name' | 'audiences'>,
): RoleWish => ({
  name: entryName(entry, name),
  // What stands in the file is meant, whoever has the role by now.
  named: true,
  path: entry.path,
  subjects: subjectsOf(entry),
  audiences: [entry.audience ?? usualAudience(audiences)],
  policyArns: entry.policyArns ?? [],
  policies: undefined,
  boundary: entry.permissionsBoundary,
  adopt: entry.adopt ?? false,
})

/**
 * Reads policies from files, each under the name that it will have.
 * @throws Problem `files/missing`, `policy/malformed`, `policy/files-alike`
 */
export async function readPolicies(
  { files }: Files,
  paths: readonly string[],
  folder: string,
): Promise<Readonly<Record<string, PolicyDocument>>> {
  const from = new Map<string, string>()
  const policies: Record<string, PolicyDocument> = {}
  for (const path of paths) {
    const text = (await files.read(resolve(folder, path)))?.toString('utf8')
    if (text === undefined) throw fileMissing(path, 'A policy')
    const name = inlineName(path)
    const other = from.get(name)
    if (other !== undefined) throw policyFilesAlike(other, path, name)
    from.set(name, path)
    policies[name] = parseInlinePolicy(text, path)
  }
  return policies
}
