import type { RoleStore } from '../../ports/aws.ts'
import type { Clients } from './clients.ts'
import { roleCalls } from './role-calls.ts'
import { roleReading } from './role-reading.ts'
import { roleSurvey } from './role-survey.ts'
import { tagList } from './tags.ts'

/** The IAM roles of the account. Absent policies and tags are as good as removed ones. */
export function iamRoles(clients: Clients): RoleStore {
  const call = roleCalls(clients)
  return {
    ...roleReading(call),
    ...roleSurvey(call),

    async create({ name, path, trust, boundary, tags }) {
      const made = await call({ operation: 'CreateRole', role: name }, (iam, sdk) =>
        iam.send(
          new sdk.CreateRoleCommand({
            RoleName: name,
            Path: path,
            AssumeRolePolicyDocument: JSON.stringify(trust),
            PermissionsBoundary: boundary,
            Tags: tagList(tags),
          }),
        ),
      )
      return made?.Role?.Arn ?? ''
    },

    async setTrust(RoleName, trust) {
      const PolicyDocument = JSON.stringify(trust)
      await call({ operation: 'UpdateAssumeRolePolicy', role: RoleName }, (iam, sdk) =>
        iam.send(new sdk.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })),
      )
    },

    async setBoundary(RoleName, PermissionsBoundary) {
      await call({ operation: 'PutRolePermissionsBoundary', role: RoleName }, (iam, sdk) =>
        iam.send(new sdk.PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary })),
      )
    },

    async attach(RoleName, PolicyArn) {
      await call({ operation: 'AttachRolePolicy', role: RoleName }, (iam, sdk) =>
        iam.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn })),
      )
    },

    async detach(RoleName, PolicyArn) {
      const attempt = { operation: 'DetachRolePolicy', role: RoleName, absentIsFine: true } as const
      await call(attempt, (iam, sdk) =>
        iam.send(new sdk.DetachRolePolicyCommand({ RoleName, PolicyArn })),
      )
    },

    async putInline(RoleName, PolicyName, document) {
      const PolicyDocument = JSON.stringify(document)
      await call({ operation: 'PutRolePolicy', role: RoleName }, (iam, sdk) =>
        iam.send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument })),
      )
    },

    async removeInline(RoleName, PolicyName) {
      const attempt = { operation: 'DeleteRolePolicy', role: RoleName, absentIsFine: true } as const
      await call(attempt, (iam, sdk) =>
        iam.send(new sdk.DeleteRolePolicyCommand({ RoleName, PolicyName })),
      )
    },

    async addTags(RoleName, tags) {
      await call({ operation: 'TagRole', role: RoleName }, (iam, sdk) =>
        iam.send(new sdk.TagRoleCommand({ RoleName, Tags: tagList(tags) })),
      )
    },

    async removeTags(RoleName, keys) {
      await call({ operation: 'UntagRole', role: RoleName }, (iam, sdk) =>
        iam.send(new sdk.UntagRoleCommand({ RoleName, TagKeys: [...keys] })),
      )
    },

    async remove(RoleName) {
      const attempt = { operation: 'DeleteRole', role: RoleName, absentIsFine: true } as const
      await call(attempt, (iam, sdk) => iam.send(new sdk.DeleteRoleCommand({ RoleName })))
    },
  }
}
