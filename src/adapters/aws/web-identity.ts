import type { Exchange, ExchangeRequest } from '../../ports/aws.ts'
import type { Clients } from './clients.ts'
import { codeOf, translate } from './errors.ts'

/**
 * STS, API_AssumeRoleWithWebIdentity, "Errors", and CommonErrors: a trust policy that says no, an ARN
 * that is none, and too many calls.
 */
const REFUSALS = new Set([
  'AccessDenied',
  'ExpiredTokenException',
  'IDPCommunicationError',
  'IDPRejectedClaim',
  'InvalidIdentityToken',
  'MalformedPolicyDocument',
  'PackedPolicyTooLarge',
  'RegionDisabledException',
  'Throttling',
  'ValidationError',
])

/** Exchanges a token for credentials, which are not kept. What STS thinks of it is an answer. */
export async function assumeWithToken(
  clients: Clients,
  { roleArn, token, sessionName }: ExchangeRequest,
): Promise<Exchange> {
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
    if (!REFUSALS.has(code)) {
      throw translate(error, { operation: 'AssumeRoleWithWebIdentity', resource: roleArn })
    }
    return { kind: 'refused', code, message: (error as Error).message }
  }
}
