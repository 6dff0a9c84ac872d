// The proof that a recipe left a working issuer: IAM and STS of the same server are asked, and the
// documents are read as a stranger would.
import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { text } from 'node:stream/consumers'
import { createPrivateKey } from 'node:crypto'
import { CreateRoleCommand, GetOpenIDConnectProviderCommand, IAMClient } from '@aws-sdk/client-iam'
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { SignJWT } from 'jose'
import { AUDIENCE } from './by-hand.js'

const SUBJECT = 'system:serviceaccount:shop:app'

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'

/**
 * @param {import('./sandbox.js').Sandbox} sandbox
 * @param {URL} issuer
 * @param {string} keyFile the private key
 * @throws where a pod would not get credentials
 */
export async function mustWork({ env, plainUrl }, issuer, keyFile) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  const credentials = { accessKeyId, secretAccessKey }
  const client = { endpoint: plainUrl, region: env.AWS_REGION, credentials }
  const kid = await readDocuments(issuer, readFileSync(env.AWS_CA_BUNDLE))
  const role = await makeRole(new IAMClient(client), issuer)
  const token = await sign(issuer, kid, readFileSync(keyFile))
  const { Credentials } = await new STSClient(client).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: role,
      RoleSessionName: 'bench',
      WebIdentityToken: token,
    }),
  )
  if (Credentials?.AccessKeyId === undefined) throw new Error('STS gave no credentials.')
}

/** The `kid` of the one key that is published. */
async function readDocuments(issuer, ca) {
  const discovery = await readJson(`${issuer.href}/.well-known/openid-configuration`, ca)
  const { keys } = await readJson(discovery.jwks_uri, ca)
  if (discovery.issuer === issuer.href && keys.length === 1) return keys[0].kid
  throw new Error(`The documents of ${issuer.href} are not its own.`)
}

const readJson = (url, ca) =>
  new Promise((resolve, reject) => {
    const request = get(url, { ca, agent: false }, (response) => {
      if (response.statusCode === 200) text(response).then(JSON.parse).then(resolve, reject)
      else reject(new Error(`${url} answers ${response.statusCode}.`))
    })
    request.on('error', reject)
  })

async function makeRole(iam, { host, pathname }) {
  const provider = `arn:aws:iam::111122223333:oidc-provider/${host}${pathname}`
  await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: provider }))
  const Statement = {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${host}${pathname}:sub`]: SUBJECT } },
  }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  const made = await iam.send(
    new CreateRoleCommand({ RoleName: 'bench', AssumeRolePolicyDocument }),
  )
  return made.Role?.Arn
}

const sign = (issuer, kid, pem) =>
  new SignJWT({ sub: SUBJECT })
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(issuer.href)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(createPrivateKey(pem))
