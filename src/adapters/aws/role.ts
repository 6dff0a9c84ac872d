import type { RoleStore } from '../../ports/aws.ts'
import type { Clients } from './clients.ts'
import { codeOf, translate } from './errors.ts'
import { tagList } from './tags.ts'

/** Roles for service accounts, below one path. */
export function iamRoles(clients: Clients): RoleStore {
  return {
    async create({ name, path, trust, tags }) {
      try {
        const [client, sdk] = await Promise.all([clients.iam(), import('./sdk/iam.ts')])
        const { Role } = await client.send(
          new sdk.CreateRoleCommand({
            RoleName: name,
            Path: path,
            AssumeRolePolicyDocument: JSON.stringify(trust),
            Tags: tagList(tags),
          }),
        )
        return Role?.Arn ?? ''
      } catch (error) {
        throw translate(error, { operation: 'CreateRole', resource: name })
      }
    },

    async assume({ roleArn, token, sessionName }) {
      try {
        const [client, sdk] = await Promise.all([clients.sts(), import('./sdk/sts.ts')])
        const { Credentials, AssumedRoleUser } = await client.send(
          new sdk.AssumeRoleWithWebIdentityCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            WebIdentityToken: token,
          }),
        )
        return {
          kind: 'assumed',
          arn: AssumedRoleUser?.Arn ?? '',
          expires: Credentials?.Expiration?.toISOString() ?? '',
        }
      } catch (error) {
        const code = codeOf(error)
        // What STS thinks of the token is an answer; anything else is a failed call.
        if (!REFUSALS.has(code))
          throw translate(error, { operation: 'AssumeRoleWithWebIdentity', resource: roleArn })
        return { kind: 'refused', code, message: (error as Error).message }
      }
    },
  }
}

/** STS, API_AssumeRoleWithWebIdentity, "Errors", and the answer to a trust policy that says no. */
const REFUSALS = new Set([
  'AccessDenied',
  'ExpiredTokenException',
  'IDPCommunicationError',
  'IDPRejectedClaim',
  'InvalidIdentityToken',
])
