import { relative, resolve } from 'node:path'
import { stringify } from 'yaml'
import type { RoleEntry } from '../core/config.ts'
import type { RoleWish } from '../core/role-wish.ts'
import { DEFAULT_PATH } from '../core/role.ts'
import { shownServiceAccount } from '../core/service-account.ts'
import type { RoleWishFlags } from './role-wish-at-hand.ts'

/** Where its paths start, and where the role is. */
interface SnippetPlace {
  readonly cwd: string
  readonly folder: string
  /** Undefined for one that was not there. */
  readonly actualPath: string | undefined
}

/** What to put into irsa.yaml for a role that was made by flags: `apply` then looks after it. */
export function roleSnippet(
  { subjects, audiences, policyArns, boundary, path, adopt, ...wish }: RoleWish,
  {
    roleName,
    policyFile = [],
    audience,
  }: Pick<RoleWishFlags, 'roleName' | 'policyFile' | 'audience'>,
  { cwd, folder, actualPath }: SnippetPlace,
): string {
  const where = path ?? actualPath ?? DEFAULT_PATH
  const entry: RoleEntry = {
    ...(roleName === undefined ? {} : { name: wish.name }),
    serviceAccounts: subjects.map(shownServiceAccount),
    ...(policyArns.length === 0 ? {} : { policyArns }),
    ...(policyFile.length === 0
      ? {}
      : {
          policyFiles: policyFile.map((file) =>
            relative(folder, resolve(cwd, file)).replaceAll('\\', '/'),
          ),
        }),
    ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    // Of a role that was adopted nobody can guess it.
    ...(adopt || where !== DEFAULT_PATH ? { path: where } : {}),
    ...(subjects.some(({ wildcard }) => wildcard) ? { allowWildcard: true } : {}),
    ...(adopt ? { adopt } : {}),
    ...(audience === undefined ? {} : { audience: audiences[0] }),
  }
  const dropped = audience === undefined ? [] : audiences.slice(1)
  const note = `# A role of irsa.yaml is for one audience: irsa apply takes ${dropped.join(', ')} away.\n`
  return `${dropped.length > 0 ? note : ''}${stringify({ roles: [entry] }, { lineWidth: 0 })}`
}
