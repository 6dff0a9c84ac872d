import { resolve } from 'node:path'
import { checkAudiences } from '../core/audience.ts'
import { usualAudience } from '../core/config.ts'
import { roleNotInFile } from '../core/problems/role.ts'
import { entryFor } from '../core/role-entry.ts'
import { checkWish, nameOf, type RoleWish } from '../core/role-wish.ts'
import { parseSubject } from '../core/subject.ts'
import type { World } from '../ports/world.ts'
import type { ConfigFile } from './load-config.ts'
import { entryWish, readPolicies } from './role-wishes.ts'

/** The flags that say what a role should be. */
export interface RoleWishFlags {
  readonly roleName?: string
  readonly path?: string
  readonly policyArn?: readonly string[]
  readonly policyFile?: readonly string[]
  readonly permissionsBoundary?: string
  readonly audience?: readonly string[]
  readonly adopt?: true
  readonly allowWildcard?: true
}

/** A wish, and how it stands to irsa.yaml. */
export interface WishAtHand {
  readonly wish: RoleWish
  readonly inFile: boolean
  /** The flags that say something else than irsa.yaml, by which the next apply goes. */
  readonly beside: readonly string[]
}

/**
 * What a role should be: as the flags say, and as the entry in irsa.yaml that is about it says where
 * they do not. Asks nobody, so that a slip is known before credentials are looked for.
 *
 * @throws Problem `service-account/invalid`, `role/…`, `policy/…`, `files/missing`
 */
export async function wishAtHand(
  world: Pick<World, 'files' | 'cwd'>,
  accounts: readonly string[],
  flags: RoleWishFlags,
  file: ConfigFile | undefined,
): Promise<WishAtHand> {
  for (const account of accounts) parseSubject(account, true)
  const found = file && findEntry(file, accounts, flags)
  const base = found?.wish ?? newWish(accounts, flags, file?.config)
  const wish: RoleWish = {
    ...base,
    path: flags.path ?? base.path,
    audiences: flags.audience === undefined ? base.audiences : checkAudiences(flags.audience),
    policyArns: flags.policyArn ?? base.policyArns,
    policies: flags.policyFile
      ? await readPolicies(world, flags.policyFile, world.cwd)
      : found && (await readPolicies(world, found.policyFiles, found.folder)),
    boundary: flags.permissionsBoundary ?? base.boundary,
    adopt: flags.adopt ?? base.adopt,
  }
  checkWish(wish)
  const beside = found === undefined ? [] : flagsBeside(found, flags, world.cwd)
  return { wish, inFile: found !== undefined, beside }
}

function flagsBeside(
  { wish, folder, policyFiles }: NonNullable<ReturnType<typeof findEntry>>,
  flags: RoleWishFlags,
  cwd: string,
): readonly string[] {
  const whole = (files: readonly string[] = [], from: string) =>
    files.map((file) => resolve(from, file)).toSorted()
  const pairs: readonly [flag: string, given: unknown, entry: unknown][] = [
    ['--policy-arn', flags.policyArn?.toSorted(), wish.policyArns.toSorted()],
    ['--policy-file', flags.policyFile && whole(flags.policyFile, cwd), whole(policyFiles, folder)],
    ['--permissions-boundary', flags.permissionsBoundary, wish.boundary],
    ['--audience', flags.audience, wish.audiences],
  ]
  return pairs
    .filter(([, given, entry]) => given && JSON.stringify(given) !== JSON.stringify(entry))
    .map(([flag]) => flag)
}

/** The entry for the role, or for its first service account; it has to be for all of them. */
function findEntry(
  { config, folder, shown }: ConfigFile,
  accounts: readonly string[],
  { roleName }: RoleWishFlags,
) {
  const entry = entryFor(config, { serviceAccount: accounts[0], role: roleName })
  if (entry === undefined) return undefined
  const wish = entryWish(entry, config)
  const others = accounts.filter((account) => !entry.serviceAccounts.includes(account))
  if (others.length > 0) throw roleNotInFile(shown, wish.name, others)
  return { wish, folder, policyFiles: entry.policyFiles ?? [] }
}

const newWish = (
  accounts: readonly string[],
  { roleName, allowWildcard }: RoleWishFlags,
  config: { readonly name: string; readonly audiences: readonly string[] } | undefined,
): RoleWish => {
  const subjects = accounts.map((account) => parseSubject(account, allowWildcard === true))
  return {
    name: nameOf(roleName, config?.name, subjects),
    named: roleName !== undefined,
    path: undefined,
    subjects,
    audiences: [usualAudience(config?.audiences ?? [])],
    policyArns: [],
    policies: undefined,
    boundary: undefined,
    adopt: false,
  }
}
