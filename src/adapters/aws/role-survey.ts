import type { Role } from '../../core/role.ts'
import type { RoleLook, RoleStore } from '../../ports/aws.ts'
import type { CallIam } from './role-calls.ts'
import { detailedRole, pages, parsed } from './role-reading.ts'

/** IAM API reference, `MaxItems` of ListRoles and GetAccountAuthorizationDetails. */
const PAGE = 1000

/**
 * Goes through all roles of the account. Each page is forgotten but for what is wanted of it, since
 * an account holds up to 5,000 roles with 20 policies each.
 */
export function roleSurvey(call: CallIam): Pick<RoleStore, 'survey' | 'list' | 'policyDocument'> {
  return {
    async survey({ wants, reached }) {
      const roles: Role[] = []
      const texts = new Map<string, string>()
      let count = 0
      await pages(async (Marker) => {
        const page = await detailsPage(call, Marker)
        for (const detail of page?.RoleDetailList ?? []) {
          if (wants(parsed(detail.AssumeRolePolicyDocument))) roles.push(detailedRole(detail))
        }
        for (const { Arn = '', PolicyVersionList = [] } of page?.Policies ?? []) {
          const current = PolicyVersionList.find((version) => version.IsDefaultVersion)
          if (current?.Document !== undefined) texts.set(Arn, current.Document)
        }
        reached((count += page?.RoleDetailList?.length ?? 0))
        return page
      })
      const attached = new Set(roles.flatMap((role) => [...role.attached, role.boundary ?? '']))
      const documents = [...texts].filter(([arn]) => attached.has(arn))
      return {
        count,
        roles,
        documents: new Map(documents.map(([arn, text]) => [arn, parsed(text)])),
      }
    },

    async list({ wants, reached }) {
      const roles: (RoleLook & { name: string })[] = []
      let count = 0
      await pages(async (Marker) => {
        const page = await call({ operation: 'ListRoles', role: '*' }, (iam, sdk) =>
          iam.send(new sdk.ListRolesCommand({ MaxItems: PAGE, Marker })),
        )
        for (const { Arn = '', RoleName = '', AssumeRolePolicyDocument } of page?.Roles ?? []) {
          const trust = parsed(AssumeRolePolicyDocument)
          if (wants(trust)) roles.push({ arn: Arn, name: RoleName, trust })
        }
        reached((count += page?.Roles?.length ?? 0))
        return page
      })
      return { count, roles, documents: new Map() }
    },

    async policyDocument(PolicyArn) {
      const absentIsFine = { role: PolicyArn, absentIsFine: true } as const
      const found = await call({ operation: 'GetPolicy', ...absentIsFine }, (iam, sdk) =>
        iam.send(new sdk.GetPolicyCommand({ PolicyArn })),
      )
      const VersionId = found?.Policy?.DefaultVersionId
      if (VersionId === undefined) return undefined
      const version = await call({ operation: 'GetPolicyVersion', ...absentIsFine }, (iam, sdk) =>
        iam.send(new sdk.GetPolicyVersionCommand({ PolicyArn, VersionId })),
      )
      return parsed(version?.PolicyVersion?.Document)
    },
  }
}

const detailsPage = (call: CallIam, Marker: string | undefined) =>
  call({ operation: 'GetAccountAuthorizationDetails', role: '*' }, (iam, sdk) =>
    iam.send(
      new sdk.GetAccountAuthorizationDetailsCommand({
        Filter: ['Role', 'LocalManagedPolicy'],
        MaxItems: PAGE,
        Marker,
      }),
    ),
  )
