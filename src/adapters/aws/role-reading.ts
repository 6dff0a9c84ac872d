import type { RoleDetail } from '@aws-sdk/client-iam'
import type { Role } from '../../core/role.ts'
import type { RoleStore } from '../../ports/aws.ts'
import type { CallIam } from './role-calls.ts'
import { tagsOf } from './tags.ts'

/** IAM API reference, API_GetAccountAuthorizationDetails.html: `MaxItems`. */
const PAGE = 1000

/** A role as the SDK gives it, from GetRole and GetAccountAuthorizationDetails alike. */
interface SdkRole {
  readonly Arn?: string | undefined
  readonly RoleName?: string | undefined
  readonly Path?: string | undefined
  readonly AssumeRolePolicyDocument?: string | undefined
  readonly PermissionsBoundary?:
    { readonly PermissionsBoundaryArn?: string | undefined } | undefined
  readonly Tags?: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined
}

/** Looks at roles, one by one or all at once. */
export function roleReading(
  call: CallIam,
): Pick<RoleStore, 'read' | 'trust' | 'look' | 'readAll' | 'instanceProfiles'> {
  return {
    async read(name) {
      const RoleName = name
      const found = await call(
        { operation: 'GetRole', role: name, absentIsFine: true },
        (iam, sdk) => iam.send(new sdk.GetRoleCommand({ RoleName })),
      )
      if (found?.Role === undefined) return undefined
      const [attached, inline] = await Promise.all([
        listAttached(call, name),
        readInline(call, name),
      ])
      return roleOf(found.Role, { attached, inline })
    },

    async trust(name) {
      const found = await call({ operation: 'GetRole', role: name }, (iam, sdk) =>
        iam.send(new sdk.GetRoleCommand({ RoleName: name })),
      )
      return parsed(found?.Role?.AssumeRolePolicyDocument)
    },

    async look(name) {
      const found = await call(
        { operation: 'GetRole', role: name, absentIsFine: true },
        (iam, sdk) => iam.send(new sdk.GetRoleCommand({ RoleName: name })),
      )
      const role = found?.Role
      if (role === undefined) return undefined
      return { arn: role.Arn ?? '', trust: parsed(role.AssumeRolePolicyDocument) }
    },

    async readAll() {
      const roles = new Map<string, Role>()
      await pages(async (Marker) => {
        const page = await call(
          { operation: 'GetAccountAuthorizationDetails', role: '*' },
          (iam, sdk) =>
            iam.send(
              new sdk.GetAccountAuthorizationDetailsCommand({
                Filter: ['Role'],
                MaxItems: PAGE,
                Marker,
              }),
            ),
        )
        for (const detail of page?.RoleDetailList ?? []) {
          const role = detailedRole(detail)
          roles.set(role.name.toLowerCase(), role)
        }
        return page
      })
      return roles
    },

    async instanceProfiles(name) {
      const attempt = { operation: 'ListInstanceProfilesForRole', role: name } as const
      const found = await call(attempt, (iam, sdk) =>
        iam.send(new sdk.ListInstanceProfilesForRoleCommand({ RoleName: name })),
      )
      return (found?.InstanceProfiles ?? []).flatMap(
        ({ InstanceProfileName }) => InstanceProfileName ?? [],
      )
    },
  }
}

async function listAttached(call: CallIam, name: string): Promise<readonly string[]> {
  const arns: string[] = []
  await pages(async (Marker) => {
    const page = await call(
      { operation: 'ListAttachedRolePolicies', role: name, absentIsFine: true },
      (iam, sdk) => iam.send(new sdk.ListAttachedRolePoliciesCommand({ RoleName: name, Marker })),
    )
    arns.push(...(page?.AttachedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []))
    return page
  })
  return arns
}

async function readInline(call: CallIam, name: string): Promise<Role['inline']> {
  const policies: (readonly [string, unknown])[] = []
  await pages(async (Marker) => {
    const page = await call(
      { operation: 'ListRolePolicies', role: name, absentIsFine: true },
      (iam, sdk) => iam.send(new sdk.ListRolePoliciesCommand({ RoleName: name, Marker })),
    )
    for (const PolicyName of page?.PolicyNames ?? []) {
      const policy = await call(
        { operation: 'GetRolePolicy', role: name, absentIsFine: true },
        (iam, sdk) => iam.send(new sdk.GetRolePolicyCommand({ RoleName: name, PolicyName })),
      )
      if (policy !== undefined) policies.push([PolicyName, parsed(policy.PolicyDocument)])
    }
    return page
  })
  // A policy may have any name, also one that means something to an object, such as __proto__.
  return Object.fromEntries(policies)
}

interface Page {
  readonly IsTruncated?: boolean | undefined
  readonly Marker?: string | undefined
}

/** Gets page after page, until one says that it is the last. */
export async function pages(
  get: (marker: string | undefined) => Promise<Page | undefined>,
): Promise<void> {
  let marker: string | undefined
  do {
    const page: Page | undefined = await get(marker)
    marker = page?.IsTruncated ? page.Marker : undefined
  } while (marker !== undefined)
}

const roleOf = (role: SdkRole, policies: Pick<Role, 'attached' | 'inline'>): Role => ({
  arn: role.Arn ?? '',
  name: role.RoleName ?? '',
  path: role.Path ?? '/',
  trust: parsed(role.AssumeRolePolicyDocument),
  boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
  tags: tagsOf(role.Tags),
  ...policies,
})

/** A role as GetAccountAuthorizationDetails gives it, policies and all. */
export function detailedRole(detail: RoleDetail): Role {
  const attached = (detail.AttachedManagedPolicies ?? []).flatMap(
    ({ PolicyArn }) => PolicyArn ?? [],
  )
  const inline = (detail.RolePolicyList ?? []).map(
    ({ PolicyName = '', PolicyDocument }) => [PolicyName, parsed(PolicyDocument)] as const,
  )
  return roleOf(detail, { attached, inline: Object.fromEntries(inline) })
}

/** IAM API reference, API_GetRole.html: policies come "URL-encoded compliant with RFC 3986". */
export function parsed(document: string | undefined): unknown {
  if (document === undefined) return undefined
  return JSON.parse(document.startsWith('%') ? decodeURIComponent(document) : document)
}
