import { randomBytes } from 'node:crypto'
import { compactVerify } from 'jose'
import type { Cloud } from '../cloud.ts'
import { notImplemented, validationError } from '../errors.ts'
import type { Call } from '../http/call.ts'
import { isoDate } from '../iam/dates.ts'
import { uniqueId } from '../iam/ids.ts'
import type { Provider, Role } from '../model.ts'
import { timeContext } from '../policy/condition.ts'
import { storedPolicy } from '../policy/document.ts'
import { evaluate } from '../policy/evaluate.ts'
import { integer, text } from '../query/form.ts'
import type { XmlValue } from '../xml.ts'
import { invalidToken, notAuthorized } from './errors.ts'
import { readToken, type Token } from './token.ts'
import { fetchKey } from './verification-key.ts'

/** STS API reference, AssumeRoleWithWebIdentity: limits of its parameters. */
const SESSION_NAME = [2, 64, /^[\w+=,.@-]*$/] as const
const TOKEN = [4, 20_000] as const
const DURATION = [900, 43_200, 3600] as const

/** Exchanges a token for credentials, the way STS does: nothing in it is believed unchecked. */
export async function assumeRoleWithWebIdentity(
  cloud: Cloud,
  form: URLSearchParams,
  call: Call,
): Promise<XmlValue> {
  const { account, name } = roleArnOf(form, cloud)
  const sessionName = text(form, 'RoleSessionName', SESSION_NAME)
  const duration = integer(form, 'DurationSeconds', DURATION)
  if (form.has('Policy') || form.has('PolicyArns.member.1.arn'))
    throw notImplemented('session policies')
  const token = readToken(text(form, 'WebIdentityToken', TOKEN), call.at)
  const provider = providerOf(token, account, cloud)
  await checkSignature(token, provider, cloud)
  // Looked up after the visit to the issuer, so that what was changed meanwhile counts.
  const role = cloud.state.roles.get(name.toLowerCase())
  const exchange = { provider, token, sessionName, at: call.at }
  if (account !== cloud.state.account || !role || !trusts(role, exchange)) throw notAuthorized()
  if (duration > role.maxSessionDuration) {
    const text = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
    throw validationError(text)
  }
  const expires = new Date(call.at.getTime() + duration * 1000)
  return {
    SubjectFromWebIdentityToken: token.sub,
    Audience: token.audiences.find((one) => provider.clientIds.includes(one)),
    Provider: provider.arn,
    ...openSession(cloud, { role, sessionName, expires }),
  }
}

function roleArnOf(form: URLSearchParams, { state }: Cloud): { account: string; name: string } {
  const arn = text(form, 'RoleArn', [20, 2048])
  const match = /^arn:([\w-]+):iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(arn)
  const [, partition, account = '', name = ''] = match ?? []
  if (partition !== state.partition) throw validationError('Request ARN is invalid')
  const role = state.roles.get(name.toLowerCase())
  // The ARN must be the role's own, path included; another one names a role that is not there.
  return { account, name: role && role.arn !== arn ? '' : name }
}

function providerOf({ iss, audiences }: Token, account: string, { state }: Cloud): Provider {
  const arn = `arn:${state.partition}:iam::${account}:oidc-provider/${iss.replace('https://', '')}`
  const provider = state.providers.get(arn)
  // Byte for byte: a slash or a capital too many is another issuer.
  if (provider?.url !== iss) {
    throw invalidToken(`No OpenIDConnect provider found in your account for ${iss}`)
  }
  if (!audiences.some((one) => provider.clientIds.includes(one))) {
    throw invalidToken('Incorrect token audience')
  }
  return provider
}

async function checkSignature(token: Token, provider: Provider, cloud: Cloud): Promise<void> {
  const key = await fetchKey(token, provider, cloud)
  try {
    await compactVerify(token.text, key, { algorithms: [token.alg] })
  } catch {
    throw invalidToken('The signature of the token is not valid')
  }
}

interface Exchange {
  readonly provider: Provider
  readonly token: Token
  readonly sessionName: string
  readonly at: Date
}

/** IAM user guide, reference_policies_iam-condition-keys.html, "web identity federation". */
function trusts(role: Role, { provider, token, sessionName, at }: Exchange): boolean {
  const prefix = provider.url.slice('https://'.length).toLowerCase()
  const claims: readonly (readonly [string, readonly string[]])[] = [
    [`${prefix}:aud`, token.audiences],
    [`${prefix}:oaud`, token.originalAudiences],
    [`${prefix}:sub`, [token.sub]],
    [`${prefix}:amr`, token.amr],
    [`${prefix}:email`, token.email],
    ['sts:rolesessionname', [sessionName]],
  ]
  const verdict = evaluate([storedPolicy(role.trustPolicy)], {
    asker: { type: 'Federated', names: [provider.arn] },
    action: 'sts:AssumeRoleWithWebIdentity',
    context: {
      ...timeContext(at),
      ...Object.fromEntries(claims.filter(([, values]) => values.length > 0)),
    },
  })
  return verdict === 'allow'
}

function openSession(
  { state }: Cloud,
  session: { role: Role; sessionName: string; expires: Date },
): Readonly<Record<string, XmlValue>> {
  const { role, sessionName, expires } = session
  const accessKeyId = uniqueId('ASIA', 16)
  const secretAccessKey = randomBytes(30).toString('base64')
  const sessionToken = randomBytes(192).toString('base64')
  state.credentials.set(accessKeyId, {
    kind: 'session',
    secretAccessKey,
    sessionToken,
    expires,
    sessionName,
    roleName: role.name,
    roleId: role.id,
  })
  return {
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${sessionName}`,
      Arn: `arn:${state.partition}:sts::${state.account}:assumed-role/${role.name}/${sessionName}`,
    },
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: isoDate(expires),
    },
  }
}
